#include "emulator/autoscale/arithmetic.hpp"

#include <cmath>

namespace bluebatch::emulator::autoscale {

namespace {

using std::chrono::sys_days;

// The years that four digits can write.
constexpr base::TimePoint kFirst = sys_days{std::chrono::year{1} / 1 / 1};
constexpr base::TimePoint kLast = sys_days{std::chrono::year{10'000} / 1 / 1} - base::Ticks{1};

base::Failure out_of_range() {
    return {"The result is out of range"};
}

}  // namespace

base::Result<double> finite(double number) {
    if (!std::isfinite(number)) return out_of_range();
    return number;
}

base::Result<double> calculate(BinaryOperator op, double left, double right) {
    switch (op) {
        case BinaryOperator::add:
            return finite(left + right);
        case BinaryOperator::subtract:
            return finite(left - right);
        case BinaryOperator::multiply:
            return finite(left * right);
        default:
            if (right == 0) return base::Failure{"Division by zero"};
            return finite(left / right);
    }
}

base::Result<Value> scale(base::Ticks interval, BinaryOperator op, double factor) {
    auto const ticks = calculate(op, static_cast<double>(interval.count()), factor);
    if (!ticks) return ticks.error();
    constexpr double kMost = 9.2e18;
    if (std::abs(*ticks) > kMost) return out_of_range();
    return Value{base::Ticks{std::llround(*ticks)}};
}

base::Result<Value> sum(base::Ticks left, BinaryOperator op, base::Ticks right) {
    base::Ticks::rep ticks = 0;
    bool const is_too_large = op == BinaryOperator::add
                                  ? __builtin_add_overflow(left.count(), right.count(), &ticks)
                                  : __builtin_sub_overflow(left.count(), right.count(), &ticks);
    if (is_too_large) return out_of_range();
    return Value{base::Ticks{ticks}};
}

base::Result<Value> shift(base::TimePoint time, base::Ticks interval) {
    base::Ticks::rep ticks = 0;
    if (__builtin_add_overflow(time.time_since_epoch().count(), interval.count(), &ticks))
        return out_of_range();
    base::TimePoint const shifted{base::Ticks{ticks}};
    if (shifted < kFirst || shifted > kLast) return out_of_range();
    return Value{shifted};
}

}  // namespace bluebatch::emulator::autoscale
