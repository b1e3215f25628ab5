#include "emulator/autoscale/value.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

namespace bluebatch::emulator::autoscale {

namespace {

constexpr std::array<std::string_view, 7> kTypes{
    "double", "doubleVec", "string", "timestamp", "timeinterval", "nodeDeallocationOption", "unknown"};

// The form of a .NET TimeSpan: "-1.02:03:04.5000000". The service's own is not known: AS-51.
std::string interval_text(base::Ticks interval) {
    bool const is_negative = interval.count() < 0;
    // The lowest number of ticks has no positive counterpart.
    auto const ticks = is_negative ? 0 - static_cast<std::uint64_t>(interval.count())
                                   : static_cast<std::uint64_t>(interval.count());
    constexpr std::uint64_t kSecond = base::Ticks::period::den;
    auto const whole = ticks / kSecond;
    std::string text = is_negative ? "-" : "";
    if (whole >= 86'400) text += fmt::format("{}.", whole / 86'400);
    text += fmt::format("{:02}:{:02}:{:02}", whole / 3600 % 24, whole / 60 % 60, whole % 60);
    if (ticks % kSecond != 0) text += fmt::format(".{:07}", ticks % kSecond);
    return text;
}

struct WriteValue {
    std::string operator()(double number) const { return to_text(number); }
    std::string operator()(Vector const& numbers) const {
        std::string text = "[";
        for (auto const number : numbers) {
            if (text.size() > 1) text += ',';
            text += to_text(number);
        }
        return text + "]";
    }
    std::string operator()(std::string const& text) const { return text; }
    std::string operator()(base::TimePoint time) const { return base::to_iso8601(time, 3); }
    std::string operator()(base::Ticks interval) const { return interval_text(interval); }
    std::string operator()(Deallocation option) const { return std::string(to_text(option)); }
};

}  // namespace

std::string_view to_text(Type type) {
    return kTypes[static_cast<std::size_t>(type)];
}

Type type_of(Value const& value) {
    static_assert(std::variant_size_v<Value> == static_cast<std::size_t>(Type::unknown));
    return static_cast<Type>(value.index());
}

// The shortest form that reads as the same number, without an exponent where .NET writes none.
std::string to_text(double number) {
    constexpr double kSmallestPlain = 1e-4;
    constexpr double kLargestPlain = 1e15;
    if (number == 0) return "0";
    auto const size = std::abs(number);
    bool const is_plain = size >= kSmallestPlain && size < kLargestPlain;
    std::array<char, 64> buffer{};
    auto const form = is_plain ? std::chars_format::fixed : std::chars_format::scientific;
    auto const end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, form).ptr;
    std::string text(buffer.data(), end);
    if (auto const exponent = text.find('e'); exponent != std::string::npos) text[exponent] = 'E';
    return text;
}

std::string to_text(Value const& value) {
    return std::visit(WriteValue{}, value);
}

}  // namespace bluebatch::emulator::autoscale
