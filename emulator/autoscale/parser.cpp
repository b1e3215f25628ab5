#include "emulator/autoscale/parser.hpp"

#include "emulator/autoscale/choices.hpp"
#include "emulator/autoscale/names.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace bluebatch::emulator::autoscale {

namespace {

class Nesting {
public:
    explicit Nesting(int& depth) : depth_(++depth) {}
    ~Nesting() { --depth_; }
    Nesting(Nesting const&) = delete;
    Nesting& operator=(Nesting const&) = delete;
    bool is_too_deep() const { return depth_ > kDeepestNesting; }

private:
    int& depth_;
};

}  // namespace

Token const& Parser::peek(std::size_t ahead) const {
    return tokens_[std::min(position_ + ahead, tokens_.size() - 1)];
}

Token const& Parser::next() {
    auto const& token = peek();
    if (token.kind != Token::Kind::end) ++position_;
    return token;
}

bool Parser::take(std::string_view symbol) {
    if (!peek().is_symbol(symbol)) return false;
    next();
    return true;
}

Parser::Fault Parser::expect(std::string_view symbol) {
    if (take(symbol)) return std::nullopt;
    auto failure = unexpected();
    failure.detail += fmt::format(", expected '{}'", symbol);
    return failure;
}

FormulaFault Parser::unexpected() const {
    auto const& token = peek();
    if (token.kind == Token::Kind::end) return syntax_fault(token.place, "Unexpected end of formula");
    return syntax_fault(token.place, fmt::format("Unexpected '{}'", token.text));
}

base::Result<Formula, FormulaFault> Parser::formula() {
    while (peek().kind != Token::Kind::end) {
        if (take(";")) continue;
        if (formula_.statements.size() == kMostStatements)
            return syntax_fault(
                peek().place, fmt::format("A formula has at most {} statements", kMostStatements)
            );
        auto parsed = statement();
        if (!parsed) return parsed.error();
        formula_.statements.push_back(std::move(*parsed));
        if (peek().kind == Token::Kind::end) break;
        if (auto const failure = expect(";")) return *failure;
    }
    if (formula_.statements.empty()) return syntax_fault(peek().place, "A formula needs a statement");
    return std::move(formula_);
}

base::Result<Statement, FormulaFault> Parser::statement() {
    if (peek().kind == Token::Kind::name && peek(1).is_symbol("=")) return assignment();
    // Published formulas consist of `$RunningTasks.GetSample(...)` alone; stop() needs it.
    auto value = expression();
    if (!value) return value.error();
    return Statement{Nothing{}, std::move(*value)};
}

base::Result<Statement, FormulaFault> Parser::assignment() {
    auto const name = next();
    next();
    auto value = expression();
    if (!value) return value.error();
    Statement statement{Nothing{}, std::move(*value)};
    if (auto const failure = assign(statement, name)) return *failure;
    return statement;
}

Parser::Fault Parser::assign(Statement& statement, Token const& name) {
    auto const type = statement.value.type;
    auto const needs = [&](Type expected) -> Fault {
        if (type == expected || type == Type::unknown) return std::nullopt;
        return syntax_fault(
            name.place, fmt::format("'{}' takes a {}, not a {}", name.text, to_text(expected), to_text(type))
        );
    };
    if (auto const target = find_target(name.text)) {
        statement.assigned = AssignedTarget{*target};
        return needs(Type::number);
    }
    if (is_deallocation_variable(name.text)) {
        statement.assigned = DeallocationVariable{};
        return needs(Type::option);
    }
    if (find_variable(name.text))
        return syntax_fault(name.place, fmt::format("'{}' is read-only", name.text));
    if (find_constant(name.text))
        return syntax_fault(name.place, fmt::format("'{}' is a constant", name.text));
    statement.assigned = UserVariable{declare(name, type)};
    return std::nullopt;
}

std::optional<std::size_t> Parser::find_user_variable(std::string_view name) const {
    auto const found = std::ranges::find(formula_.variables, name);
    if (found == formula_.variables.end()) return std::nullopt;
    return static_cast<std::size_t>(found - formula_.variables.begin());
}

std::size_t Parser::declare(Token const& name, Type type) {
    if (auto const index = find_user_variable(name.text)) {
        types_[*index] = type;
        return *index;
    }
    formula_.variables.emplace_back(name.text);
    types_.push_back(type);
    return types_.size() - 1;
}

Parser::Parsed Parser::expression() {
    Nesting const nesting(nesting_);
    if (nesting.is_too_deep()) return syntax_fault(peek().place, "The formula is nested too deeply");
    return choice();
}

Parser::Parsed Parser::choice() {
    auto const place = peek().place;
    auto first = chain(0);
    if (!first || !peek().is_symbol("?")) return first;
    Choice choice;
    choice.parts.push_back(std::move(*first));
    while (take("?")) {
        auto const& condition = choice.parts.back();
        if (condition.type != Type::number && condition.type != Type::unknown)
            return syntax_fault(
                condition.place, fmt::format("A condition is a double, not a {}", to_text(condition.type))
            );
        auto value = expression();
        if (!value) return value;
        choice.parts.push_back(std::move(*value));
        if (auto const failure = expect(":")) return *failure;
        auto otherwise = chain(0);
        if (!otherwise) return otherwise;
        choice.parts.push_back(std::move(*otherwise));
    }
    auto type = choice.parts.back().type;
    for (std::size_t i = 1; i < choice.parts.size(); i += 2)
        if (choice.parts[i].type != type) type = Type::unknown;
    return Expression{place, type, std::move(choice)};
}

Parser::Parsed Parser::chain(int rank) {
    if (rank == kRanks) return unary();
    auto first = chain(rank + 1);
    if (!first) return first;
    Chain chain;
    auto const place = first->place;
    auto type = first->type;
    while (peek().kind == Token::Kind::symbol) {
        auto const op = find_operator(peek().text, rank);
        if (!op) break;
        auto const operator_place = next().place;
        auto operand = this->chain(rank + 1);
        if (!operand) return operand;
        auto const result = type_of(*op, type, operand->type);
        if (!result) return syntax_fault(operator_place, result.error().message);
        type = *result;
        if (chain.operands.empty()) chain.operands.push_back(std::move(*first));
        chain.operators.push_back(*op);
        chain.operands.push_back(std::move(*operand));
        chain.places.push_back(operator_place);
    }
    if (chain.operators.empty()) return first;
    return Expression{place, type, std::move(chain)};
}

Parser::Parsed Parser::unary() {
    auto const place = peek().place;
    bool const is_minus = peek().is_symbol("-");
    if (!is_minus && !peek().is_symbol("!")) return postfix();
    next();
    Nesting const nesting(nesting_);
    if (nesting.is_too_deep()) return syntax_fault(place, "The formula is nested too deeply");
    auto operand = unary();
    if (!operand) return operand;
    auto const op = is_minus ? UnaryOperator::minus : UnaryOperator::negate;
    auto const type = type_of(op, operand->type);
    if (!type) return syntax_fault(place, type.error().message);
    Negation negation{op, {}};
    negation.operand.push_back(std::move(*operand));
    return Expression{place, *type, std::move(negation)};
}

Parser::Parsed Parser::postfix() {
    auto operand = primary();
    while (operand && take("."))
        operand = part_of(std::move(*operand));
    return operand;
}

Parser::Parsed Parser::part_of(Expression time) {
    auto const name = next();
    auto const part = find_part(name.text);
    if (!part || peek().is_symbol("("))
        return syntax_fault(name.place, fmt::format("A {} has no '{}'", to_text(time.type), name.text));
    if (time.type != Type::timestamp && time.type != Type::unknown)
        return syntax_fault(name.place, fmt::format("A {} has no '{}'", to_text(time.type), name.text));
    auto const place = time.place;
    TimePart found{*part, {}};
    found.time.push_back(std::move(time));
    return Expression{place, Type::number, std::move(found)};
}

}  // namespace bluebatch::emulator::autoscale
