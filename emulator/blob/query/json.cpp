#include "emulator/blob/query/json.hpp"

#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <charconv>

namespace bluebatch::emulator::blob::query::json {
namespace {

std::string_view skip_blanks(std::string_view text) {
    while (!text.empty() && is_blank(text[0]))
        text.remove_prefix(1);
    return text;
}

std::size_t size_of_string(std::string_view text) {
    std::size_t at = 1;
    while (text[at] != '"')
        at += text[at] == '\\' ? 2U : 1U;
    return at + 1;
}

std::size_t size_of_value(std::string_view text) {
    if (text[0] == '"') return size_of_string(text);
    std::size_t at = 0;
    if (text[0] != '{' && text[0] != '[') {
        while (at < text.size() && !is_blank(text[at]) && text[at] != ',' && text[at] != '}' &&
               text[at] != ']')
            ++at;
        return at;
    }
    int depth = 0;
    do {
        if (text[at] == '"') {
            at += size_of_string(text.substr(at));
            continue;
        }
        if (text[at] == '{' || text[at] == '[') ++depth;
        if (text[at] == '}' || text[at] == ']') --depth;
        ++at;
    } while (depth > 0);
    return at;
}

// Takes a value off, and the comma or bracket behind it.
std::string_view take_value(std::string_view& rest) {
    rest = skip_blanks(rest);
    auto const value = rest.substr(0, size_of_value(rest));
    rest = skip_blanks(rest.substr(value.size()));
    return value;
}

void append_utf8(std::string& out, char32_t letter) {
    auto const put = [&](char32_t byte) { out += static_cast<char>(byte); };
    auto const put_rest = [&](unsigned shift) { put(0x80U | ((letter >> shift) & 0x3FU)); };
    if (letter < 0x80U) return put(letter);
    if (letter < 0x800U) {
        put(0xC0U | (letter >> 6U));
        return put_rest(0);
    }
    if (letter < 0x10000U) {
        put(0xE0U | (letter >> 12U));
    } else {
        put(0xF0U | (letter >> 18U));
        put_rest(12);
    }
    put_rest(6);
    put_rest(0);
}

char32_t read_hex(std::string_view digits) {
    unsigned value = 0;
    std::from_chars(digits.data(), digits.data() + 4, value, 16);
    return value;
}

// "XXXX" behind "\u", and the second half of a pair behind it. Gives the number of bytes read.
std::size_t append_escaped(std::string& out, std::string_view text) {
    constexpr char32_t kReplacement = 0xFFFD;
    auto const letter = read_hex(text);
    if (letter < 0xD800U || letter > 0xDFFFU) {
        append_utf8(out, letter);
        return 4;
    }
    if (letter < 0xDC00U && text.size() >= 10 && text[4] == '\\' && text[5] == 'u') {
        auto const second = read_hex(text.substr(6));
        if (second >= 0xDC00U && second <= 0xDFFFU) {
            append_utf8(out, 0x10000U + ((letter - 0xD800U) << 10U) + (second - 0xDC00U));
            return 10;
        }
    }
    append_utf8(out, kReplacement);
    return 4;
}

char unescaped(char letter) {
    switch (letter) {
        case 'b':
            return '\b';
        case 'f':
            return '\f';
        case 'n':
            return '\n';
        case 'r':
            return '\r';
        case 't':
            return '\t';
        default:
            return letter;
    }
}

std::string compact(std::string_view value) {
    std::string text;
    text.reserve(value.size());
    while (!value.empty()) {
        auto const size = value[0] == '"' ? size_of_string(value) : 1;
        if (!is_blank(value[0])) text += value.substr(0, size);
        value.remove_prefix(size);
    }
    return text;
}

}  // namespace

bool is_object(std::string_view value) {
    return value.starts_with('{');
}
bool is_array(std::string_view value) {
    return value.starts_with('[');
}

bool for_each_member(std::string_view object, VisitMember const& visit) {
    auto rest = skip_blanks(object.substr(1));
    while (rest[0] != '}') {
        auto const name = take_value(rest);
        rest.remove_prefix(1);
        auto const value = take_value(rest);
        if (!visit(name, value)) return false;
        if (rest[0] == ',') rest = skip_blanks(rest.substr(1));
    }
    return true;
}

bool for_each_element(std::string_view array, VisitElement const& visit) {
    auto rest = skip_blanks(array.substr(1));
    while (rest[0] != ']') {
        auto const value = take_value(rest);
        if (!visit(value)) return false;
        if (rest[0] == ',') rest = skip_blanks(rest.substr(1));
    }
    return true;
}

std::optional<std::string_view> find(std::string_view value, PathStep const& step) {
    std::optional<std::string_view> found;
    if (step.index) {
        if (!is_array(value)) return std::nullopt;
        std::size_t left = *step.index;
        for_each_element(value, [&](std::string_view element) {
            if (left-- != 0) return true;
            found = element;
            return false;
        });
        return found;
    }
    if (!is_object(value)) return std::nullopt;
    for_each_member(value, [&](std::string_view name, std::string_view member) {
        auto const decoded = decode_string(name);
        bool const fits =
            step.is_quoted ? decoded == step.name : base::equal_ignoring_case(decoded, step.name);
        if (fits) found = member;
        return !fits;
    });
    return found;
}

std::string decode_string(std::string_view text) {
    text = text.substr(1, text.size() - 2);
    std::string decoded;
    decoded.reserve(text.size());
    while (!text.empty()) {
        auto const plain = std::min(text.find('\\'), text.size());
        decoded += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) break;
        char const letter = text[1];
        text.remove_prefix(2);
        if (letter == 'u') {
            text.remove_prefix(append_escaped(decoded, text));
        } else {
            decoded += unescaped(letter);
        }
    }
    return decoded;
}

Value to_exact_value(std::string_view value) {
    switch (value[0]) {
        case '"':
            return decode_string(value);
        case 't':
            return true;
        case 'f':
            return false;
        case 'n':
            return Null{};
        default:
            return JsonText{compact(value)};
    }
}

Value to_value(std::string_view value) {
    bool const is_number = value[0] == '-' || (value[0] >= '0' && value[0] <= '9');
    if (!is_number) return to_exact_value(value);
    if (auto const integer = base::parse_number<std::int64_t>(value)) return *integer;
    auto const number = convert(Value{std::string{value}}, Type::floating);
    return number ? *number : Value{JsonText{std::string{value}}};
}

void append_string(std::string& out, std::string_view text) {
    bool const is_text = base::is_valid_utf8(text);
    out += '"';
    for (char const letter : text) {
        auto const byte = static_cast<unsigned char>(letter);
        if (letter == '"' || letter == '\\') {
            out += '\\';
            out += letter;
        } else if (letter == '\n') {
            out += "\\n";
        } else if (letter == '\r') {
            out += "\\r";
        } else if (letter == '\t') {
            out += "\\t";
        } else if (byte < 0x20U) {
            out += fmt::format("\\u{:04x}", byte);
        } else if (byte >= 0x80U && !is_text) {
            out += "\xEF\xBF\xBD";
        } else {
            out += letter;
        }
    }
    out += '"';
}

}  // namespace bluebatch::emulator::blob::query::json
