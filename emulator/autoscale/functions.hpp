#pragma once

#include "emulator/autoscale/value.hpp"
#include "shared/base/result.hpp"

#include <span>

namespace bluebatch::emulator::autoscale {

// What needs more than its arguments.
enum class SpecialFunction : std::uint8_t { random, time, stop };

// Batch: AS-27
struct Function {
    using OfList = base::Result<double> (*)(Vector const&);
    using OfEach = base::Result<double> (*)(double);
    using OfVector = base::Result<double> (*)(Vector const&, double);

    std::string_view name;
    std::variant<OfList, OfEach, OfVector, SpecialFunction> body;
};

Function const* find_function(std::string_view name);
base::Result<Type> type_of(Function const& function, std::span<Type const> arguments);
// Of all but the special ones.
base::Result<Value> result_of(Function const& function, std::span<Value const> arguments);
// What time("...") reads: W3C date-times and RFC 1123. Batch: AS-29
base::Result<base::TimePoint> read_time(std::string_view text);

}  // namespace bluebatch::emulator::autoscale
