#pragma once

#include "shared/http/client.hpp"

#include <optional>
#include <stop_token>
#include <string>

namespace bluebatch::http {

// The certificate that a server showed and that was found good.
struct ServerCertificate {
    std::string subject;
    std::string issuer;
    std::string expires;  // "Nov 22 16:00:00 2027 GMT"
};

struct ProbeAnswer {
    IncomingResponse response;
    std::string address;  // of who answered: the server, or a proxy on the way to it
    std::optional<ServerCertificate> certificate;
};

// One request on a connection of its own, and what the connection tells.
base::Result<ProbeAnswer, TransportError> probe(
    OutgoingRequest const& request, ClientOptions const& options, std::stop_token stop
);

}  // namespace bluebatch::http
