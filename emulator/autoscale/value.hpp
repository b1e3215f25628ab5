#pragma once

#include "emulator/autoscale/variables.hpp"
#include "shared/base/time.hpp"

#include <string>
#include <variant>
#include <vector>

namespace bluebatch::emulator::autoscale {

// Batch: AS-20. `option` is what $NodeDeallocationOption takes. `unknown` is known only while evaluating: the
// type of `c ? 1 : v` and of stop().
enum class Type : std::uint8_t { number, vector, text, timestamp, interval, option, unknown };

// Whether evaluation may show it to be of the expected type.
constexpr bool could_be(Type type, Type expected) {
    return type == expected || type == Type::unknown;
}

// As the documentation writes it: "doubleVec".
std::string_view to_text(Type type);

using Vector = std::vector<double>;
using Value = std::variant<double, Vector, std::string, base::TimePoint, base::Ticks, Deallocation>;

Type type_of(Value const& value);

// As results show it. Batch: AS-51
std::string to_text(double number);
std::string to_text(Value const& value);

}  // namespace bluebatch::emulator::autoscale
