#pragma once

#include "shared/http/connect_proxy.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace bluebatch::http {

// What a client asks of a proxy.
struct ProxyRequest {
    ProxyTarget target;
    // What is sent on before everything else: nothing for a tunnel, otherwise the head of the request.
    std::string head;
    bool is_tunnel = false;
};

struct ProxyFault {
    int status = 400;
    std::string text;
};

// Reads the head of a request, up to and with its empty line. `credentials` is "user:password".
std::variant<ProxyRequest, ProxyFault> read_proxy_request(
    std::string_view head, std::string_view credentials
);

// "host:443", "[::1]:443". False when it is something else.
bool parse_authority(std::string_view text, std::uint16_t default_port, ProxyTarget& target);

}  // namespace bluebatch::http
