#pragma once

#include "shared/base/result.hpp"
#include "shared/base/time.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace bluebatch::codec::odata {

// The part of OData's $filter that Batch documents: comparisons, startswith, and, or, parentheses. Batch:
// REST-22
enum class Operator : std::uint8_t { eq, ne, gt, ge, lt, le, starts_with };

using Literal = std::variant<std::string, std::int64_t, bool, base::TimePoint>;

struct Comparison {
    std::string field;  // "executionInfo/exitCode"; case matters. Batch: REST-23
    Operator op = Operator::eq;
    Literal value;
};

struct Filter;
struct Combination {
    enum class Kind : std::uint8_t { all, any };
    Kind kind = Kind::all;
    std::vector<Filter> parts;
};

struct Filter {
    std::variant<Comparison, Combination> node;
};

// Fails with a text that says what was wrong and where. At most 100 comparisons and 20 levels of parentheses.
base::Result<Filter> parse_filter(std::string_view text);

}  // namespace bluebatch::codec::odata
