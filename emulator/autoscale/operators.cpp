#include "emulator/autoscale/operators.hpp"

#include "emulator/autoscale/arithmetic.hpp"

#include <fmt/format.h>

#include <array>

namespace bluebatch::emulator::autoscale {

namespace {

using Op = BinaryOperator;

struct OperatorRow {
    Op op;
    std::string_view symbol;
    int rank;
};

constexpr std::array<OperatorRow, 12> kOperators{{
    {Op::add, "+", 4},
    {Op::subtract, "-", 4},
    {Op::multiply, "*", 5},
    {Op::divide, "/", 5},
    {Op::less, "<", 3},
    {Op::less_or_equal, "<=", 3},
    {Op::greater, ">", 3},
    {Op::greater_or_equal, ">=", 3},
    {Op::equal, "==", 2},
    {Op::not_equal, "!=", 2},
    {Op::both, "&&", 1},
    {Op::either, "||", 0},
}};

constexpr bool is_comparison(Op op) {
    return op >= Op::less && op <= Op::not_equal;
}
constexpr bool is_logic(Op op) {
    return op == Op::both || op == Op::either;
}

// The rows of AS-23 that are arithmetic.
struct ArithmeticRow {
    Type left;
    std::string_view symbols;
    Type right;
    Type result;
};

constexpr std::array<ArithmeticRow, 8> kArithmetic{{
    {Type::number, "+-*/", Type::number, Type::number},
    {Type::number, "*", Type::interval, Type::interval},
    {Type::vector, "+-*/", Type::number, Type::vector},
    {Type::vector, "+-*/", Type::vector, Type::vector},
    {Type::interval, "*/", Type::number, Type::interval},
    {Type::interval, "+-", Type::interval, Type::interval},
    {Type::interval, "+", Type::timestamp, Type::timestamp},
    {Type::timestamp, "+", Type::interval, Type::timestamp},
}};

std::string_view symbol_of(Op op) {
    return kOperators[static_cast<std::size_t>(op)].symbol;
}

bool is_comparable(Type type) {
    return type != Type::vector && type != Type::option;
}

// The results that the table allows; nothing when it has no row, unknown when several fit.
std::optional<Type> arithmetic_type(Op op, Type left, Type right) {
    std::optional<Type> found;
    auto const add = [&found](Type result) { found = found && *found != result ? Type::unknown : result; };
    for (auto const& row : kArithmetic) {
        if (could_be(left, row.left) && could_be(right, row.right) &&
            row.symbols.find(symbol_of(op)) != std::string_view::npos)
            add(row.result);
    }
    if (op == Op::subtract && could_be(left, Type::timestamp) && could_be(right, Type::timestamp))
        add(Type::interval);
    return found;
}

std::optional<Type> result_type(Op op, Type left, Type right) {
    if (is_logic(op)) {
        if (could_be(left, Type::number) && could_be(right, Type::number)) return Type::number;
        return std::nullopt;
    }
    if (is_comparison(op)) {
        bool const match = could_be(left, right) || right == Type::unknown;
        if (match && is_comparable(left) && is_comparable(right)) return Type::number;
        return std::nullopt;
    }
    return arithmetic_type(op, left, right);
}

double truth(bool value) {
    return value ? 1 : 0;
}

template <class T>
double compare(Op op, T const& left, T const& right) {
    switch (op) {
        case Op::less:
            return truth(left < right);
        case Op::less_or_equal:
            return truth(left <= right);
        case Op::greater:
            return truth(left > right);
        case Op::greater_or_equal:
            return truth(left >= right);
        case Op::equal:
            return truth(left == right);
        default:
            return truth(left != right);
    }
}

// The operands have passed the table.
struct Apply {
    Op op;

    base::Result<Value> operator()(double left, double right) const {
        if (op == Op::both) return Value{truth(left != 0 && right != 0)};
        if (op == Op::either) return Value{truth(left != 0 || right != 0)};
        if (is_comparison(op)) return Value{compare(op, left, right)};
        auto const result = calculate(op, left, right);
        if (!result) return result.error();
        return Value{*result};
    }
    base::Result<Value> operator()(Vector const& left, double right) const {
        Vector result;
        result.reserve(left.size());
        for (auto const number : left) {
            auto const element = calculate(op, number, right);
            if (!element) return element.error();
            result.push_back(*element);
        }
        return Value{std::move(result)};
    }
    base::Result<Value> operator()(Vector const& left, Vector const& right) const {
        if (left.size() != right.size())
            return base::Failure{fmt::format("Vectors of {} and {} elements", left.size(), right.size())};
        Vector result;
        result.reserve(left.size());
        for (std::size_t i = 0; i < left.size(); ++i) {
            auto const element = calculate(op, left[i], right[i]);
            if (!element) return element.error();
            result.push_back(*element);
        }
        return Value{std::move(result)};
    }
    base::Result<Value> operator()(double left, base::Ticks right) const {
        return scale(right, Op::multiply, left);
    }
    base::Result<Value> operator()(base::Ticks left, double right) const { return scale(left, op, right); }
    base::Result<Value> operator()(base::Ticks left, base::Ticks right) const {
        if (is_comparison(op)) return Value{compare(op, left, right)};
        return sum(left, op, right);
    }
    base::Result<Value> operator()(base::TimePoint left, base::Ticks right) const {
        return shift(left, right);
    }
    base::Result<Value> operator()(base::Ticks left, base::TimePoint right) const {
        return shift(right, left);
    }
    base::Result<Value> operator()(base::TimePoint left, base::TimePoint right) const {
        if (is_comparison(op)) return Value{compare(op, left, right)};
        return Value{left - right};
    }
    base::Result<Value> operator()(std::string const& left, std::string const& right) const {
        return Value{compare(op, left, right)};
    }
    template <class Left, class Right>
    base::Result<Value> operator()(Left const&, Right const&) const {
        return base::Failure{"These operands do not go together"};
    }
};

}  // namespace

std::optional<BinaryOperator> find_operator(std::string_view symbol, int rank) {
    for (auto const& row : kOperators)
        if (row.rank == rank && row.symbol == symbol) return row.op;
    return std::nullopt;
}

base::Result<Type> type_of(BinaryOperator op, Type left, Type right) {
    if (auto const type = result_type(op, left, right)) return *type;
    return base::Failure{fmt::format(
        "Operator '{}' cannot be applied to operands of type {} and {}",
        symbol_of(op),
        to_text(left),
        to_text(right)
    )};
}

base::Result<Type> type_of(UnaryOperator op, Type operand) {
    if (could_be(operand, Type::number) && op == UnaryOperator::negate) return Type::number;
    if (operand == Type::number || operand == Type::interval || operand == Type::unknown)
        if (op == UnaryOperator::minus) return operand;
    return base::Failure{fmt::format(
        "Operator '{}' cannot be applied to an operand of type {}",
        op == UnaryOperator::minus ? '-' : '!',
        to_text(operand)
    )};
}

base::Result<Value> compute(BinaryOperator op, Value const& left, Value const& right) {
    if (auto const type = type_of(op, type_of(left), type_of(right)); !type) return type.error();
    return std::visit(Apply{op}, left, right);
}

base::Result<Value> compute(UnaryOperator op, Value const& operand) {
    if (auto const type = type_of(op, type_of(operand)); !type) return type.error();
    if (auto const* const interval = std::get_if<base::Ticks>(&operand))
        return scale(*interval, BinaryOperator::multiply, -1);
    auto const number = std::get<double>(operand);
    return Value{op == UnaryOperator::minus ? -number : truth(number == 0)};
}

}  // namespace bluebatch::emulator::autoscale
