#pragma once

#include "emulator/autoscale/operators.hpp"
#include "emulator/autoscale/sampling.hpp"
#include "emulator/autoscale/token.hpp"
#include "emulator/autoscale/value.hpp"

namespace bluebatch::emulator::autoscale {

struct Function;
struct Expression;

// 1.5, "text", TimeInterval_Hour, taskcompletion
struct Constant {
    Value value;
};
// A user's variable, by its place in Formula::variables.
struct UserVariable {
    std::size_t index;
};
struct TargetVariable {
    Target target;
};
struct DeallocationVariable {};
// A node count that stands for its present number.
struct CurrentNumber {
    Variable variable;
};
struct FunctionCall {
    Function const* function;
    std::vector<Expression> arguments;
};
// $PendingTasks.GetSample(1)
struct SampleCall {
    Variable variable;
    SampleMethod method;
    std::vector<Expression> arguments;
};
// time().hour
struct TimePart {
    TimestampPart part;
    std::vector<Expression> time;  // exactly one
};
struct Negation {
    UnaryOperator op;
    std::vector<Expression> operand;  // exactly one
};
// a - b + c: operators of one rank from left to right. A chain instead of pairs keeps the tree shallow,
// however long a formula is.
struct Chain {
    std::vector<Expression> operands;  // one more than operators
    std::vector<BinaryOperator> operators;
    std::vector<Place> places;  // of the operators
};
// c ? a : d ? b : z, conditions and values in turn, the last value without a condition.
struct Choice {
    std::vector<Expression> parts;
};

struct Expression {
    Place place;
    Type type = Type::unknown;
    std::variant<
        Constant,
        UserVariable,
        TargetVariable,
        DeallocationVariable,
        CurrentNumber,
        FunctionCall,
        SampleCall,
        TimePart,
        Negation,
        Chain,
        Choice>
        form;
};

struct AssignedTarget {
    TargetName name;
};
struct Nothing {};

// `name = expression`, or an expression alone: stop().
struct Statement {
    std::variant<Nothing, UserVariable, AssignedTarget, DeallocationVariable> assigned;
    Expression value;
};

struct Formula {
    std::vector<Statement> statements;
    // Names of the user's variables, as they are written.
    std::vector<std::string> variables;
};

}  // namespace bluebatch::emulator::autoscale
