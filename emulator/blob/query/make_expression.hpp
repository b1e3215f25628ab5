#pragma once

#include "emulator/blob/query/expression.hpp"

#include <utility>
#include <vector>

// How the parsers put expressions together.
namespace bluebatch::emulator::blob::query {

inline Expression make(Operation operation, std::vector<Expression> arguments) {
    Expression expression;
    expression.operation = operation;
    expression.arguments = std::move(arguments);
    return expression;
}

template <class... Arguments>
Expression make(Operation operation, Expression first, Arguments... rest) {
    std::vector<Expression> arguments;
    arguments.push_back(std::move(first));
    (arguments.push_back(std::move(rest)), ...);
    return make(operation, std::move(arguments));
}

inline Expression literal(Value value) {
    Expression expression;
    expression.literal = std::move(value);
    return expression;
}

}  // namespace bluebatch::emulator::blob::query
