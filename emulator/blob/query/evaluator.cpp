#include "emulator/blob/query/evaluator.hpp"

#include <algorithm>
#include <cmath>

namespace bluebatch::emulator::blob::query {
namespace {

constexpr RecordFault kNoConversion{Fault::invalid_type_conversion};
constexpr RecordFault kOverflow{Fault::arithmetic_overflow};

Evaluated<Value> compute(Operation operation, std::int64_t left, std::int64_t right) {
    std::int64_t result = 0;
    bool is_overflow = false;
    switch (operation) {
        case Operation::add:
            is_overflow = __builtin_add_overflow(left, right, &result);
            break;
        case Operation::subtract:
            is_overflow = __builtin_sub_overflow(left, right, &result);
            break;
        case Operation::multiply:
            is_overflow = __builtin_mul_overflow(left, right, &result);
            break;
        default:
            if (right == 0) return RecordFault{Fault::division_by_zero};
            // The one quotient that does not fit; its remainder is 0.
            is_overflow = left == INT64_MIN && right == -1;
            if (is_overflow && operation == Operation::remainder) return Value{std::int64_t{0}};
            if (!is_overflow) result = operation == Operation::divide ? left / right : left % right;
            break;
    }
    if (is_overflow) return kOverflow;
    return Value{result};
}

Evaluated<Value> compute(Operation operation, double left, double right) {
    double result = 0;
    switch (operation) {
        case Operation::add:
            result = left + right;
            break;
        case Operation::subtract:
            result = left - right;
            break;
        case Operation::multiply:
            result = left * right;
            break;
        default:
            if (right == 0) return RecordFault{Fault::division_by_zero};
            result = operation == Operation::divide ? left / right : std::fmod(left, right);
            break;
    }
    if (!std::isfinite(result)) return kOverflow;
    return Value{result};
}

Evaluated<Value> shift_days(Operation operation, Timestamp const& time, Value const& days) {
    auto const count = convert(days, Type::integer);
    if (!count) return count.error();
    auto const number = std::get<std::int64_t>(*count);
    if (operation == Operation::add) return functions::date_add(DatePart::day, number, time);
    if (operation != Operation::subtract || number == INT64_MIN) return kNoConversion;
    return functions::date_add(DatePart::day, -number, time);
}

Evaluated<Value> compute(Operation operation, Value const& left, Value const& right) {
    if (auto const* const time = std::get_if<Timestamp>(&left)) return shift_days(operation, *time, right);
    if (auto const* const time = std::get_if<Timestamp>(&right)) {
        if (operation == Operation::add) return shift_days(operation, *time, left);
    }
    auto const first = to_number(left);
    if (!first) return first.error();
    auto const second = to_number(right);
    if (!second) return second.error();
    auto const* const first_integer = std::get_if<std::int64_t>(&*first);
    auto const* const second_integer = std::get_if<std::int64_t>(&*second);
    if (first_integer != nullptr && second_integer != nullptr) {
        return compute(operation, *first_integer, *second_integer);
    }
    auto const as_float = [](Value const& value) {
        auto const* const integer = std::get_if<std::int64_t>(&value);
        return integer != nullptr ? static_cast<double>(*integer) : std::get<double>(value);
    };
    return compute(operation, as_float(*first), as_float(*second));
}

Evaluated<Value> negate(Value const& value) {
    auto const number = to_number(value);
    if (!number) return number.error();
    if (auto const* const real = std::get_if<double>(&*number)) return Value{-*real};
    return compute(Operation::subtract, std::int64_t{0}, std::get<std::int64_t>(*number));
}

bool holds(Operation operation, int order) {
    switch (operation) {
        case Operation::equal:
            return order == 0;
        case Operation::not_equal:
            return order != 0;
        case Operation::less:
            return order < 0;
        case Operation::less_or_equal:
            return order <= 0;
        case Operation::greater:
            return order > 0;
        default:
            return order >= 0;
    }
}

Evaluated<Value> compare_with(Operation operation, Value const& left, Value const& right) {
    auto const order = compare(left, right);
    if (!order) return order.error();
    if (!*order) return Value{Null{}};
    return Value{holds(operation, **order)};
}

Evaluated<Value> is_between(Value const& value, Value const& least, Value const& most) {
    auto const above = compare_with(Operation::greater_or_equal, value, least);
    if (!above || *above == Value{false}) return above;
    auto const below = compare_with(Operation::less_or_equal, value, most);
    if (!below || *below == Value{false} || !is_null(*above)) return below;
    return above;
}

Evaluated<Value> is_in(std::vector<Value> const& values) {
    bool is_unknown = false;
    for (std::size_t i = 1; i < values.size(); ++i) {
        auto const found = compare_with(Operation::equal, values[0], values[i]);
        if (!found || *found == Value{true}) return found;
        is_unknown = is_unknown || is_null(*found);
    }
    if (is_unknown) return Value{Null{}};
    return Value{false};
}

Evaluated<Value> negate_truth(Value const& value) {
    auto const truth = to_truth(value);
    if (!truth) return truth.error();
    if (!*truth) return Value{Null{}};
    return Value{!**truth};
}

std::string text_at(std::vector<Value> const& values, std::size_t index) {
    return to_text(values[index]);
}

Evaluated<Value> substring(std::vector<Value> const& values) {
    auto const start = convert(values[1], Type::integer);
    if (!start) return start.error();
    std::optional<std::int64_t> count;
    if (values.size() > 2) {
        auto const given = convert(values[2], Type::integer);
        if (!given) return given.error();
        count = std::get<std::int64_t>(*given);
    }
    return Value{functions::substring(to_text(values[0]), std::get<std::int64_t>(*start), count)};
}

Evaluated<Timestamp> time_of(Value const& value) {
    auto const time = convert(value, Type::timestamp);
    if (!time) return time.error();
    return std::get<Timestamp>(*time);
}

Evaluated<Value> apply_to_dates(Expression const& expression, std::vector<Value> const& values) {
    if (expression.operation == Operation::date_add) {
        auto const quantity = convert(values[0], Type::integer);
        if (!quantity) return quantity.error();
        auto const time = time_of(values[1]);
        if (!time) return time.error();
        return functions::date_add(expression.part, std::get<std::int64_t>(*quantity), *time);
    }
    auto const time = time_of(values[0]);
    if (!time) return time.error();
    if (expression.operation == Operation::extract) return Value{functions::extract(expression.part, *time)};
    if (expression.operation == Operation::to_string) return functions::format(*time, to_text(values[1]));
    if (expression.operation == Operation::to_timestamp) return Value{*time};
    auto const end = time_of(values[1]);
    if (!end) return end.error();
    return Value{functions::date_diff(expression.part, *time, *end)};
}

}  // namespace

Evaluated<Value> Evaluator::evaluate(Expression const& expression, Record const& record) const {
    switch (expression.operation) {
        case Operation::literal:
            return expression.literal;
        case Operation::field:
            return record.field(expression);
        case Operation::utc_now:
            return Value{Timestamp{now_}};
        case Operation::and_:
        case Operation::or_:
            return combine(expression, record);
        case Operation::coalesce:
            return coalesce(expression, record);
        default:
            break;
    }
    Values values;
    values.reserve(expression.arguments.size());
    for (auto const& argument : expression.arguments) {
        auto value = evaluate(argument, record);
        if (!value) return value;
        values.push_back(*std::move(value));
    }
    return apply(expression, values);
}

// The first FALSE decides AND, the first TRUE decides OR; what follows is not looked at.
Evaluated<Value> Evaluator::combine(Expression const& expression, Record const& record) const {
    bool const decisive = expression.operation == Operation::or_;
    bool is_unknown = false;
    for (auto const& argument : expression.arguments) {
        auto const value = evaluate(argument, record);
        if (!value) return value;
        auto const truth = to_truth(*value);
        if (!truth) return truth.error();
        if (*truth == decisive) return Value{decisive};
        is_unknown = is_unknown || !*truth;
    }
    if (is_unknown) return Value{Null{}};
    return Value{!decisive};
}

Evaluated<Value> Evaluator::coalesce(Expression const& expression, Record const& record) const {
    for (auto const& argument : expression.arguments) {
        auto value = evaluate(argument, record);
        if (!value || !is_null(*value)) return value;
    }
    return Value{Null{}};
}

Evaluated<Value> Evaluator::apply(Expression const& expression, Values const& values) const {
    auto const operation = expression.operation;
    switch (operation) {
        case Operation::is_null:
            return Value{is_null(values[0])};
        case Operation::is_missing:
            return Value{std::holds_alternative<Missing>(values[0])};
        case Operation::in:
            return is_in(values);
        case Operation::between:
            return is_between(values[0], values[1], values[2]);
        case Operation::null_if: {
            auto const same = compare_with(Operation::equal, values[0], values[1]);
            if (!same) return same;
            return *same == Value{true} ? Value{Null{}} : values[0];
        }
        default:
            break;
    }
    if (std::ranges::any_of(values, is_null)) return Value{Null{}};
    switch (operation) {
        case Operation::negate:
            return negate(values[0]);
        case Operation::add:
        case Operation::subtract:
        case Operation::multiply:
        case Operation::divide:
        case Operation::remainder:
            return compute(operation, values[0], values[1]);
        case Operation::not_:
            return negate_truth(values[0]);
        case Operation::like: {
            auto const escape = values.size() > 2 ? std::optional{text_at(values, 2)[0]} : std::nullopt;
            return Value{functions::is_like(text_at(values, 0), text_at(values, 1), escape)};
        }
        case Operation::cast:
            return convert(values[0], expression.type);
        case Operation::char_length:
            return Value{functions::length(text_at(values, 0))};
        case Operation::lower:
            return Value{functions::lower(text_at(values, 0))};
        case Operation::upper:
            return Value{functions::upper(text_at(values, 0))};
        case Operation::substring:
            return substring(values);
        case Operation::trim: {
            auto const characters = values.size() > 1 ? text_at(values, 1) : " ";
            return Value{functions::trim(text_at(values, 0), characters, expression.side)};
        }
        case Operation::date_add:
        case Operation::date_diff:
        case Operation::extract:
        case Operation::to_string:
        case Operation::to_timestamp:
            return apply_to_dates(expression, values);
        default:
            return compare_with(operation, values[0], values[1]);
    }
}

}  // namespace bluebatch::emulator::blob::query
