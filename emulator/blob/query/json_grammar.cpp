#include "emulator/blob/query/json.hpp"

namespace bluebatch::emulator::blob::query::json {
namespace {

constexpr int kDeepest = 128;

bool is_digit(char letter) {
    return letter >= '0' && letter <= '9';
}
bool is_hex(char letter) {
    return is_digit(letter) || (letter >= 'a' && letter <= 'f') || (letter >= 'A' && letter <= 'F');
}

class Checker {
public:
    explicit Checker(std::string_view text) : text_(text) {}

    std::optional<Fault> check() {
        skip_blanks();
        if (!value(0)) return fault_;
        skip_blanks();
        if (at_ != text_.size()) return Fault{at_, "the end"};
        return std::nullopt;
    }

private:
    bool fail(std::string_view expected) {
        fault_ = {at_, expected};
        return false;
    }
    bool is_next(char letter) const { return at_ < text_.size() && text_[at_] == letter; }
    bool skip(char letter) {
        if (!is_next(letter)) return false;
        ++at_;
        return true;
    }
    void skip_blanks() {
        while (at_ < text_.size() && is_blank(text_[at_]))
            ++at_;
    }

    bool value(int depth) {
        if (depth > kDeepest) return fail("less nesting");
        if (at_ == text_.size()) return fail("a value");
        switch (text_[at_]) {
            case '{':
                return object(depth);
            case '[':
                return array(depth);
            case '"':
                return string();
            case 't':
                return word("true");
            case 'f':
                return word("false");
            case 'n':
                return word("null");
            default:
                return number();
        }
    }

    bool object(int depth) {
        ++at_;
        skip_blanks();
        if (skip('}')) return true;
        do {
            skip_blanks();
            if (!is_next('"')) return fail("'}', or a name in quotes");
            if (!string()) return false;
            skip_blanks();
            if (!skip(':')) return fail("':'");
            skip_blanks();
            if (!value(depth + 1)) return false;
            skip_blanks();
        } while (skip(','));
        return skip('}') || fail("'}', or ','");
    }

    bool array(int depth) {
        ++at_;
        skip_blanks();
        if (skip(']')) return true;
        do {
            skip_blanks();
            if (!value(depth + 1)) return false;
            skip_blanks();
        } while (skip(','));
        return skip(']') || fail("']', or ','");
    }

    bool string() {
        constexpr std::string_view kEscapes = "\"\\/bfnrt";
        for (++at_; at_ < text_.size(); ++at_) {
            char const letter = text_[at_];
            if (letter == '"') {
                ++at_;
                return true;
            }
            if (static_cast<unsigned char>(letter) < 0x20U) return fail("no control character");
            if (letter != '\\') continue;
            ++at_;
            if (is_next('u')) {
                for (int i = 0; i < 4; ++i) {
                    ++at_;
                    if (at_ >= text_.size() || !is_hex(text_[at_])) return fail("four hexadecimal digits");
                }
            } else if (at_ >= text_.size() || kEscapes.find(text_[at_]) == std::string_view::npos) {
                return fail("an escape sequence");
            }
        }
        return fail("'\"'");
    }

    bool word(std::string_view wanted) {
        if (!text_.substr(at_).starts_with(wanted)) return fail("a value");
        at_ += wanted.size();
        return true;
    }

    bool digits() {
        auto const start = at_;
        while (at_ < text_.size() && is_digit(text_[at_]))
            ++at_;
        return at_ != start || fail("a digit");
    }

    bool number() {
        if (!is_next('-') && !is_digit(text_[at_])) return fail("a value");
        skip('-');
        if (!skip('0') && !digits()) return false;
        if (skip('.') && !digits()) return false;
        if (is_next('e') || is_next('E')) {
            ++at_;
            if (!skip('+')) skip('-');
            return digits();
        }
        return true;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    Fault fault_;
};

}  // namespace

bool is_blank(char letter) {
    return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r';
}

std::optional<Fault> find_fault(std::string_view text) {
    return Checker{text}.check();
}

}  // namespace bluebatch::emulator::blob::query::json
