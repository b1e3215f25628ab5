#pragma once

#include "emulator/identity/issuer.hpp"
#include "shared/http/message.hpp"

#include <string>
#include <string_view>

// What the issuer answers, in the forms that MSAL and the clients of managed identities read.
namespace bluebatch::emulator::identity::wire {

// "https://login.microsoftonline.com", as the request names it.
std::string base_url(http::RequestHead const& head);

http::Response instance_discovery(std::string_view base, std::string_view tenant);
enum class Endpoints : std::uint8_t { v1, v2 };
// `name` as the URL has it, `tenant_id` what it means.
http::Response openid_configuration(
    std::string_view base, std::string_view name, std::string_view tenant_id, Endpoints endpoints
);
http::Response signing_keys(SigningKey const& key);

http::Response application_token(IssuedToken const& token, std::string_view resource, Endpoints endpoints);
struct UserTokens {
    IssuedToken access;
    std::string scope;
    std::string refresh;  // may be empty
    std::string id;       // may be empty
    Subject subject;
};
http::Response user_tokens(UserTokens const& tokens);
http::Response device_code(
    std::string_view device_code, std::string_view user_code, std::chrono::seconds lifetime
);

// Who asks for the token of a managed identity has one of three forms of talking.
enum class IdentityEndpoint : std::uint8_t { virtual_machine, app_service_2017, app_service_2019 };
http::Response managed_identity_token(
    IssuedToken const& token, std::string_view resource, std::string_view client_id, IdentityEndpoint endpoint
);
http::Response managed_identity_refusal(IdentityEndpoint endpoint, int status, std::string_view text);

}  // namespace bluebatch::emulator::identity::wire
