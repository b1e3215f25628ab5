#pragma once

#include "emulator/autoscale/operators.hpp"

namespace bluebatch::emulator::autoscale {

// The four operations on the inside of values. What leaves the numbers, the intervals or the years that there
// are fails, and so does a division by zero. Batch: AS-25
base::Result<double> calculate(BinaryOperator op, double left, double right);
base::Result<double> finite(double number);
base::Result<Value> scale(base::Ticks interval, BinaryOperator op, double factor);
base::Result<Value> sum(base::Ticks left, BinaryOperator op, base::Ticks right);
base::Result<Value> shift(base::TimePoint time, base::Ticks interval);

}  // namespace bluebatch::emulator::autoscale
