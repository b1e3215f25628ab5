#include "emulator/app/clock_control.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <optional>

namespace bluebatch::emulator::app {
namespace {

using Json = nlohmann::json;
using Change = base::AdjustableClock::Change;

// Within these, every time that follows from the clock can be written down.
constexpr std::chrono::year kFirstYear{1980};
constexpr std::chrono::year kLastYear{3000};
constexpr base::Ticks kLongestStep = std::chrono::days{366 * 100};

bool is_within_reach(base::TimePoint time) {
    auto const year = std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(time)}.year();
    return year >= kFirstYear && year < kLastYear;
}

std::optional<std::string_view> text_of(Json const& value) {
    if (!value.is_string()) return std::nullopt;
    return value.get_ref<std::string const&>();
}

// False when there is no such member or it can't have that value.
bool take(Change& change, std::string_view name, Json const& value) {
    if (name == "reset") {
        change.reset = value.is_boolean() && value.get<bool>();
        return change.reset;
    }
    if (name == "frozen") {
        if (value.is_boolean()) change.frozen = value.get<bool>();
        return value.is_boolean();
    }
    auto const text = text_of(value);
    if (!text) return false;
    if (name == "now") {
        change.now = base::parse_iso8601(*text);
        return change.now && is_within_reach(*change.now);
    }
    auto const step = base::parse_iso8601_duration(*text);
    if (name != "advance" || !step || *step > kLongestStep) return false;
    change.advance = *step;
    return true;
}

}  // namespace

ControlAnswer ClockControl::answer(http::Request const& request) {
    if (request.verb == http::Verb::put) return change(request.body.bytes);
    if (request.verb != http::Verb::get && request.verb != http::Verb::head)
        return refuse(405, "use GET or PUT");
    return show();
}

ControlAnswer ClockControl::show() const {
    return {200, Json{{"now", base::to_iso8601(clock_.now())}, {"frozen", clock_.is_frozen()}}.dump()};
}

ControlAnswer ClockControl::change(std::string_view document) {
    auto const wanted = Json::parse(document, nullptr, false);
    if (!wanted.is_object() || wanted.empty())
        return refuse(400, R"(the body must be a JSON object such as {"advance": "PT1H"})");
    Change change;
    for (auto const& [name, value] : wanted.items()) {
        if (!take(change, name, value)) {
            return refuse(
                400,
                fmt::format(
                    "'{}' can't have this value, or is none of now (a time), advance (a duration such as "
                    "PT1H), frozen (true or false) and reset (true)",
                    name
                )
            );
        }
    }
    auto const start = change.reset ? clock_.machine_now() : clock_.now();
    if (!is_within_reach(change.now.value_or(start) + change.advance))
        return refuse(400, "the clock goes from 1980 to 2999");
    clock_.apply(change);
    return show();
}

}  // namespace bluebatch::emulator::app
