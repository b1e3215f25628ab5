#pragma once

#include "emulator/blob/query/expression.hpp"
#include "emulator/blob/query/tokenizer.hpp"

#include <string_view>

namespace bluebatch::emulator::blob::query {

inline constexpr std::size_t kLongestQuery = 256 << 10;
inline constexpr std::size_t kMostColumns = 49;
inline constexpr std::uint64_t kSmallestSplit = 10 << 20;

// One SELECT statement. What the dialect or the emulator lacks is named in the error.
Parsed<Query> parse_query(std::string_view text);

}  // namespace bluebatch::emulator::blob::query
