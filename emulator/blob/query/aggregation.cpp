#include "emulator/blob/query/aggregation.hpp"

#include <cmath>

namespace bluebatch::emulator::blob::query {
namespace {

double as_float(Value const& number) {
    auto const* const integer = std::get_if<std::int64_t>(&number);
    return integer != nullptr ? static_cast<double>(*integer) : std::get<double>(number);
}

// An average need not be an integer, so its sum may as well be none.
Evaluated<Value> sum_of(Value const& left, Value const& right) {
    auto const* const first = std::get_if<std::int64_t>(&left);
    auto const* const second = std::get_if<std::int64_t>(&right);
    if (first != nullptr && second != nullptr) {
        std::int64_t sum = 0;
        if (__builtin_add_overflow(*first, *second, &sum)) return RecordFault{Fault::arithmetic_overflow};
        return Value{sum};
    }
    auto const sum = as_float(left) + as_float(right);
    if (!std::isfinite(sum)) return RecordFault{Fault::arithmetic_overflow};
    return Value{sum};
}

}  // namespace

std::optional<RecordFault> Aggregation::add(Value const& value) {
    if (aggregate_ == Aggregate::count_records) {
        ++count_;
        return std::nullopt;
    }
    if (is_null(value)) return std::nullopt;
    std::optional<RecordFault> fault;
    if (aggregate_ == Aggregate::sum || aggregate_ == Aggregate::average) fault = add_number(value);
    if (aggregate_ == Aggregate::minimum || aggregate_ == Aggregate::maximum) fault = add_extreme(value);
    if (!fault) ++count_;
    return fault;
}

std::optional<RecordFault> Aggregation::add_number(Value const& value) {
    auto number = to_number(value);
    if (!number) return number.error();
    if (aggregate_ == Aggregate::average) *number = Value{as_float(*number)};
    if (is_null(value_)) {
        value_ = *std::move(number);
        return std::nullopt;
    }
    auto sum = sum_of(value_, *number);
    if (!sum) return sum.error();
    value_ = *std::move(sum);
    return std::nullopt;
}

std::optional<RecordFault> Aggregation::add_extreme(Value const& value) {
    // Objects and arrays compare with nothing, not even when they are the first.
    if (std::holds_alternative<JsonText>(value)) return RecordFault{Fault::invalid_type_conversion};
    if (!is_null(value_)) {
        auto const order = compare(value, value_);
        if (!order) return order.error();
        bool const is_better = aggregate_ == Aggregate::minimum ? **order < 0 : **order > 0;
        if (!is_better) return std::nullopt;
    }
    value_ = value;
    return std::nullopt;
}

Value Aggregation::result() const {
    switch (aggregate_) {
        case Aggregate::count:
        case Aggregate::count_records:
            return count_;
        case Aggregate::average:
            if (count_ == 0) return Null{};
            return std::get<double>(value_) / static_cast<double>(count_);
        default:
            return value_;
    }
}

}  // namespace bluebatch::emulator::blob::query
