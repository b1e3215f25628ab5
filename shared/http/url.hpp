#pragma once

#include "shared/http/message.hpp"

#include <optional>
#include <string_view>

namespace bluebatch::http {

// The parts of an absolute URL; views into it.
struct Url {
    Scheme scheme = Scheme::http;
    std::string_view authority;  // "host:port", as a Host header says it
    std::string_view host;       // without port and brackets
    std::string_view target;     // path and query; may be empty, or begin with '?'
};

// http and https only; no user name in it, no blanks or control characters.
std::optional<Url> parse_url(std::string_view text);

// "localhost", "x.localhost" and the loopback addresses.
bool is_loopback(std::string_view host);

}  // namespace bluebatch::http
