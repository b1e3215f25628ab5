#pragma once

#include "emulator/blob/rules/tags.hpp"
#include "shared/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The two small languages that speak of index tags. Both compare texts byte by byte:
//     "status" = 'done' AND "rank" >= '010' AND @container = 'films'     (where, of Find Blobs by Tags)
//     "status" <> 'done' OR "rank" < '010'                               (x-ms-if-tags)
namespace bluebatch::emulator::blob::rules {

enum class Comparison : std::uint8_t { equal, not_equal, greater, greater_or_equal, less, less_or_equal };

struct TagTest {
    std::string key;
    Comparison comparison = Comparison::equal;
    std::string value;
    bool operator==(TagTest const&) const = default;
};

// All must hold.
using TagTests = std::vector<TagTest>;

// A blob that does not have the tag passes only a test for inequality.
bool holds(TagTest const& test, Tags const& tags);
bool hold_all(TagTests const& tests, Tags const& tags);

struct TagFilter {
    std::optional<std::string> container;
    TagTests tests;  // at least one
    bool operator==(TagFilter const&) const = default;
};

// One of the alternatives must hold; AND binds closer than OR.
struct TagCondition {
    std::vector<TagTests> alternatives;
    bool holds_for(Tags const& tags) const;
    bool operator==(TagCondition const&) const = default;
};

// What is wrong with a text and where, for people.
struct TagExpressionFault {
    std::string what;
};
template <class T>
using Parsed = base::Result<T, TagExpressionFault>;

inline constexpr std::size_t kMaxTagExpression = 16 << 10;  // bytes
inline constexpr std::size_t kMaxTagTests = 64;

Parsed<TagFilter> parse_tag_filter(std::string_view text);
Parsed<TagCondition> parse_tag_condition(std::string_view text);

// The values that a filter's tests allow for one key: an interval that may be a little too wide.
struct TagInterval {
    std::string key;
    std::string least;                // inclusive
    std::optional<std::string> most;  // inclusive; empty: no end
};
// Of the key that narrows a search most.
TagInterval narrowest_interval(TagTests const& tests);

}  // namespace bluebatch::emulator::blob::rules
