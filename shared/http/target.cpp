// Request targets and percent coding.
#include "shared/base/text.hpp"
#include "shared/http/message.hpp"

#include <algorithm>

namespace bluebatch::http {

namespace {

constexpr std::size_t kMaxQueryParameters = 256;

int hex_value(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

// The byte that the escape at `position` stands for, or -1 when there is no whole escape.
int escape_at(std::string_view text, std::size_t position) {
    if (text[position] != '%' || position + 2 >= text.size()) return -1;
    int const high = hex_value(text[position + 1]);
    int const low = hex_value(text[position + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

enum class Plus : std::uint8_t { stays, is_blank };

std::string decode(std::string_view text, Plus plus) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        int const escaped = escape_at(text, i);
        if (escaped >= 0) {
            decoded.push_back(static_cast<char>(escaped));
            i += 2;
        } else {
            decoded.push_back(text[i] == '+' && plus == Plus::is_blank ? ' ' : text[i]);
        }
    }
    return decoded;
}

bool has_forbidden_byte(std::string_view target) {
    return std::ranges::any_of(target, [](char byte) {
        return static_cast<unsigned char>(byte) <= ' ' || byte == '\x7f' || byte == '#';
    });
}

bool has_broken_escape(std::string_view text) {
    for (auto at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1)) {
        if (escape_at(text, at) < 0) return true;
    }
    return false;
}

bool is_unreserved(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
           byte == '-' || byte == '.' || byte == '_' || byte == '~';
}

// "http://host/a?b" without "http://host"; the text itself when it has no scheme.
std::string_view without_authority(std::string_view target) {
    for (std::string_view const scheme : {"http://", "https://"}) {
        if (!base::starts_with_ignoring_case(target, scheme)) continue;
        target.remove_prefix(scheme.size());
        target.remove_prefix(std::min(target.find_first_of("/?"), target.size()));
        return target;
    }
    return target;
}

bool parse_query(std::string_view text, std::vector<QueryParameter>& query) {
    for (std::size_t begin = 0; begin < text.size();) {
        auto const end = std::min(text.find('&', begin), text.size());
        auto const part = text.substr(begin, end - begin);
        begin = end + 1;
        if (part.empty()) continue;
        if (query.size() == kMaxQueryParameters) return false;
        auto const equals = std::min(part.find('='), part.size());
        auto const value = part.substr(std::min(equals + 1, part.size()));
        query.push_back({percent_decode(part.substr(0, equals)), form_decode(value), std::string(value)});
    }
    return true;
}

}  // namespace

bool parse_target(std::string_view target, RequestHead& head) {
    if (target.empty() || has_forbidden_byte(target)) return false;
    bool const is_absolute = target.front() != '/' && target != "*";
    if (is_absolute) {
        auto const rest = without_authority(target);
        if (rest.size() == target.size()) return false;
        target = rest;
    }
    auto const question = std::min(target.find('?'), target.size());
    auto const path = target.substr(0, question);
    if (has_broken_escape(path)) return false;
    head.path = path.empty() ? "/" : std::string(path);
    head.raw_query = std::string(target.substr(std::min(question + 1, target.size())));
    head.query.clear();
    return parse_query(head.raw_query, head.query);
}

std::string percent_decode(std::string_view text) {
    return decode(text, Plus::stays);
}

std::string form_decode(std::string_view text) {
    return decode(text, Plus::is_blank);
}

std::string percent_encode(std::string_view text, KeepSlash keep_slash) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string encoded;
    encoded.reserve(text.size() + text.size() / 4);
    for (char const byte : text) {
        if (is_unreserved(byte) || (byte == '/' && keep_slash == KeepSlash::yes)) {
            encoded.push_back(byte);
            continue;
        }
        auto const value = static_cast<unsigned char>(byte);
        encoded.push_back('%');
        encoded.push_back(kDigits[value >> 4U]);
        encoded.push_back(kDigits[value & 0xFU]);
    }
    return encoded;
}

}  // namespace bluebatch::http
