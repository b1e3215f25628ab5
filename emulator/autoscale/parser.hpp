#pragma once

#include "emulator/autoscale/lexer.hpp"

namespace bluebatch::emulator::autoscale {

// Tokens to a tree in which every name and type is settled. One for each formula.
class Parser {
public:
    explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}
    base::Result<Formula, FormulaFault> formula();

private:
    using Parsed = base::Result<Expression, FormulaFault>;
    using Fault = std::optional<FormulaFault>;

    base::Result<Statement, FormulaFault> statement();
    base::Result<Statement, FormulaFault> assignment();
    Parsed expression();
    Parsed choice();
    Parsed chain(int rank);
    Parsed unary();
    Parsed postfix();
    Parsed primary();
    Parsed parentheses();
    Parsed name();
    Parsed variable(Token const& name);
    Parsed call(Token const& name);
    Parsed sample_call(Token const& variable);
    Parsed part_of(Expression time);
    // What stands between parentheses, of which the first has been read.
    base::Result<std::vector<Expression>, FormulaFault> arguments();

    Fault assign(Statement& statement, Token const& name);
    std::size_t declare(Token const& name, Type type);
    std::optional<std::size_t> find_user_variable(std::string_view name) const;

    Token const& peek(std::size_t ahead = 0) const;
    Token const& next();
    bool take(std::string_view symbol);
    Fault expect(std::string_view symbol);
    FormulaFault unexpected() const;

    std::vector<Token> tokens_;
    std::size_t position_ = 0;
    int nesting_ = 0;
    Formula formula_;
    // What the user's variables hold after the statements so far.
    std::vector<Type> types_;
};

}  // namespace bluebatch::emulator::autoscale
