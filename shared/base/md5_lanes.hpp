#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

namespace bluebatch::base {

inline constexpr std::size_t kMd5Block = 64;
inline constexpr std::size_t kMostMd5Lanes = 16;

// One computation among several: its state, which RFC 1321 calls A, B, C and D, and the blocks that come
// next.
struct Md5Lane {
    std::array<std::uint32_t, 4> state{};
    char const* blocks = nullptr;
};

// The heart of MD5 for several streams at once, each in its own lane of the vector registers. Every step of
// MD5 waits for the one before, which leaves most of a core idle; with other streams beside it, that core
// does the work of many in hardly more time than that of one.
class Md5Lanes {
public:
    // What was compiled and runs on this machine, the best first. The last needs nothing that a machine may
    // lack.
    static std::span<Md5Lanes const> supported();
    static Md5Lanes const& best() { return supported().front(); }

    std::string_view name() const { return name_; }
    // So many go at once, kMostMd5Lanes at most; one where nothing is gained.
    std::size_t width() const { return forms_.empty() ? 1 : forms_.back().lanes; }
    // Fewer than these get further one by one, each on a thread of its own.
    std::size_t least() const { return least_; }
    // Takes each of `lanes`, at most width(), `blocks` blocks further.
    void advance(std::span<Md5Lane> lanes, std::size_t blocks) const;

private:
    using Advance = void (*)(Md5Lane* const* lanes, std::size_t blocks);
    // A row for each number of lanes that there are registers for.
    struct Form {
        std::size_t lanes;
        Advance advance;
    };

    Md5Lanes(std::string_view name, std::size_t least, std::initializer_list<Form> forms);

    std::string_view name_;
    std::size_t least_;
    std::vector<Form> forms_;
};

}  // namespace bluebatch::base
