#include "emulator/autoscale/names.hpp"

#include "emulator/autoscale/choices.hpp"

#include <algorithm>
#include <array>

namespace bluebatch::emulator::autoscale {

namespace {

struct IntervalRow {
    std::string_view name;
    base::Ticks interval;
};

constexpr std::array<IntervalRow, 10> kIntervals{{
    {"TimeInterval_Zero", base::Ticks{0}},
    {"TimeInterval_100ns", base::Ticks{1}},
    {"TimeInterval_Microsecond", std::chrono::microseconds{1}},
    {"TimeInterval_Millisecond", std::chrono::milliseconds{1}},
    {"TimeInterval_Second", std::chrono::seconds{1}},
    {"TimeInterval_Minute", std::chrono::minutes{1}},
    {"TimeInterval_Hour", std::chrono::hours{1}},
    {"TimeInterval_Day", std::chrono::days{1}},
    {"TimeInterval_Week", std::chrono::weeks{1}},
    {"TimeInterval_Year", kYear},
}};

}  // namespace

std::optional<Value> find_constant(std::string_view name) {
    auto const found = std::ranges::find(kIntervals, name, &IntervalRow::name);
    if (found != kIntervals.end()) return Value{found->interval};
    if (auto const option = find_deallocation(name)) return Value{*option};
    return std::nullopt;
}

}  // namespace bluebatch::emulator::autoscale
