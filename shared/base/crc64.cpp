#include "shared/base/crc64.hpp"

#include <array>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace bluebatch::base {

namespace {

constexpr std::uint64_t kPolynomial = 0x9A6C9329AC4BC9B5;  // reflected
constexpr std::size_t kStride = 16;

using Tables = std::array<std::array<std::uint64_t, 256>, kStride>;

// Row k holds what each byte does to the state when k more bytes follow it.
constexpr Tables make_tables() {
    Tables tables{};
    for (std::size_t byte = 0; byte < 256; ++byte) {
        std::uint64_t state = byte;
        for (int bit = 0; bit < 8; ++bit)
            state = (state >> 1) ^ ((state & 1) != 0 ? kPolynomial : 0);
        tables[0][byte] = state;
    }
    for (std::size_t row = 1; row < kStride; ++row) {
        for (std::size_t byte = 0; byte < 256; ++byte) {
            auto const before = tables[row - 1][byte];
            tables[row][byte] = (before >> 8) ^ tables[0][before & 0xFF];
        }
    }
    return tables;
}

constexpr Tables kTables = make_tables();

std::uint64_t octet(std::byte const* at) {
    return std::to_integer<std::uint64_t>(*at);
}

std::uint64_t update_by_tables(std::uint64_t state, std::span<std::byte const> bytes) {
    auto const* at = bytes.data();
    auto left = bytes.size();
    for (; left >= kStride; at += kStride, left -= kStride) {
        std::uint64_t next = 0;
        for (std::size_t i = 0; i < 8; ++i) {
            next ^= kTables[kStride - 1 - i][(state >> (8 * i) & 0xFF) ^ octet(at + i)];
            next ^= kTables[kStride - 9 - i][octet(at + 8 + i)];
        }
        state = next;
    }
    for (; left > 0; ++at, --left)
        state = (state >> 8) ^ kTables[0][(state & 0xFF) ^ octet(at)];
    return state;
}

#if defined(__x86_64__)

// x to this power modulo the polynomial; reflected, as everything here: the lowest bit is of the highest
// power.
constexpr std::uint64_t power_of_x(int exponent) {
    std::uint64_t remainder = std::uint64_t{1} << 63;
    for (; exponent > 0; --exponent)
        remainder = (remainder >> 1) ^ ((remainder & 1) != 0 ? kPolynomial : 0);
    return remainder;
}

// What moves 16 bytes by `kBits`. A product of reflected numbers comes out multiplied by x, so one less.
template <int kBits>
__m128i mover() {
    constexpr auto kHighHalf = power_of_x(kBits - 1);
    constexpr auto kLowHalf = power_of_x(kBits + 63);
    return _mm_set_epi64x(static_cast<long long>(kHighHalf), static_cast<long long>(kLowHalf));
}

__attribute__((target("pclmul"))) __m128i move(__m128i block, __m128i by) {
    return _mm_xor_si128(_mm_clmulepi64_si128(block, by, 0x00), _mm_clmulepi64_si128(block, by, 0x11));
}

__m128i load(std::byte const* at) {
    return _mm_loadu_si128(reinterpret_cast<__m128i const*>(at));
}

constexpr std::size_t kLaneBlock = 16;
constexpr std::size_t kLanes = 4;

// Folds the bytes, a multiple of four blocks, into one block of the same remainder, which the tables take.
__attribute__((target("pclmul"))) std::uint64_t update_by_products(
    std::uint64_t state, std::span<std::byte const> bytes
) {
    __m128i lanes[kLanes];
    for (std::size_t i = 0; i < kLanes; ++i)
        lanes[i] = load(bytes.data() + i * kLaneBlock);
    lanes[0] = _mm_xor_si128(lanes[0], _mm_set_epi64x(0, static_cast<long long>(state)));
    auto const by_all_lanes = mover<8 * kLaneBlock * kLanes>();
    for (std::size_t at = kLanes * kLaneBlock; at < bytes.size(); at += kLanes * kLaneBlock) {
        for (std::size_t i = 0; i < kLanes; ++i)
            lanes[i] = _mm_xor_si128(move(lanes[i], by_all_lanes), load(bytes.data() + at + i * kLaneBlock));
    }
    auto const by_one = mover<8 * kLaneBlock>();
    auto folded = lanes[0];
    for (std::size_t i = 1; i < kLanes; ++i)
        folded = _mm_xor_si128(move(folded, by_one), lanes[i]);
    std::array<std::byte, kLaneBlock> last;
    _mm_storeu_si128(reinterpret_cast<__m128i*>(last.data()), folded);
    return update_by_tables(0, last);
}

constexpr std::size_t kWideBlock = 4 * kLaneBlock;
// A core that begins to use the widest registers is slow for some ten microseconds.
constexpr std::size_t kWidePays = 16 << 10;

__attribute__((target("avx512f,vpclmulqdq"))) __m512i move(__m512i block, __m512i by) {
    return _mm512_xor_si512(
        _mm512_clmulepi64_epi128(block, by, 0x00), _mm512_clmulepi64_epi128(block, by, 0x11)
    );
}

// The same with four times the width: for a multiple of four wide blocks.
__attribute__((target("avx512f,vpclmulqdq"))) std::uint64_t update_by_wide_products(
    std::uint64_t state, std::span<std::byte const> bytes
) {
    __m512i lanes[kLanes];
    for (std::size_t i = 0; i < kLanes; ++i)
        lanes[i] = _mm512_loadu_si512(bytes.data() + i * kWideBlock);
    lanes[0] =
        _mm512_xor_si512(lanes[0], _mm512_zextsi128_si512(_mm_set_epi64x(0, static_cast<long long>(state))));
    auto const by_all_lanes = _mm512_maskz_broadcast_i32x4(0xFFFF, mover<8 * kWideBlock * kLanes>());
    for (std::size_t at = kLanes * kWideBlock; at < bytes.size(); at += kLanes * kWideBlock) {
        for (std::size_t i = 0; i < kLanes; ++i) {
            auto const* const next = bytes.data() + at + i * kWideBlock;
            lanes[i] = _mm512_xor_si512(move(lanes[i], by_all_lanes), _mm512_loadu_si512(next));
        }
    }
    auto const by_one = _mm512_maskz_broadcast_i32x4(0xFFFF, mover<8 * kWideBlock>());
    auto folded = lanes[0];
    for (std::size_t i = 1; i < kLanes; ++i)
        folded = _mm512_xor_si512(move(folded, by_one), lanes[i]);
    std::array<std::byte, kWideBlock> last;
    _mm512_storeu_si512(last.data(), folded);
    return update_by_products(0, last);
}

bool has_products() {
    static bool const has = __builtin_cpu_supports("pclmul") != 0;
    return has;
}

bool has_wide_products() {
    static bool const has =
        has_products() && __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("vpclmulqdq") != 0;
    return has;
}

#endif

}  // namespace

void Crc64::update(std::span<std::byte const> bytes) {
#if defined(__x86_64__)
    auto const wide = bytes.size() / (kLanes * kWideBlock) * (kLanes * kWideBlock);
    if (bytes.size() >= kWidePays && has_wide_products()) {
        state_ = update_by_wide_products(state_, bytes.first(wide));
        bytes = bytes.subspan(wide);
    }
    auto const folded = bytes.size() / (kLanes * kLaneBlock) * (kLanes * kLaneBlock);
    if (folded > 0 && has_products()) {
        state_ = update_by_products(state_, bytes.first(folded));
        bytes = bytes.subspan(folded);
    }
#endif
    state_ = update_by_tables(state_, bytes);
}

void Crc64::update(std::string_view bytes) {
    update(std::as_bytes(std::span{bytes}));
}

std::uint64_t crc64(std::string_view bytes) {
    Crc64 sum;
    sum.update(bytes);
    return sum.value();
}

std::string crc64_bytes(std::uint64_t value) {
    std::string bytes(sizeof value, '\0');
    for (auto& byte : bytes) {
        byte = static_cast<char>(value & 0xFF);
        value >>= 8;
    }
    return bytes;
}

}  // namespace bluebatch::base
