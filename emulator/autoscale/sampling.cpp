#include "emulator/autoscale/sampling.hpp"

#include "emulator/autoscale/choices.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace bluebatch::emulator::autoscale {

namespace {

using Answer = base::Result<Value, SampleFailure>;

struct MethodRow {
    SampleMethod method;
    std::string_view name;
    Type result;
    // What it takes, for a message.
    std::string_view arguments;
};

constexpr std::array<MethodRow, 5> kMethods{{
    {SampleMethod::get_sample, "GetSample", Type::vector, "a count, or one or two times and a percentage"},
    {SampleMethod::get_sample_percent, "GetSamplePercent", Type::number, "one or two times"},
    {SampleMethod::get_sample_period, "GetSamplePeriod", Type::interval, "no arguments"},
    {SampleMethod::count, "Count", Type::number, "no arguments"},
    {SampleMethod::history_begin_time, "HistoryBeginTime", Type::timestamp, "no arguments"},
}};

bool could_be_number(Type type) {
    return type == Type::number || type == Type::unknown;
}
bool could_be_time(Type type) {
    return type == Type::timestamp || type == Type::interval || type == Type::unknown;
}

// One or two times.
bool is_window(std::span<Type const> arguments) {
    return !arguments.empty() && arguments.size() <= 2 && std::ranges::all_of(arguments, could_be_time);
}

bool fits(SampleMethod method, std::span<Type const> arguments) {
    if (method == SampleMethod::get_sample_percent) return is_window(arguments);
    if (method != SampleMethod::get_sample) return arguments.empty();
    if (arguments.size() == 1 && could_be_number(arguments[0])) return true;
    if (is_window(arguments)) return true;
    return !arguments.empty() && could_be_number(arguments.back()) &&
           is_window(arguments.first(arguments.size() - 1));
}

struct Window {
    base::TimePoint begin;
    base::TimePoint end;
};

// How far before `now` a time lies. An interval is a look-back. Far ones end where years do, so that nothing
// overflows.
base::TimePoint moment(Value const& value, base::TimePoint now) {
    if (auto const* const time = std::get_if<base::TimePoint>(&value)) return *time;
    constexpr base::Ticks kFar = kYear * 200;
    return now - std::clamp(std::get<base::Ticks>(value), -kFar, kFar);
}

Window window_of(std::span<Value const> times, base::TimePoint now) {
    auto const first = moment(times[0], now);
    auto const second = times.size() > 1 ? moment(times[1], now) : now;
    return {std::min(first, second), std::max(first, second)};
}

double percent(std::size_t available, Window const& window) {
    auto const periods =
        static_cast<double>((window.end - window.begin).count()) / static_cast<double>(kSamplePeriod.count());
    auto const possible = std::max(1.0, std::nearbyint(periods));
    return std::min(100.0, 100 * static_cast<double>(available) / possible);
}

// At most two decimals.
std::string percent_text(double number) {
    return to_text(std::round(number * 100) / 100);
}

SampleFailure insufficient(Variable variable, double wanted, double received) {
    return {
        true,
        fmt::format(
            "Insufficient data from data set: {} wanted {}%, received {}%",
            to_text(variable),
            percent_text(wanted),
            percent_text(received)
        )};
}

// Whatever their age, and none when there is none. Batch: AS-46
Answer last(SampleQuery const& query, Samples const& samples) {
    auto const count = std::get<double>(query.arguments[0]);
    if (count < 0) return SampleFailure{false, "The number of samples must not be negative"};
    constexpr double kMost = kMostNumbers;
    return Value{samples.last(query.variable, static_cast<std::size_t>(std::min(count, kMost)))};
}

Answer get_sample(SampleQuery const& query, Samples const& samples, base::TimePoint now) {
    auto times = query.arguments;
    auto const* const wanted = std::get_if<double>(&times.back());
    if (wanted != nullptr) times = times.first(times.size() - 1);
    if (times.empty()) return last(query, samples);
    auto const window = window_of(times, now);
    auto numbers = samples.between(query.variable, window.begin, window.end);
    auto const received = percent(numbers.size(), window);
    // As many as wanted are enough. Batch: AS-43
    if (wanted != nullptr && received < *wanted) return insufficient(query.variable, *wanted, received);
    if (numbers.empty())
        return insufficient(query.variable, wanted != nullptr ? *wanted : kPercentOfEmptyWindow, received);
    return Value{std::move(numbers)};
}

}  // namespace

std::optional<SampleMethod> find_method(std::string_view name) {
    for (auto const& row : kMethods)
        if (row.name == name) return row.method;
    return std::nullopt;
}

std::optional<TimestampPart> find_part(std::string_view name) {
    constexpr std::array<std::string_view, 7> kParts{
        "year", "month", "day", "weekday", "hour", "minute", "second"};
    auto const found = std::ranges::find(kParts, name);
    if (found == kParts.end()) return std::nullopt;
    return static_cast<TimestampPart>(found - kParts.begin());
}

double part_of(base::TimePoint time, TimestampPart part) {
    auto const day = std::chrono::floor<std::chrono::days>(time);
    std::chrono::year_month_day const date{day};
    std::chrono::hh_mm_ss const clock{std::chrono::floor<std::chrono::seconds>(time - day)};
    switch (part) {
        case TimestampPart::year:
            return static_cast<int>(date.year());
        case TimestampPart::month:
            return static_cast<unsigned>(date.month());
        case TimestampPart::day:
            return static_cast<unsigned>(date.day());
        case TimestampPart::weekday: {
            auto const weekday = std::chrono::weekday{day}.c_encoding();
            return weekday == 0 ? kSunday : weekday;
        }
        case TimestampPart::hour:
            return static_cast<double>(clock.hours().count());
        case TimestampPart::minute:
            return static_cast<double>(clock.minutes().count());
        default:
            return static_cast<double>(clock.seconds().count());
    }
}

void throw_exception_from_error(SampleFailure const& failure, boost::source_location const&) {
    throw std::logic_error("unchecked sample failure: " + failure.message);
}

base::Result<Type> type_of(SampleMethod method, std::span<Type const> arguments) {
    auto const& row = kMethods[static_cast<std::size_t>(method)];
    if (fits(method, arguments)) return row.result;
    return base::Failure{fmt::format("{} takes {}", row.name, row.arguments)};
}

Answer answer(SampleQuery const& query, Samples const& samples, base::TimePoint now) {
    std::vector<Type> types;
    for (auto const& argument : query.arguments)
        types.push_back(type_of(argument));
    if (auto const type = type_of(query.method, types); !type)
        return SampleFailure{false, type.error().message};
    switch (query.method) {
        case SampleMethod::get_sample:
            return get_sample(query, samples, now);
        case SampleMethod::get_sample_percent: {
            auto const window = window_of(query.arguments, now);
            auto const numbers = samples.between(query.variable, window.begin, window.end);
            return Value{percent(numbers.size(), window)};
        }
        case SampleMethod::get_sample_period:
            return Value{kSamplePeriod};
        case SampleMethod::count:
            return Value{static_cast<double>(samples.count(query.variable))};
        default:
            if (auto const begin = samples.begin(query.variable)) return Value{*begin};
            return SampleFailure{false, fmt::format("{} has no samples yet", to_text(query.variable))};
    }
}

}  // namespace bluebatch::emulator::autoscale
