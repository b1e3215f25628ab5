#pragma once

#include <string>
#include <string_view>

namespace bluebatch::client {

// Headers quote ETags and lists do not; here they are without quotes, and get them back as conditions.
inline std::string read_etag(std::string_view text) {
    bool const is_quoted = text.size() >= 2 && text.starts_with('"') && text.ends_with('"');
    return std::string(is_quoted ? text.substr(1, text.size() - 2) : text);
}

inline std::string to_condition(std::string_view etag) {
    return '"' + std::string(etag) + '"';
}

}  // namespace bluebatch::client
