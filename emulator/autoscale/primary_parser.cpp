// The part of the parser that reads what operators stand between: constants, names and calls.
#include "emulator/autoscale/functions.hpp"
#include "emulator/autoscale/names.hpp"
#include "emulator/autoscale/parser.hpp"

#include <fmt/format.h>

namespace bluebatch::emulator::autoscale {

namespace {

std::vector<Type> types_of(std::vector<Expression> const& expressions) {
    std::vector<Type> types;
    types.reserve(expressions.size());
    for (auto const& expression : expressions)
        types.push_back(expression.type);
    return types;
}

Expression constant(Place place, Value value) {
    auto const type = type_of(value);
    return {place, type, Constant{std::move(value)}};
}

}  // namespace

Parser::Parsed Parser::primary() {
    auto const token = peek();
    switch (token.kind) {
        case Token::Kind::number:
            next();
            return constant(token.place, token.number);
        case Token::Kind::text:
            next();
            return constant(token.place, std::string(token.text));
        case Token::Kind::name:
            return name();
        default:
            if (take("(")) return parentheses();
            return unexpected();
    }
}

Parser::Parsed Parser::parentheses() {
    auto inner = expression();
    if (!inner) return inner;
    if (auto const failure = expect(")")) return *failure;
    return inner;
}

Parser::Parsed Parser::name() {
    auto const name = next();
    if (peek().is_symbol("(")) return call(name);
    if (peek().is_symbol(".") && peek(2).is_symbol("(")) return sample_call(name);
    return variable(name);
}

Parser::Parsed Parser::variable(Token const& name) {
    if (auto const target = find_target(name.text))
        return Expression{name.place, Type::number, TargetVariable{target->target}};
    if (is_deallocation_variable(name.text))
        return Expression{name.place, Type::option, DeallocationVariable{}};
    if (auto const found = find_variable(name.text)) {
        if (is_number(*found)) return Expression{name.place, Type::number, CurrentNumber{*found}};
        return syntax_fault(
            name.place, fmt::format("'{}' is a data set; GetSample gets numbers of it", to_text(*found))
        );
    }
    if (auto value = find_constant(name.text)) return constant(name.place, std::move(*value));
    if (auto const index = find_user_variable(name.text))
        return Expression{name.place, types_[*index], UserVariable{*index}};
    return syntax_fault(name.place, fmt::format("Unknown variable '{}'", name.text));
}

Parser::Parsed Parser::call(Token const& name) {
    auto const* const function = find_function(name.text);
    if (function == nullptr) return syntax_fault(name.place, fmt::format("Unknown function '{}'", name.text));
    next();
    auto found = arguments();
    if (!found) return found.error();
    auto const type = type_of(*function, types_of(*found));
    if (!type) return syntax_fault(name.place, type.error().message);
    return Expression{name.place, *type, FunctionCall{function, std::move(*found)}};
}

Parser::Parsed Parser::sample_call(Token const& variable) {
    auto const data_set = find_variable(variable.text);
    next();
    auto const name = next();
    auto const method = find_method(name.text);
    if (!data_set) return syntax_fault(variable.place, fmt::format("'{}' has no methods", variable.text));
    if (!method) return syntax_fault(name.place, fmt::format("Unknown method '{}'", name.text));
    // The service points at the parenthesis when it tells of missing samples.
    auto const place = next().place;
    auto found = arguments();
    if (!found) return found.error();
    auto const type = type_of(*method, types_of(*found));
    if (!type) return syntax_fault(name.place, type.error().message);
    return Expression{place, *type, SampleCall{*data_set, *method, std::move(*found)}};
}

base::Result<std::vector<Expression>, FormulaFault> Parser::arguments() {
    std::vector<Expression> found;
    if (take(")")) return found;
    do {
        auto argument = expression();
        if (!argument) return argument.error();
        found.push_back(std::move(*argument));
    } while (take(","));
    if (auto const failure = expect(")")) return *failure;
    return found;
}

}  // namespace bluebatch::emulator::autoscale
