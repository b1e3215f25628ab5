#include "emulator/blob/query/expression_parser.hpp"

#include "emulator/blob/query/make_expression.hpp"
#include "shared/base/text.hpp"

#include <algorithm>
#include <array>

namespace bluebatch::emulator::blob::query {
namespace {

// Brackets and signs in each other, and operators behind each other: evaluation recurses as deep.
constexpr int kDeepest = 64;
constexpr int kLongestChain = 256;
constexpr int kTallest = 512;

// Counts how deep the parser is in itself.
class Level {
public:
    explicit Level(int& depth) : depth_(depth) { ++depth_; }
    ~Level() { --depth_; }
    Level(Level const&) = delete;
    Level& operator=(Level const&) = delete;
    bool is_too_deep() const { return depth_ > kDeepest; }

private:
    int& depth_;
};

int height_of(Expression const& expression) {
    int tallest = 0;
    for (auto const& argument : expression.arguments)
        tallest = std::max(tallest, height_of(argument));
    return tallest + 1;
}

QueryError too_complex() {
    return {"The expression is nested too deeply."};
}

Parsed<Expression> number_of(Token const& token) {
    if (token.kind == TokenKind::integer) {
        if (auto const integer = base::parse_number<std::int64_t>(token.text)) return literal(*integer);
    }
    auto const number = convert(Value{token.text}, Type::floating);
    if (!number) return QueryError{"The number " + excerpt(token.text) + " is too large."};
    return literal(*number);
}

}  // namespace

Parsed<Expression> ExpressionParser::parse() {
    Level const level{depth_};
    if (level.is_too_deep()) return too_complex();
    auto expression = parse_or();
    if (expression && height_of(*expression) > kTallest) return too_complex();
    return expression;
}

// "a OR b OR c" is one operation of three, however long it grows.
Parsed<Expression> ExpressionParser::parse_flat(
    std::string_view word, Operation operation, Parse parse_next
) {
    auto first = (this->*parse_next)();
    if (!first || !tokens_.peek().is_word(word)) return first;
    auto all = make(operation, *std::move(first));
    while (tokens_.skip_word(word)) {
        auto next = (this->*parse_next)();
        if (!next) return next;
        all.arguments.push_back(*std::move(next));
    }
    return all;
}

Parsed<Expression> ExpressionParser::parse_chain(std::initializer_list<Chain> operators, Parse parse_next) {
    auto left = (this->*parse_next)();
    if (!left) return left;
    for (int length = 0; length < kLongestChain; ++length) {
        auto const found = std::ranges::find_if(operators, [&](Chain const& chain) {
            return tokens_.peek().is(chain.symbol);
        });
        if (found == operators.end()) return left;
        tokens_.take();
        auto right = (this->*parse_next)();
        if (!right) return right;
        left = make(found->operation, *std::move(left), *std::move(right));
    }
    return too_complex();
}

Parsed<Expression> ExpressionParser::parse_or() {
    return parse_flat("or", Operation::or_, &ExpressionParser::parse_and);
}

Parsed<Expression> ExpressionParser::parse_and() {
    return parse_flat("and", Operation::and_, &ExpressionParser::parse_not);
}

Parsed<Expression> ExpressionParser::parse_not() {
    if (!tokens_.skip_word("not")) return parse_comparison();
    Level const level{depth_};
    if (level.is_too_deep()) return too_complex();
    auto negated = parse_not();
    if (!negated) return negated;
    return make(Operation::not_, *std::move(negated));
}

Parsed<Expression> ExpressionParser::parse_comparison() {
    constexpr std::array kComparisons{
        Chain{"=", Operation::equal},
        Chain{"!=", Operation::not_equal},
        Chain{"<>", Operation::not_equal},
        Chain{"<", Operation::less},
        Chain{"<=", Operation::less_or_equal},
        Chain{">", Operation::greater},
        Chain{">=", Operation::greater_or_equal}};
    auto left = parse_sum();
    if (!left) return left;
    for (auto const& [symbol, operation] : kComparisons) {
        if (!tokens_.skip(symbol)) continue;
        auto right = parse_sum();
        if (!right) return right;
        return make(operation, *std::move(left), *std::move(right));
    }
    return parse_predicate(*std::move(left));
}

Parsed<Expression> ExpressionParser::parse_sum() {
    return parse_chain({{"+", Operation::add}, {"-", Operation::subtract}}, &ExpressionParser::parse_product);
}

Parsed<Expression> ExpressionParser::parse_product() {
    return parse_chain(
        {{"*", Operation::multiply}, {"/", Operation::divide}, {"%", Operation::remainder}},
        &ExpressionParser::parse_sign
    );
}

Parsed<Expression> ExpressionParser::parse_sign() {
    bool const is_minus = tokens_.peek().is("-");
    if (!is_minus && !tokens_.peek().is("+")) return parse_primary();
    Level const level{depth_};
    if (level.is_too_deep()) return too_complex();
    tokens_.take();
    // The smallest integer has no positive counterpart.
    if (is_minus && tokens_.peek().kind == TokenKind::integer) {
        if (auto const value = base::parse_number<std::int64_t>("-" + tokens_.peek().text)) {
            tokens_.take();
            return literal(*value);
        }
    }
    auto operand = parse_sign();
    if (!operand || !is_minus) return operand;
    return make(Operation::negate, *std::move(operand));
}

Parsed<Expression> ExpressionParser::parse_primary() {
    auto const& token = tokens_.peek();
    switch (token.kind) {
        case TokenKind::integer:
        case TokenKind::floating:
            return number_of(tokens_.take());
        case TokenKind::text:
            return literal(tokens_.take().text);
        case TokenKind::word:
        case TokenKind::quoted_name:
            return parse_word();
        case TokenKind::symbol:
        case TokenKind::end:
            break;
    }
    if (!tokens_.skip("(")) return tokens_.unexpected();
    if (tokens_.peek().is_word("select")) return not_supported("A subquery");
    auto inner = parse();
    if (!inner) return inner;
    if (auto error = tokens_.expect(")")) return *std::move(error);
    return inner;
}

Parsed<Expression> ExpressionParser::parse_word() {
    auto const& token = tokens_.peek();
    if (tokens_.peek(1).is("(") && token.kind == TokenKind::word && !is_reserved(token)) {
        return parse_function();
    }
    if (tokens_.skip_word("null")) return literal(Null{});
    if (tokens_.skip_word("true")) return literal(true);
    if (tokens_.skip_word("false")) return literal(false);
    if (token.is_word("case")) return not_supported("CASE");
    auto path = parse_path();
    if (!path) return path.error();
    Expression field;
    field.operation = Operation::field;
    field.path = *std::move(path);
    return field;
}

Parsed<Path> ExpressionParser::parse_path() {
    constexpr std::size_t kLongest = 64;
    Path path;
    do {
        auto const& token = tokens_.peek();
        bool const is_quoted = token.kind == TokenKind::quoted_name;
        if (!is_quoted && (token.kind != TokenKind::word || is_reserved(token))) return tokens_.unexpected();
        path.push_back({tokens_.take().text, is_quoted, std::nullopt});
        while (tokens_.skip("[")) {
            auto const index = base::parse_number<std::size_t>(tokens_.peek().text);
            if (tokens_.peek().kind != TokenKind::integer || !index) return tokens_.unexpected();
            tokens_.take();
            if (auto error = tokens_.expect("]")) return *std::move(error);
            path.push_back({{}, false, *index});
        }
        if (path.size() > kLongest) return too_complex();
    } while (tokens_.skip("."));
    return path;
}

}  // namespace bluebatch::emulator::blob::query
