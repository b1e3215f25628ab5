#pragma once

#include "shared/base/time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace bluebatch::client {

// Seconds since 1970 as services write them; nothing before that and after the year 9999.
inline std::optional<base::TimePoint> read_unix_time(std::int64_t seconds) {
    constexpr std::int64_t kEndOf9999 = 253'402'300'799;
    if (seconds < 0 || seconds > kEndOf9999) return std::nullopt;
    return base::TimePoint(std::chrono::seconds(seconds));
}

}  // namespace bluebatch::client
