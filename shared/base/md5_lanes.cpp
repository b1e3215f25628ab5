#include "shared/base/md5_lanes.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>
#include <vector>

namespace bluebatch::base {

namespace {

// By round, RFC 1321, 3.4: how far step i of four rotates, and that it takes word factor * i + offset.
constexpr std::array<std::array<unsigned, 4>, 4> kShifts{
    {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}}};
constexpr std::array<unsigned, 4> kFactors{1, 5, 3, 7};
constexpr std::array<unsigned, 4> kOffsets{0, 1, 5, 0};
// By step: the whole part of 2^32 * |sin(step + 1)|.
constexpr std::array<std::uint32_t, 64> kSines{
    0xd76aa478U, 0xe8c7b756U, 0x242070dbU, 0xc1bdceeeU, 0xf57c0fafU, 0x4787c62aU, 0xa8304613U, 0xfd469501U,
    0x698098d8U, 0x8b44f7afU, 0xffff5bb1U, 0x895cd7beU, 0x6b901122U, 0xfd987193U, 0xa679438eU, 0x49b40821U,
    0xf61e2562U, 0xc040b340U, 0x265e5a51U, 0xe9b6c7aaU, 0xd62f105dU, 0x02441453U, 0xd8a1e681U, 0xe7d3fbc8U,
    0x21e1cde6U, 0xc33707d6U, 0xf4d50d87U, 0x455a14edU, 0xa9e3e905U, 0xfcefa3f8U, 0x676f02d9U, 0x8d2a4c8aU,
    0xfffa3942U, 0x8771f681U, 0x6d9d6122U, 0xfde5380cU, 0xa4beea44U, 0x4bdecfa9U, 0xf6bb4b60U, 0xbebfbc70U,
    0x289b7ec6U, 0xeaa127faU, 0xd4ef3085U, 0x04881d05U, 0xd9d4d039U, 0xe6db99e5U, 0x1fa27cf8U, 0xc4ac5665U,
    0xf4292244U, 0x432aff97U, 0xab9423a7U, 0xfc93a039U, 0x655b59c3U, 0x8f0ccc92U, 0xffeff47dU, 0x85845dd1U,
    0x6fa87e4fU, 0xfe2ce6e0U, 0xa3014314U, 0x4e0811a1U, 0xf7537e82U, 0xbd3af235U, 0x2ad7d2bbU, 0xeb86d391U,
};

template <std::size_t Lanes>
struct VectorOf {
    // NOLINTNEXTLINE(modernize-use-using): g++ takes a size that depends on a parameter only here
    typedef std::uint32_t Type __attribute__((vector_size(4 * Lanes)));
};

namespace plain {
#define MD5_TARGET
#include "shared/base/md5_lanes.inc"
#undef MD5_TARGET
}  // namespace plain

#if defined(__x86_64__)
namespace avx2 {
#define MD5_TARGET [[gnu::target("avx2")]]
#include "shared/base/md5_lanes.inc"
#undef MD5_TARGET
}  // namespace avx2

namespace avx512 {
#define MD5_TARGET [[gnu::target("avx512f,avx512vl")]]
#include "shared/base/md5_lanes.inc"
#undef MD5_TARGET
}  // namespace avx512
#endif

}  // namespace

Md5Lanes::Md5Lanes(std::string_view name, std::size_t least, std::initializer_list<Form> forms)
    : name_(name), least_(least), forms_(forms) {}

std::span<Md5Lanes const> Md5Lanes::supported() {
    static auto const all = [] {
        std::vector<Md5Lanes> found;
        // MD5's words are little-endian, and lanes load them as they lie.
        if constexpr (std::endian::native != std::endian::little)
            return std::vector{Md5Lanes{"none", kMostMd5Lanes + 1, {}}};
            // Measured beside one stream of OpenSSL's: AVX-512, which rotates and selects in one instruction
            // each, takes 8 lanes in the same time and 16 in 1.4 times that; AVX2 4 in 1.4 times, 8 in 1.9
            // times; SSE2 4 in 1.5 times.
#if defined(__x86_64__)
        if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")) {
            found.push_back(
                {"AVX-512", 2, {{4, avx512::advance<4>}, {8, avx512::advance<8>}, {16, avx512::advance<16>}}}
            );
        }
        if (__builtin_cpu_supports("avx2")) {
            found.push_back({"AVX2", 3, {{4, avx2::advance<4>}, {8, avx2::advance<8>}}});
        }
#endif
        found.push_back({"plain", 3, {{4, plain::advance<4>}}});
        return found;
    }();
    return all;
}

void Md5Lanes::advance(std::span<Md5Lane> lanes, std::size_t blocks) const {
    if (lanes.empty()) return;
    auto const& form =
        *std::ranges::find_if(forms_, [&](Form const& one) { return one.lanes >= lanes.size(); });
    // A lane that nobody needs does what the first one does, for nothing.
    std::array<Md5Lane, kMostMd5Lanes> idle;
    std::array<Md5Lane*, kMostMd5Lanes> places;
    for (std::size_t i = 0; i < form.lanes; ++i) {
        idle[i] = lanes.front();
        places[i] = i < lanes.size() ? &lanes[i] : &idle[i];
    }
    form.advance(places.data(), blocks);
}

}  // namespace bluebatch::base
