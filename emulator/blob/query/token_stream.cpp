#include "emulator/blob/query/expression_parser.hpp"

#include <algorithm>
#include <array>

namespace bluebatch::emulator::blob::query {
namespace {

constexpr std::array<std::string_view, 26> kReserved{
    "select",   "from", "where",  "limit",  "and",   "or",    "not",    "in",   "like",
    "between",  "is",   "as",     "escape", "group", "order", "having", "join", "union",
    "distinct", "top",  "offset", "by",     "when",  "then",  "else",   "end"};

}  // namespace

bool is_reserved(Token const& token) {
    return token.kind == TokenKind::word &&
           std::ranges::any_of(kReserved, [&](auto word) { return token.is_word(word); });
}

std::string excerpt(std::string_view text) {
    constexpr std::size_t kLongest = 64;
    auto size = std::min(text.size(), kLongest);
    // Not in the middle of a character.
    while (size > 0 && size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U)
        --size;
    return std::string{text.substr(0, size)};
}

QueryError not_supported(std::string_view what) {
    return {std::string{what} + " is not supported."};
}

Parsed<TokenStream> TokenStream::read(std::string_view text) {
    TokenStream stream;
    Tokenizer tokenizer{text};
    while (stream.tokens_.empty() || stream.tokens_.back().kind != TokenKind::end) {
        auto token = tokenizer.next();
        if (!token) return token.error();
        stream.tokens_.push_back(*std::move(token));
    }
    return stream;
}

Token const& TokenStream::peek(std::size_t ahead) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
}

Token TokenStream::take() {
    Token token = peek();
    if (at_ + 1 < tokens_.size()) ++at_;
    return token;
}

bool TokenStream::skip(std::string_view symbol) {
    if (!peek().is(symbol)) return false;
    take();
    return true;
}

bool TokenStream::skip_word(std::string_view word) {
    if (!peek().is_word(word)) return false;
    take();
    return true;
}

std::optional<QueryError> TokenStream::expect(std::string_view symbol) {
    if (skip(symbol)) return std::nullopt;
    return QueryError{unexpected().message + " Expected '" + std::string{symbol} + "'."};
}

std::optional<QueryError> TokenStream::expect_word(std::string_view word) {
    if (skip_word(word)) return std::nullopt;
    return QueryError{unexpected().message + " Expected " + std::string{word} + "."};
}

QueryError TokenStream::unexpected() const {
    auto const& token = peek();
    if (token.kind == TokenKind::end) return {"Syntax error! The query ends too early."};
    return {
        "Syntax error! Unexpected '" + excerpt(token.text) + "' at character " +
        std::to_string(token.position + 1) + "."};
}

}  // namespace bluebatch::emulator::blob::query
