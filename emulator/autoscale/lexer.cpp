#include "emulator/autoscale/lexer.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace bluebatch::emulator::autoscale {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_name_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_name_part(char c) {
    return is_name_start(c) || is_digit(c);
}
// Bytes of a character behind its first.
bool is_continuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// Two characters before one.
constexpr std::array<std::string_view, 21> kSymbols{"&&", "||", "<=", ">=", "==", "!=", "+",
                                                    "-",  "*",  "/",  "<",  ">",  "!",  "=",
                                                    "?",  ":",  ";",  "(",  ")",  ",",  "."};

using Read = base::Result<Token, FormulaFault>;

class Lexer {
public:
    explicit Lexer(std::string_view text) : rest_(text) {}

    Read next() {
        skip_blanks();
        auto const place = place_;
        if (rest_.empty()) return Token{Token::Kind::end, "", place};
        if (rest_[0] == '"') return text();
        if (is_digit(rest_[0]) || (rest_[0] == '.' && rest_.size() > 1 && is_digit(rest_[1])))
            return number();
        bool const has_dollar = rest_[0] == '$' && rest_.size() > 1;
        if (is_name_start(rest_[has_dollar ? 1 : 0]))
            return Token{Token::Kind::name, take(name_size()), place};
        for (auto const symbol : kSymbols)
            if (rest_.starts_with(symbol)) return Token{Token::Kind::symbol, take(symbol.size()), place};
        return syntax_fault(place, fmt::format("Unexpected character '{}'", character()));
    }

private:
    void skip_blanks() {
        while (!rest_.empty()) {
            if (rest_.starts_with("//"))
                take(rest_.find('\n'));
            else if (rest_[0] == ' ' || rest_[0] == '\t' || rest_[0] == '\r' || rest_[0] == '\n')
                take(1);
            else
                return;
        }
    }

    // As much as there is of so many bytes.
    std::string_view take(std::size_t size) {
        auto const taken = rest_.substr(0, size);
        for (char const c : taken) {
            if (c == '\n')
                place_ = {place_.line + 1, 1};
            else if (!is_continuation(c))
                ++place_.column;
        }
        rest_.remove_prefix(taken.size());
        return taken;
    }

    std::size_t name_size() const {
        std::size_t size = 1;
        while (size < rest_.size() && is_name_part(rest_[size]))
            ++size;
        return size;
    }

    std::string_view character() const {
        std::size_t size = 1;
        while (size < rest_.size() && is_continuation(rest_[size]))
            ++size;
        return rest_.substr(0, size);
    }

    Read text() {
        auto const place = place_;
        auto const end = rest_.find('"', 1);
        if (end == std::string_view::npos) return syntax_fault(place, "A string does not end");
        auto const quoted = take(end + 1);
        return Token{Token::Kind::text, quoted.substr(1, quoted.size() - 2), place};
    }

    Read number() {
        auto const place = place_;
        Token token{Token::Kind::number, "", place};
        auto const [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), token.number);
        auto const size = static_cast<std::size_t>(end - rest_.data());
        bool const runs_on = size < rest_.size() && is_name_part(rest_[size]);
        if (error != std::errc{} || runs_on) return syntax_fault(place, "Not a number");
        token.text = take(size);
        return token;
    }

    std::string_view rest_;
    Place place_;
};

}  // namespace

FormulaFault syntax_fault(Place place, std::string detail) {
    return {FormulaFault::Kind::syntax, place, std::move(detail)};
}

std::string locate(Place place, std::string_view detail) {
    return fmt::format("Line {}, Col {}: {}", place.line, place.column, detail);
}

base::Result<std::vector<Token>, FormulaFault> read_tokens(std::string_view text) {
    Lexer lexer(text);
    std::vector<Token> tokens;
    do {
        auto const token = lexer.next();
        if (!token) return token.error();
        tokens.push_back(*token);
    } while (tokens.back().kind != Token::Kind::end);
    return tokens;
}

}  // namespace bluebatch::emulator::autoscale
