#pragma once

#include "shared/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace bluebatch::emulator::blob::query {

enum class TokenKind : std::uint8_t { word, quoted_name, text, integer, floating, symbol, end };

struct Token {
    TokenKind kind = TokenKind::end;
    std::string text;          // without quotes, doubled ones undone
    std::size_t position = 0;  // of its first character in the query

    bool is(std::string_view symbol) const { return kind == TokenKind::symbol && text == symbol; }
    // Whatever its case.
    bool is_word(std::string_view word) const;
};

// Why a query can't be run.
struct QueryError {
    std::string message;  // a sentence, for a person
};
[[noreturn]] void throw_exception_from_error(QueryError const& error, boost::source_location const&);

template <class T>
using Parsed = base::Result<T, QueryError>;

class Tokenizer {
public:
    explicit Tokenizer(std::string_view text) : text_(text) {}
    Parsed<Token> next();

private:
    Parsed<Token> read_quoted(char quote, TokenKind kind);
    Token read_number();
    Token read_word();
    Token take(TokenKind kind, std::size_t length);

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace bluebatch::emulator::blob::query
