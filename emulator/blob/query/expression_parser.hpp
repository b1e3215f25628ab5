#pragma once

#include "emulator/blob/query/expression.hpp"
#include "emulator/blob/query/tokenizer.hpp"

#include <initializer_list>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::blob::query {

// The tokens of a query, read one after another with one token of foresight.
class TokenStream {
public:
    static Parsed<TokenStream> read(std::string_view text);

    Token const& peek(std::size_t ahead = 0) const;
    Token take();
    bool skip(std::string_view symbol);
    bool skip_word(std::string_view word);
    // Empty: it was there.
    std::optional<QueryError> expect(std::string_view symbol);
    std::optional<QueryError> expect_word(std::string_view word);
    QueryError unexpected() const;

private:
    std::vector<Token> tokens_;  // the last is the end
    std::size_t at_ = 0;
};

QueryError not_supported(std::string_view what);
// The beginning of a token, for messages.
std::string excerpt(std::string_view text);
// Words that name no field unless they are quoted.
bool is_reserved(Token const& token);

// Recursive descent by precedence: OR, AND, NOT, comparisons, sums, products, signs.
class ExpressionParser {
public:
    explicit ExpressionParser(TokenStream& tokens) : tokens_(tokens) {}
    Parsed<Expression> parse();
    Parsed<Path> parse_path();

private:
    struct Chain {
        std::string_view symbol;
        Operation operation;
    };
    using Parse = Parsed<Expression> (ExpressionParser::*)();

    Parsed<Expression> parse_or();
    Parsed<Expression> parse_and();
    Parsed<Expression> parse_not();
    Parsed<Expression> parse_comparison();
    Parsed<Expression> parse_predicate(Expression value);
    Parsed<Expression> parse_is(Expression value);
    Parsed<Expression> parse_between(Expression value);
    Parsed<Expression> parse_in(Expression value);
    Parsed<Expression> parse_like(Expression value);
    Parsed<Expression> parse_sum();
    Parsed<Expression> parse_product();
    Parsed<Expression> parse_sign();
    Parsed<Expression> parse_primary();
    Parsed<Expression> parse_word();
    Parsed<Expression> parse_function();
    Parsed<Expression> parse_cast();
    Parsed<Expression> parse_trim();
    Parsed<Expression> parse_extract();
    Parsed<Expression> parse_plain_function(std::string_view name);
    Parsed<DatePart> parse_part();
    // Arguments and the closing bracket.
    std::optional<QueryError> read_arguments(Expression& call, std::size_t least, std::size_t most);
    Parsed<Expression> parse_flat(std::string_view word, Operation operation, Parse parse_next);
    Parsed<Expression> parse_chain(std::initializer_list<Chain> operators, Parse parse_next);

    TokenStream& tokens_;
    int depth_ = 0;
};

}  // namespace bluebatch::emulator::blob::query
