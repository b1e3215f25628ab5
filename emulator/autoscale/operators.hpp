#pragma once

#include "emulator/autoscale/value.hpp"
#include "shared/base/result.hpp"

namespace bluebatch::emulator::autoscale {

enum class BinaryOperator : std::uint8_t {
    add,
    subtract,
    multiply,
    divide,
    less,
    less_or_equal,
    greater,
    greater_or_equal,
    equal,
    not_equal,
    both,
    either,
};
enum class UnaryOperator : std::uint8_t { minus, negate };

// How tightly it binds: || is 0, * and / are kRanks - 1. Batch: AS-16
inline constexpr int kRanks = 6;
std::optional<BinaryOperator> find_operator(std::string_view symbol, int rank);

// What the operators make of their operands, and what they refuse; of a type that is not known yet, they
// take what could fit. Batch: AS-23, AS-24
base::Result<Type> type_of(BinaryOperator op, Type left, Type right);
base::Result<Type> type_of(UnaryOperator op, Type operand);
base::Result<Value> compute(BinaryOperator op, Value const& left, Value const& right);
base::Result<Value> compute(UnaryOperator op, Value const& operand);

}  // namespace bluebatch::emulator::autoscale
