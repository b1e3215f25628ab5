#pragma once

#include "shared/base/time.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace bluebatch::cli {

// "90s", "30m", "1h30m"; a number alone is seconds. Nothing for anything else, for zero and beyond 30 days.
std::optional<std::chrono::seconds> parse_duration(std::string_view text);

// "00:30:00"
std::string to_clock(std::chrono::seconds duration);
// "00:09:14.3418742"
std::string to_precise_clock(base::Ticks duration);

// "12.5 MiB"
std::string to_size(std::uint64_t bytes);

}  // namespace bluebatch::cli
