#include "emulator/blob/query/tokenizer.hpp"

#include "shared/base/text.hpp"

#include <array>
#include <stdexcept>

namespace bluebatch::emulator::blob::query {
namespace {

bool is_digit(char letter) {
    return letter >= '0' && letter <= '9';
}
bool is_letter(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '_' ||
           static_cast<unsigned char>(letter) >= 0x80;
}
bool is_blank(char letter) {
    return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r';
}

}  // namespace

void throw_exception_from_error(QueryError const& error, boost::source_location const&) {
    throw std::logic_error("unchecked error of a query: " + error.message);
}

bool Token::is_word(std::string_view word) const {
    return kind == TokenKind::word && base::equal_ignoring_case(text, word);
}

Token Tokenizer::take(TokenKind kind, std::size_t length) {
    Token token{kind, std::string{text_.substr(at_, length)}, at_};
    at_ += length;
    return token;
}

Parsed<Token> Tokenizer::read_quoted(char quote, TokenKind kind) {
    Token token{kind, {}, at_};
    for (auto i = at_ + 1; i < text_.size(); ++i) {
        if (text_[i] == quote) {
            if (i + 1 == text_.size() || text_[i + 1] != quote) {
                at_ = i + 1;
                return token;
            }
            ++i;
        }
        token.text += text_[i];
    }
    return QueryError{"The quote at character " + std::to_string(token.position + 1) + " is not closed."};
}

Token Tokenizer::read_number() {
    auto kind = TokenKind::integer;
    auto end = at_;
    auto const skip_digits = [&] {
        while (end < text_.size() && is_digit(text_[end]))
            ++end;
    };
    skip_digits();
    if (end < text_.size() && text_[end] == '.') {
        kind = TokenKind::floating;
        ++end;
        skip_digits();
    }
    if (end < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
        auto digits = end + 1;
        if (digits < text_.size() && (text_[digits] == '+' || text_[digits] == '-')) ++digits;
        if (digits < text_.size() && is_digit(text_[digits])) {
            kind = TokenKind::floating;
            end = digits;
            skip_digits();
        }
    }
    return take(kind, end - at_);
}

Token Tokenizer::read_word() {
    auto end = at_;
    while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end])))
        ++end;
    return take(TokenKind::word, end - at_);
}

Parsed<Token> Tokenizer::next() {
    constexpr std::array<std::string_view, 4> kPairs{"<=", ">=", "<>", "!="};
    constexpr std::string_view kSymbols = "(),.*+-/%=<>[];";
    while (at_ < text_.size() && is_blank(text_[at_]))
        ++at_;
    if (at_ == text_.size()) return take(TokenKind::end, 0);
    char const letter = text_[at_];
    if (letter == '\'') return read_quoted('\'', TokenKind::text);
    if (letter == '"') return read_quoted('"', TokenKind::quoted_name);
    bool const starts_fraction = letter == '.' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]);
    // "tags.1" is no path, so a point before a digit always starts a number.
    if (is_digit(letter) || starts_fraction) return read_number();
    if (is_letter(letter)) return read_word();
    for (auto const pair : kPairs)
        if (text_.substr(at_).starts_with(pair)) return take(TokenKind::symbol, 2);
    if (kSymbols.find(letter) != std::string_view::npos) return take(TokenKind::symbol, 1);
    return QueryError{"Unexpected character at character " + std::to_string(at_ + 1) + "."};
}

}  // namespace bluebatch::emulator::blob::query
