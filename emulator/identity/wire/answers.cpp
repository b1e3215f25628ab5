#include "emulator/identity/wire/answers.hpp"

#include "emulator/identity/wire/claims.hpp"
#include "shared/codec/json_web_token.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace bluebatch::emulator::identity::wire {

namespace {

using Json = nlohmann::ordered_json;

http::Response answer(Json const& body, int status = 200) {
    http::Response response;
    response.status = status;
    response.headers.set("Content-Type", "application/json; charset=utf-8");
    response.headers.set("Cache-Control", "no-store, no-cache");
    response.headers.set("Pragma", "no-cache");
    response.text = body.dump(-1, ' ', false, Json::error_handler_t::replace);
    return response;
}

std::string seconds_text(base::TimePoint time) {
    return std::to_string(unix_seconds(time));
}

}  // namespace

std::string base_url(http::RequestHead const& head) {
    auto const* const scheme = head.scheme == http::Scheme::https ? "https://" : "http://";
    return scheme + std::string{head.host()};
}

http::Response instance_discovery(std::string_view base, std::string_view tenant) {
    return answer(
        {{"tenant_discovery_endpoint",
          fmt::format("{}/{}/v2.0/.well-known/openid-configuration", base, tenant)},
         {"api-version", "1.1"},
         {"metadata",
          Json::array(
              {{{"preferred_network", "login.microsoftonline.com"},
                {"preferred_cache", "login.windows.net"},
                {"aliases",
                 {"login.microsoftonline.com",
                  "login.windows.net",
                  "login.microsoft.com",
                  "sts.windows.net"}}}}
          )}}
    );
}

http::Response openid_configuration(
    std::string_view base, std::string_view name, std::string_view tenant_id, Endpoints endpoints
) {
    // What means any tenant stays so; a domain is told its id.
    bool const is_any = name == "common" || name == "organizations" || name == "consumers";
    auto const root = fmt::format("{}/{}", base, is_any ? name : tenant_id);
    bool const is_v2 = endpoints == Endpoints::v2;
    auto const* const part = is_v2 ? "/v2.0" : "";
    auto const* const of_tenant =
        is_v2 ? "https://login.microsoftonline.com/{}/v2.0" : "https://sts.windows.net/{}/";
    auto const issuer = fmt::format(fmt::runtime(of_tenant), is_any ? "{tenantid}" : tenant_id);
    return answer(
        {{"token_endpoint", fmt::format("{}/oauth2{}/token", root, part)},
         {"token_endpoint_auth_methods_supported",
          {"client_secret_post", "private_key_jwt", "client_secret_basic"}},
         {"jwks_uri", fmt::format("{}/discovery{}/keys", root, part)},
         {"response_modes_supported", {"query", "fragment", "form_post"}},
         {"subject_types_supported", Json::array({"pairwise"})},
         {"id_token_signing_alg_values_supported", Json::array({"RS256"})},
         {"response_types_supported", {"code", "id_token", "code id_token", "id_token token"}},
         {"scopes_supported", {"openid", "profile", "email", "offline_access"}},
         {"issuer", issuer},
         {"request_uri_parameter_supported", false},
         {"authorization_endpoint", fmt::format("{}/oauth2{}/authorize", root, part)},
         {"device_authorization_endpoint", fmt::format("{}/oauth2{}/devicecode", root, part)},
         {"claims_supported",
          {"sub", "iss", "aud", "exp", "iat", "nonce", "preferred_username", "name", "tid", "ver"}},
         {"tenant_region_scope", nullptr},
         {"cloud_instance_name", "microsoftonline.com"},
         {"cloud_graph_host_name", "graph.windows.net"},
         {"msgraph_host", "graph.microsoft.com"},
         {"rbac_url", "https://pas.windows.net"}}
    );
}

http::Response signing_keys(SigningKey const& key) {
    return answer(
        {{"keys",
          Json::array(
              {{{"kty", "RSA"},
                {"use", "sig"},
                {"kid", key.id},
                {"x5t", key.id},
                {"n", codec::to_base64url(key.key.modulus())},
                {"e", codec::to_base64url(key.key.exponent())}}}
          )}}
    );
}

http::Response application_token(IssuedToken const& token, std::string_view resource, Endpoints endpoints) {
    if (endpoints == Endpoints::v2) {
        return answer(
            {{"token_type", "Bearer"},
             {"expires_in", token.lifetime.count()},
             {"ext_expires_in", token.lifetime.count()},
             {"access_token", token.text}}
        );
    }
    auto const lifetime = std::to_string(token.lifetime.count());
    return answer(
        {{"token_type", "Bearer"},
         {"expires_in", lifetime},
         {"ext_expires_in", lifetime},
         {"expires_on", seconds_text(token.expiry)},
         {"not_before", seconds_text(token.not_before)},
         {"resource", resource},
         {"access_token", token.text}}
    );
}

http::Response user_tokens(UserTokens const& tokens) {
    Json const who{{"uid", tokens.subject.object_id}, {"utid", tokens.subject.tenant_id}};
    Json body{
        {"token_type", "Bearer"},
        {"scope", tokens.scope},
        {"expires_in", tokens.access.lifetime.count()},
        {"ext_expires_in", tokens.access.lifetime.count()},
        {"access_token", tokens.access.text}};
    if (!tokens.refresh.empty()) {
        body["refresh_token"] = tokens.refresh;
        // Programs of Microsoft may use each other's refresh tokens, which is how az gets those of all
        // services.
        body["foci"] = "1";
    }
    if (!tokens.id.empty()) body["id_token"] = tokens.id;
    body["client_info"] = codec::to_base64url(who.dump());
    return answer(body);
}

http::Response device_code(
    std::string_view device_code, std::string_view user_code, std::chrono::seconds lifetime
) {
    return answer(
        {{"user_code", user_code},
         {"device_code", device_code},
         {"verification_uri", "https://microsoft.com/devicelogin"},
         {"expires_in", lifetime.count()},
         {"interval", 1},
         {"message",
          fmt::format(
              "bluebatch-emulator signs you in by itself; there is nothing to enter ({}).", user_code
          )}}
    );
}

http::Response managed_identity_token(
    IssuedToken const& token, std::string_view resource, std::string_view client_id, IdentityEndpoint endpoint
) {
    Json body{
        {"access_token", token.text},
        {"expires_on", seconds_text(token.expiry)},
        {"resource", resource},
        {"token_type", "Bearer"},
        {"client_id", client_id}};
    if (endpoint == IdentityEndpoint::app_service_2017) {
        body["expires_on"] = fmt::format(
            "{:%m/%d/%Y %H:%M:%S} +00:00", std::chrono::floor<std::chrono::seconds>(token.expiry)
        );
    }
    if (endpoint == IdentityEndpoint::virtual_machine) {
        body["expires_in"] = std::to_string(token.lifetime.count());
        body["ext_expires_in"] = std::to_string(token.lifetime.count());
        body["not_before"] = seconds_text(token.not_before);
    }
    return answer(body);
}

http::Response managed_identity_refusal(IdentityEndpoint endpoint, int status, std::string_view text) {
    if (endpoint != IdentityEndpoint::virtual_machine)
        return answer({{"statusCode", status}, {"message", text}}, status);
    return answer({{"error", "invalid_request"}, {"error_description", text}}, status);
}

}  // namespace bluebatch::emulator::identity::wire
