#include "emulator/blob/query/expression_parser.hpp"
#include "emulator/blob/query/make_expression.hpp"

namespace bluebatch::emulator::blob::query {

// IS NULL, BETWEEN, IN and LIKE, and what NOT makes of them.
Parsed<Expression> ExpressionParser::parse_predicate(Expression value) {
    if (tokens_.skip_word("is")) return parse_is(std::move(value));
    bool const is_negated = tokens_.skip_word("not");
    Parsed<Expression> predicate = QueryError{};
    if (tokens_.skip_word("between")) {
        predicate = parse_between(std::move(value));
    } else if (tokens_.skip_word("in")) {
        predicate = parse_in(std::move(value));
    } else if (tokens_.skip_word("like")) {
        predicate = parse_like(std::move(value));
    } else if (is_negated) {
        return tokens_.unexpected();
    } else {
        return value;
    }
    if (!predicate || !is_negated) return predicate;
    return make(Operation::not_, *std::move(predicate));
}

Parsed<Expression> ExpressionParser::parse_is(Expression value) {
    bool const is_negated = tokens_.skip_word("not");
    Expression test;
    if (tokens_.skip_word("null")) {
        test = make(Operation::is_null, std::move(value));
    } else if (tokens_.skip_word("missing")) {
        test = make(Operation::is_missing, std::move(value));
    } else {
        return tokens_.unexpected();
    }
    return is_negated ? make(Operation::not_, std::move(test)) : std::move(test);
}

Parsed<Expression> ExpressionParser::parse_between(Expression value) {
    auto least = parse_sum();
    if (!least) return least;
    if (auto error = tokens_.expect_word("AND")) return *std::move(error);
    auto most = parse_sum();
    if (!most) return most;
    return make(Operation::between, std::move(value), *std::move(least), *std::move(most));
}

Parsed<Expression> ExpressionParser::parse_in(Expression value) {
    if (auto error = tokens_.expect("(")) return *std::move(error);
    if (tokens_.peek().is_word("select")) return not_supported("A subquery");
    auto test = make(Operation::in, std::move(value));
    do {
        auto item = parse();
        if (!item) return item;
        test.arguments.push_back(*std::move(item));
    } while (tokens_.skip(","));
    if (auto error = tokens_.expect(")")) return *std::move(error);
    return test;
}

Parsed<Expression> ExpressionParser::parse_like(Expression value) {
    auto pattern = parse_sum();
    if (!pattern) return pattern;
    auto test = make(Operation::like, std::move(value), *std::move(pattern));
    if (!tokens_.skip_word("escape")) return test;
    auto const escape = tokens_.take();
    if (escape.kind != TokenKind::text || escape.text.size() != 1) {
        return QueryError{"ESCAPE takes one ASCII character."};
    }
    test.arguments.push_back(literal(escape.text));
    return test;
}

}  // namespace bluebatch::emulator::blob::query
