#include "emulator/autoscale/evaluator.hpp"

#include "emulator/autoscale/choices.hpp"
#include "emulator/autoscale/functions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace bluebatch::emulator::autoscale {

namespace {

Interruption failed(Place place, std::string detail) {
    return {Interruption::Kind::failed, place, std::move(detail)};
}

// Towards zero. Batch: AS-35, AS-36
int whole(double number) {
    constexpr double kMost = std::numeric_limits<int>::max();
    return static_cast<int>(std::clamp<double>(number, kFewestNodes, kMost));
}

// As in C, the rest is not evaluated where it cannot change the result.
bool is_settled(BinaryOperator op, Value const& left) {
    auto const* const number = std::get_if<double>(&left);
    if (number == nullptr) return false;
    return (op == BinaryOperator::both && *number == 0) || (op == BinaryOperator::either && *number != 0);
}

}  // namespace

void throw_exception_from_error(Interruption const& interruption, boost::source_location const&) {
    throw std::logic_error("unchecked interruption: " + interruption.detail);
}

Evaluator::Evaluator(Formula const& formula, Surroundings const& surroundings)
    : formula_(formula),
      surroundings_(surroundings),
      targets_{
          TargetValue{static_cast<double>(surroundings.initial.dedicated)},
          TargetValue{static_cast<double>(surroundings.initial.low_priority)}},
      deallocation_(surroundings.initial.deallocation),
      variables_(formula.variables.size()) {}

std::optional<Interruption> Evaluator::run() {
    for (auto const& statement : formula_.statements)
        if (auto interruption = execute(statement)) return interruption;
    return std::nullopt;
}

Decision Evaluator::decision() const {
    return {whole(targets_[0].number), whole(targets_[1].number), deallocation_};
}

std::optional<Interruption> Evaluator::execute(Statement const& statement) {
    auto value = evaluate(statement.value);
    if (!value) return value.error();
    // Where parsing could not tell the type.
    auto const unfit = [&] {
        return failed(
            statement.value.place, fmt::format("A {} cannot be assigned here", to_text(type_of(*value)))
        );
    };
    if (auto const* const variable = std::get_if<UserVariable>(&statement.assigned)) {
        variables_[variable->index] = std::move(*value);
    } else if (auto const* const target = std::get_if<AssignedTarget>(&statement.assigned)) {
        auto const* const number = std::get_if<double>(&*value);
        if (number == nullptr) return unfit();
        assign(target->name, *number);
    } else if (std::holds_alternative<DeallocationVariable>(statement.assigned)) {
        auto const* const option = std::get_if<Deallocation>(&*value);
        if (option == nullptr) return unfit();
        deallocation_ = *option;
    }
    return std::nullopt;
}

// The full name wins over the alias, in whatever order they are assigned. Batch: AS-32
void Evaluator::assign(TargetName name, double number) {
    auto& value = target(name.target);
    if (name.is_alias && value.is_set_by_full_name) return;
    value = {number, value.is_set_by_full_name || !name.is_alias};
}

Evaluator::Evaluated Evaluator::evaluate(Expression const& expression) {
    auto value =
        std::visit([&](auto const& form) { return evaluate(form, expression.place); }, expression.form);
    if (value && is_beyond_bounds(*value))
        return failed(expression.place, "The formula handles too many numbers");
    return value;
}

bool Evaluator::is_beyond_bounds(Value const& value) {
    if (auto const* const vector = std::get_if<Vector>(&value)) numbers_ += vector->size();
    return numbers_ > kMostNumbers;
}

base::Result<std::vector<Value>, Interruption> Evaluator::evaluate(std::vector<Expression> const& expressions
) {
    std::vector<Value> values;
    for (auto const& expression : expressions) {
        auto value = evaluate(expression);
        if (!value) return value.error();
        values.push_back(std::move(*value));
    }
    return values;
}

base::Result<bool, Interruption> Evaluator::holds(Expression const& condition) {
    auto const value = evaluate(condition);
    if (!value) return value.error();
    auto const* const number = std::get_if<double>(&*value);
    if (number == nullptr)
        return failed(
            condition.place, fmt::format("A condition is a double, not a {}", to_text(type_of(*value)))
        );
    return *number != 0;
}

Evaluator::Evaluated Evaluator::evaluate(CurrentNumber const& number, Place) {
    return Value{surroundings_.current[number.variable].value_or(0)};
}

Evaluator::Evaluated Evaluator::evaluate(FunctionCall const& call, Place place) {
    auto const arguments = evaluate(call.arguments);
    if (!arguments) return arguments.error();
    std::vector<Type> types;
    for (auto const& argument : *arguments)
        types.push_back(type_of(argument));
    if (auto const type = type_of(*call.function, types); !type) return failed(place, type.error().message);
    if (std::holds_alternative<SpecialFunction>(call.function->body))
        return call_special(*call.function, *arguments, place);
    auto value = result_of(*call.function, *arguments);
    if (!value) return failed(place, fmt::format("{}: {}", call.function->name, value.error().message));
    return std::move(*value);
}

Evaluator::Evaluated Evaluator::call_special(
    Function const& function, std::vector<Value> const& arguments, Place place
) {
    switch (std::get<SpecialFunction>(function.body)) {
        case SpecialFunction::random:
            // 53 bits are as many as a double has.
            return Value{static_cast<double>(surroundings_.random.next() >> 11) * 0x1p-53};
        case SpecialFunction::time: {
            auto const text = arguments.empty() ? std::string{} : std::get<std::string>(arguments[0]);
            if (text.empty()) return Value{surroundings_.now};
            auto const time = read_time(text);
            if (!time) return failed(place, time.error().message);
            return Value{*time};
        }
        default:
            return Interruption{Interruption::Kind::stopped, place, "stop()"};
    }
}

Evaluator::Evaluated Evaluator::evaluate(SampleCall const& call, Place place) {
    auto const arguments = evaluate(call.arguments);
    if (!arguments) return arguments.error();
    auto value = answer({call.variable, call.method, *arguments}, surroundings_.samples, surroundings_.now);
    if (value) return std::move(*value);
    auto const kind =
        value.error().is_insufficient ? Interruption::Kind::insufficient_samples : Interruption::Kind::failed;
    return Interruption{kind, place, value.error().message};
}

Evaluator::Evaluated Evaluator::evaluate(TimePart const& part, Place place) {
    auto value = evaluate(part.time.front());
    if (!value) return value;
    auto const* const time = std::get_if<base::TimePoint>(&*value);
    if (time == nullptr) return failed(place, fmt::format("A {} has no parts", to_text(type_of(*value))));
    return Value{part_of(*time, part.part)};
}

Evaluator::Evaluated Evaluator::evaluate(Negation const& negation, Place place) {
    auto value = evaluate(negation.operand.front());
    if (!value) return value;
    auto result = compute(negation.op, *value);
    if (!result) return failed(place, result.error().message);
    return std::move(*result);
}

Evaluator::Evaluated Evaluator::evaluate(Chain const& chain, Place) {
    auto value = evaluate(chain.operands.front());
    for (std::size_t i = 0; i < chain.operators.size(); ++i) {
        if (!value) return value;
        auto const op = chain.operators[i];
        if (is_settled(op, *value)) {
            value = Value{op == BinaryOperator::either ? 1.0 : 0.0};
            continue;
        }
        auto operand = evaluate(chain.operands[i + 1]);
        if (!operand) return operand;
        auto result = compute(op, *value, *operand);
        if (!result) return failed(chain.places[i], result.error().message);
        if (is_beyond_bounds(*result)) return failed(chain.places[i], "The formula handles too many numbers");
        value = std::move(*result);
    }
    return value;
}

// Only the branch that is chosen. Batch: AS-19
Evaluator::Evaluated Evaluator::evaluate(Choice const& choice, Place) {
    for (std::size_t i = 0; i + 1 < choice.parts.size(); i += 2) {
        auto const condition = holds(choice.parts[i]);
        if (!condition) return condition.error();
        if (*condition) return evaluate(choice.parts[i + 1]);
    }
    return evaluate(choice.parts.back());
}

}  // namespace bluebatch::emulator::autoscale
