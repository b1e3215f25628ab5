#pragma once

#include "emulator/resources/routes/call.hpp"
#include "emulator/resources/seen_tokens.hpp"

#include <string>
#include <variant>

namespace bluebatch::emulator::resources {

// A request that may go to its route.
struct Admitted {
    http::RouteMatch<routes::Handler> match;
    std::string tenant_id;  // whose token it is
    azure::Role role = azure::Role::none;
};

// Asks of every request, in the order of the service: who it is, which version it speaks, whether there is
// that subscription, and whether he may do that.
class Admission {
public:
    // The references outlive it.
    Admission(azure::TokenValidator const& tokens, base::Clock& clock);

    std::variant<Admitted, http::Response> admit(http::RequestHead const& head);

private:
    std::variant<azure::Principal, http::Response> identify(http::RequestHead const& head);

    azure::TokenValidator const& tokens_;
    base::Clock& clock_;
    SeenTokens seen_;
    http::Router<routes::Handler> router_;
};

}  // namespace bluebatch::emulator::resources
