#include "shared/codec/odata.hpp"

#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <utility>

namespace bluebatch::codec::odata {
namespace {

constexpr int kMostComparisons = 100;
constexpr int kDeepest = 20;

constexpr auto kOperatorWords = std::to_array<std::pair<std::string_view, Operator>>({
    {"eq", Operator::eq},
    {"ne", Operator::ne},
    {"gt", Operator::gt},
    {"ge", Operator::ge},
    {"lt", Operator::lt},
    {"le", Operator::le},
});

bool is_word_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '/' || c == '-';
}

// Recursive descent over the text: alternatives of terms of comparisons. The first fault ends it.
class Parser {
public:
    explicit Parser(std::string_view text) : text_(text) {}

    base::Result<Filter> parse() {
        auto filter = parse_alternatives();
        skip_blanks();
        if (filter && at_ < text_.size()) fail("the expression should end");
        if (!fault_.empty()) return base::Failure{fault_};
        return std::move(*filter);
    }

private:
    using Part = std::optional<Filter>;

    Part parse_alternatives() { return parse_chain(Combination::Kind::any, "or", &Parser::parse_terms); }

    Part parse_terms() { return parse_chain(Combination::Kind::all, "and", &Parser::parse_primary); }

    Part parse_chain(Combination::Kind kind, std::string_view word, Part (Parser::*parse_part)()) {
        auto first = (this->*parse_part)();
        if (!first || !take_word(word)) return first;
        Combination combination{kind, {}};
        combination.parts.push_back(std::move(*first));
        do {
            auto next = (this->*parse_part)();
            if (!next) return std::nullopt;
            combination.parts.push_back(std::move(*next));
        } while (take_word(word));
        return Filter{std::move(combination)};
    }

    Part parse_primary() {
        if (!take('(')) return parse_comparison();
        if (++depth_ > kDeepest) return fail("the parentheses are nested too deeply");
        auto inner = parse_alternatives();
        if (!inner) return std::nullopt;
        if (!take(')')) return fail("a closing parenthesis is missing");
        --depth_;
        return inner;
    }

    Part parse_comparison() {
        if (++comparisons_ > kMostComparisons) return fail("there are too many comparisons");
        auto const word = read_word();
        if (word.empty()) return fail("the name of a property is missing");
        if (word == "startswith" && take('(')) return parse_starts_with();
        auto const op = find_operator(read_word());
        if (!op) return fail("an operator (eq, ne, gt, ge, lt, le) is missing");
        auto value = parse_literal();
        if (!value) return std::nullopt;
        return Filter{Comparison{std::string(word), *op, std::move(*value)}};
    }

    Part parse_starts_with() {
        auto const field = read_word();
        if (field.empty()) return fail("the name of a property is missing");
        if (!take(',')) return fail("a comma is missing");
        auto value = parse_literal();
        if (!value) return std::nullopt;
        if (!std::holds_alternative<std::string>(*value)) return fail("startswith needs a text");
        if (!take(')')) return fail("a closing parenthesis is missing");
        return Filter{Comparison{std::string(field), Operator::starts_with, std::move(*value)}};
    }

    std::optional<Literal> parse_literal() {
        skip_blanks();
        if (at_ < text_.size() && text_[at_] == '\'') {
            auto text = read_quoted();
            return text ? std::optional<Literal>{std::move(*text)} : std::nullopt;
        }
        auto const word = read_word();
        if (base::equal_ignoring_case(word, "datetime")) return parse_time();
        if (word == "true") return Literal{true};
        if (word == "false") return Literal{false};
        if (auto const number = base::parse_number<std::int64_t>(word)) return Literal{*number};
        fail("a value is missing");
        return std::nullopt;
    }

    std::optional<Literal> parse_time() {
        if (at_ >= text_.size() || text_[at_] != '\'') {
            fail("a quoted time is missing");
            return std::nullopt;
        }
        auto const text = read_quoted();
        if (!text) return std::nullopt;
        auto time = base::parse_iso8601(*text);
        if (!time) time = base::parse_rfc1123(*text);
        if (time) return Literal{*time};
        fail("the time is malformed");
        return std::nullopt;
    }

    // A quote inside a text is written twice.
    std::optional<std::string> read_quoted() {
        std::string value;
        for (++at_; at_ < text_.size(); ++at_) {
            if (text_[at_] != '\'') {
                value.push_back(text_[at_]);
                continue;
            }
            ++at_;
            if (at_ >= text_.size() || text_[at_] != '\'') return value;
            value.push_back('\'');
        }
        fail("a closing quote is missing");
        return std::nullopt;
    }

    static std::optional<Operator> find_operator(std::string_view word) {
        for (auto const& [name, op] : kOperatorWords) {
            if (name == word) return op;
        }
        return std::nullopt;
    }

    std::string_view read_word() {
        skip_blanks();
        auto const begin = at_;
        while (at_ < text_.size() && is_word_letter(text_[at_]))
            ++at_;
        return text_.substr(begin, at_ - begin);
    }

    bool take_word(std::string_view word) {
        auto const before = at_;
        if (read_word() == word) return true;
        at_ = before;
        return false;
    }

    bool take(char expected) {
        skip_blanks();
        if (at_ >= text_.size() || text_[at_] != expected) return false;
        ++at_;
        return true;
    }

    void skip_blanks() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t'))
            ++at_;
    }

    std::nullopt_t fail(std::string_view reason) {
        if (fault_.empty()) fault_ = fmt::format("{} at position {}", reason, at_ + 1);
        return std::nullopt;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    int depth_ = 0;
    int comparisons_ = 0;
    std::string fault_;
};

}  // namespace

base::Result<Filter> parse_filter(std::string_view text) {
    return Parser(text).parse();
}

}  // namespace bluebatch::codec::odata
