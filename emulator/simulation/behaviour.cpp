#include "emulator/simulation/behaviour.hpp"

#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <array>

namespace bluebatch::emulator::simulation {

namespace {

constexpr base::Ticks kLongest = std::chrono::days{366};
constexpr std::string_view kRange = "..";

struct Unit {
    std::string_view name;
    base::Ticks length;
};
// The largest that divides a time comes first when it is written.
constexpr auto kUnits = std::to_array<Unit>({
    {"d", std::chrono::days{1}},
    {"h", std::chrono::hours{1}},
    {"m", std::chrono::minutes{1}},
    {"s", std::chrono::seconds{1}},
    {"ms", std::chrono::milliseconds{1}},
});

std::optional<base::Ticks> parse_length(std::string_view text) {
    auto const digits = text.find_first_not_of("0123456789");
    auto const number = base::parse_number<std::uint32_t>(text.substr(0, digits));
    auto const name = digits == std::string_view::npos ? "s" : text.substr(digits);
    for (auto const& unit : kUnits) {
        if (!number || unit.name != name || *number > kLongest / unit.length) continue;
        return *number * unit.length;
    }
    return std::nullopt;
}

std::string length_text(base::Ticks length) {
    for (auto const& unit : kUnits) {
        if (length.count() != 0 && length % unit.length == base::Ticks{0})
            return fmt::format("{}{}", length / unit.length, unit.name);
    }
    return "0s";
}

}  // namespace

std::optional<WorkTime> parse_work_time(std::string_view text) {
    auto const range = text.find(kRange);
    auto const least = parse_length(text.substr(0, range));
    auto const most =
        range == std::string_view::npos ? least : parse_length(text.substr(range + kRange.size()));
    if (!least || !most || *least > *most) return std::nullopt;
    return WorkTime{*least, *most};
}

std::string to_text(WorkTime const& time) {
    if (time.least == time.most) return length_text(time.least);
    return length_text(time.least) + std::string(kRange) + length_text(time.most);
}

}  // namespace bluebatch::emulator::simulation
