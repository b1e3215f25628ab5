// ISO 8601 times and durations, HTTP dates, entity tags.
#include "shared/base/time.hpp"
#include "tests/fuzz/support/fuzz.hpp"

#include <algorithm>

namespace bluebatch::fuzz {
namespace {

void check_time(base::TimePoint time, std::string_view input) {
    auto const text = base::to_iso8601(time);
    check(base::parse_iso8601(text) == time, "a time that was read can be written and read", input);
    check(base::to_iso8601(time, 7).size() == 28, "times have four digits for the year", input);
    auto const date = base::to_rfc1123(time);
    auto const seconds = std::chrono::floor<std::chrono::seconds>(time);
    check(base::parse_rfc1123(date) == seconds, "an HTTP date keeps the second", input);
    check(base::to_etag(time).starts_with("0x"), "an entity tag", input);
}

void check_duration(base::Ticks duration, std::string_view input) {
    auto const text = base::to_iso8601_duration(duration);
    check(base::parse_iso8601_duration(text) == duration, "a duration survives writing", input);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const input = to_text(data, size);
    if (auto const time = base::parse_iso8601(input)) check_time(*time, input);
    if (auto const time = base::parse_rfc1123(input)) check_time(*time, input);
    if (auto const duration = base::parse_iso8601_duration(input)) check_duration(*duration, input);
    return 0;
}

}  // namespace bluebatch::fuzz
