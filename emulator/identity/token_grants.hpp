#pragma once

#include "emulator/identity/directory.hpp"
#include "emulator/identity/issuer.hpp"
#include "emulator/identity/wire/answers.hpp"
#include "emulator/identity/wire/refusal.hpp"
#include "shared/http/message.hpp"

#include <map>
#include <string>
#include <variant>

namespace bluebatch::emulator::identity {

using Form = std::map<std::string, std::string, std::less<>>;
using Granted = std::variant<http::Response, wire::Refusal>;

// Whom the request comes from: what stands in the form, or in an Authorization header (Basic) instead.
struct TokenRequest {
    std::string tenant_id;
    Form form;
    wire::Endpoints endpoints = wire::Endpoints::v2;
};

// What the token endpoint gives for each grant.
Granted grant_token(TokenRequest const& request, Issuer const& issuer, Directory const& directory);
Granted begin_device_flow(
    TokenRequest const& request, Issuer const& issuer, Directory const& directory, base::Random& random
);

}  // namespace bluebatch::emulator::identity
