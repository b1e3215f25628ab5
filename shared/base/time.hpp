#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bluebatch::base {

// Times of the service have the resolution of its ticks: 100 nanoseconds, UTC.
using Ticks = std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>;
using TimePoint = std::chrono::time_point<std::chrono::system_clock, Ticks>;

// "2020-03-21T01:56:52.8209327Z"; trailing zeros of the fraction are left out, and the point with them.
std::string to_iso8601(TimePoint time);
// The same with `digits` (0 to 7) fraction digits, never trimmed.
std::string to_iso8601(TimePoint time, int digits);
// Accepts 0 to 7 fraction digits and Z or a +hh:mm offset; a date alone is midnight.
std::optional<TimePoint> parse_iso8601(std::string_view text);

// "Sat, 21 Mar 2020 01:56:52 GMT", as HTTP dates are written.
std::string to_rfc1123(TimePoint time);
std::optional<TimePoint> parse_rfc1123(std::string_view text);

// .NET ticks since 0001-01-01, which both services print in entity tags: 0x8D7CD3B207F8DAF.
std::uint64_t to_dotnet_ticks(TimePoint time);
std::string to_etag(TimePoint time);

// ISO 8601 durations: PT15M, P7D, P10675199DT2H48M5.4775807S. Years are 365 and months 30 days.
std::string to_iso8601_duration(Ticks duration);
std::optional<Ticks> parse_iso8601_duration(std::string_view text);

// What the service writes for "unlimited". Batch: REST-41
inline constexpr Ticks kUnlimited{INT64_MAX};

}  // namespace bluebatch::base
