#include "emulator/blob/query/evaluator.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <iterator>

namespace bluebatch::emulator::blob::query::functions {
namespace {

constexpr RecordFault kOverflow{Fault::arithmetic_overflow};
constexpr std::int64_t kMonthsPerYear = 12;

// A time taken apart, in the offset it was written in.
struct Civil {
    std::chrono::year_month_day date;
    base::Ticks since_midnight;

    explicit Civil(base::TimePoint time)
        : date(std::chrono::floor<std::chrono::days>(time)),
          since_midnight(time - std::chrono::floor<std::chrono::days>(time)) {}

    std::int64_t months() const {
        return static_cast<int>(date.year()) * kMonthsPerYear + static_cast<unsigned>(date.month()) - 1;
    }
    unsigned day() const { return static_cast<unsigned>(date.day()); }
    std::int64_t hour() const { return std::chrono::floor<std::chrono::hours>(since_midnight).count(); }
    std::int64_t minute() const {
        return std::chrono::floor<std::chrono::minutes>(since_midnight).count() % 60;
    }
    std::int64_t second() const {
        return std::chrono::floor<std::chrono::seconds>(since_midnight).count() % 60;
    }
    std::int64_t ticks() const { return (since_midnight % std::chrono::seconds{1}).count(); }
};

Civil local(Timestamp const& time) {
    return Civil{time.time + time.offset};
}

base::Ticks length_of(DatePart part) {
    switch (part) {
        case DatePart::day:
            return std::chrono::days{1};
        case DatePart::hour:
            return std::chrono::hours{1};
        case DatePart::minute:
            return std::chrono::minutes{1};
        default:
            return std::chrono::seconds{1};
    }
}

bool is_calendar(DatePart part) {
    return part == DatePart::year || part == DatePart::month;
}

// Dates of the years 1 to 9999.
bool is_storable(base::TimePoint time) {
    constexpr int kLast = 9999;
    auto const year = Civil{time}.date.year();
    return year >= std::chrono::year{1} && year <= std::chrono::year{kLast};
}

// The 31st of a month that has none becomes its last day.
Evaluated<Value> add_months(Timestamp const& time, std::int64_t count) {
    constexpr std::int64_t kFarthest = 9999 * kMonthsPerYear;
    if (std::abs(count) > kFarthest) return kOverflow;
    auto const civil = local(time);
    auto const months = civil.months() + count;
    if (months < kMonthsPerYear || months >= kFarthest + kMonthsPerYear) return kOverflow;
    auto const year = std::chrono::year{static_cast<int>(months / kMonthsPerYear)};
    auto const month = std::chrono::month{static_cast<unsigned>(months % kMonthsPerYear) + 1};
    auto date = year / month / civil.date.day();
    if (!date.ok()) date = year / month / std::chrono::last;
    base::TimePoint const moved = std::chrono::sys_days{date} + civil.since_midnight;
    return Value{Timestamp{moved - time.offset, time.offset}};
}

constexpr std::array<std::string_view, 12> kMonths{
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December"};
constexpr std::array<std::string_view, 12> kShortMonths{
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};

std::string offset_text(std::chrono::minutes offset, std::size_t length, bool is_capital) {
    auto const minutes = std::abs(offset.count());
    char const sign = offset.count() < 0 ? '-' : '+';
    if (length == 1 && !is_capital) return std::to_string(offset.count() / 60);
    if (length == 1) return fmt::format("{}{:02}", sign, minutes / 60);
    bool const has_colon = length == 3 || length == 5;
    return fmt::format("{}{:02}{}{:02}", sign, minutes / 60, has_colon ? ":" : "", minutes % 60);
}

std::string number_text(std::int64_t number, std::size_t length) {
    return length == 1 ? std::to_string(number) : fmt::format("{:02}", number);
}

// What a run of one letter stands for; nothing: not a documented one.
std::optional<std::string> field_text(
    Timestamp const& time, Civil const& civil, char letter, std::size_t length
) {
    auto const year = static_cast<int>(civil.date.year());
    auto const month = static_cast<unsigned>(civil.date.month());
    auto const hour = civil.hour() % 12 == 0 ? 12 : civil.hour() % 12;
    constexpr std::string_view kNumbers = "dhHms";
    if (kNumbers.find(letter) != std::string_view::npos && length > 2) return std::nullopt;
    switch (letter) {
        case 'y':
            if (length == 2) return fmt::format("{:02}", year % 100);
            if (length == 1 || length == 4) return fmt::format("{:04}", year);
            return std::nullopt;
        case 'M':
            if (length <= 2) return number_text(month, length);
            if (length == 3) return std::string{kShortMonths.at(month - 1)};
            if (length == 4) return std::string{kMonths.at(month - 1)};
            return std::nullopt;
        case 'd':
            return number_text(civil.day(), length);
        case 'a':
            return length == 1 ? std::optional<std::string>{civil.hour() < 12 ? "AM" : "PM"} : std::nullopt;
        case 'h':
            return number_text(hour, length);
        case 'H':
            return number_text(civil.hour(), length);
        case 'm':
            return number_text(civil.minute(), length);
        case 's':
            return number_text(civil.second(), length);
        case 'S':
            return length <= 3 ? std::optional{fmt::format("{:07}", civil.ticks()).substr(0, length)}
                               : std::nullopt;
        case 'X':
        case 'x':
            return length <= 5 ? std::optional{offset_text(time.offset, length, letter == 'X')}
                               : std::nullopt;
        default:
            return std::nullopt;
    }
}

}  // namespace

Evaluated<Value> date_add(DatePart part, std::int64_t quantity, Timestamp const& time) {
    // Seconds of ten thousand years.
    constexpr std::int64_t kFarthest = 400'000'000'000;
    if (quantity > kFarthest || quantity < -kFarthest) return kOverflow;
    if (part == DatePart::year) return add_months(time, quantity * kMonthsPerYear);
    if (part == DatePart::month) return add_months(time, quantity);
    std::int64_t ticks = 0;
    if (__builtin_mul_overflow(length_of(part).count(), quantity, &ticks)) return kOverflow;
    if (__builtin_add_overflow(ticks, time.time.time_since_epoch().count(), &ticks)) return kOverflow;
    base::TimePoint const moved{base::Ticks{ticks}};
    if (!is_storable(moved)) return kOverflow;
    return Value{Timestamp{moved, time.offset}};
}

std::int64_t date_diff(DatePart part, Timestamp const& from, Timestamp const& to) {
    if (!is_calendar(part)) return (to.time - from.time) / length_of(part);
    if (to.time < from.time) return -date_diff(part, to, from);
    Civil const first{from.time};
    Civil const last{to.time};
    auto months = last.months() - first.months();
    bool const is_incomplete =
        last.day() < first.day() || (last.day() == first.day() && last.since_midnight < first.since_midnight);
    if (is_incomplete) --months;
    return part == DatePart::year ? months / kMonthsPerYear : months;
}

std::int64_t extract(DatePart part, Timestamp const& time) {
    auto const civil = local(time);
    switch (part) {
        case DatePart::year:
            return static_cast<int>(civil.date.year());
        case DatePart::month:
            return static_cast<unsigned>(civil.date.month());
        case DatePart::day:
            return civil.day();
        case DatePart::hour:
            return civil.hour();
        case DatePart::minute:
            return civil.minute();
        case DatePart::second:
            return civil.second();
        case DatePart::timezone_hour:
            return time.offset.count() / 60;
        case DatePart::timezone_minute:
            return time.offset.count() % 60;
    }
    return 0;
}

Evaluated<Value> format(Timestamp const& time, std::string_view format) {
    auto const civil = local(time);
    std::string text;
    while (!format.empty()) {
        char const letter = format[0];
        auto const length = std::min(format.find_first_not_of(letter), format.size());
        bool const is_letter = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
        if (is_letter) {
            auto const field = field_text(time, civil, letter, length);
            if (!field) return RecordFault{Fault::invalid_type_conversion};
            text += *field;
        } else {
            text += format.substr(0, length);
        }
        format.remove_prefix(length);
    }
    return Value{std::move(text)};
}

}  // namespace bluebatch::emulator::blob::query::functions
