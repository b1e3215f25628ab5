#include "shared/base/crc64.hpp"

#include <array>

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

}  // namespace

void Crc64::update(std::span<std::byte const> bytes) {
    auto state = state_;
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
    state_ = state;
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
