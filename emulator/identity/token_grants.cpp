#include "emulator/identity/token_grants.hpp"

#include "emulator/identity/resources.hpp"
#include "shared/base/digest.hpp"
#include "shared/base/text.hpp"
#include "shared/codec/json_web_token.hpp"

#include <array>
#include <optional>

namespace bluebatch::emulator::identity {

namespace {

using enum wire::RefusalCode;
using wire::Refusal;

constexpr std::chrono::minutes kDeviceCodeLifetime{15};
constexpr std::chrono::days kRefreshTokenLifetime{90};

std::string_view value_of(Form const& form, std::string_view name) {
    auto const found = form.find(name);
    return found == form.end() ? std::string_view{} : std::string_view{found->second};
}

std::optional<Refusal> find_missing(Form const& form, std::string_view name) {
    if (!value_of(form, name).empty()) return std::nullopt;
    return Refusal{missing_parameter, std::string{name}};
}

// A secret; or a token that a certificate or another issuer has signed, neither of which anybody here knows:
// it is held to its form and its time.
std::optional<Refusal> find_credential_fault(Form const& form, Client const& client, base::TimePoint now) {
    if (auto const assertion = value_of(form, "client_assertion"); !assertion.empty()) {
        auto const token = codec::parse_json_web_token(assertion);
        if (!token || !token->expiry || token->algorithm == "none") return Refusal{bad_assertion, client.id};
        if (now >= *token->expiry) return Refusal{expired_assertion, client.id};
        return std::nullopt;
    }
    auto const secret = value_of(form, "client_secret");
    if (secret.empty()) return Refusal{missing_credential, client.id};
    if (client.secret.empty() || base::equal_in_constant_time(secret, client.secret)) return std::nullopt;
    return Refusal{wrong_secret, client.id};
}

Granted grant_to_application(TokenRequest const& request, Issuer const& issuer, Directory const& directory) {
    auto const& form = request.form;
    auto const client = directory.find(value_of(form, "client_id"));
    if (!client) return Refusal{unknown_client, std::string{value_of(form, "client_id")}};
    if (auto const fault = find_credential_fault(form, *client, issuer.now())) return *fault;
    std::string resource{value_of(form, "resource")};
    if (request.endpoints == wire::Endpoints::v2) {
        if (auto const missing = find_missing(form, "scope")) return *missing;
        auto const scopes = parse_scopes(value_of(form, "scope"));
        if (!scopes.is_default) return Refusal{scope_without_default, std::string{value_of(form, "scope")}};
        resource = scopes.resource;
    } else if (auto const missing = find_missing(form, "resource")) {
        return *missing;
    }
    if (!is_resource(resource)) return Refusal{unknown_resource, resource};
    Subject const subject{SubjectKind::application, request.tenant_id, client->id, object_id_of(client->id)};
    return wire::application_token(issuer.access_token(subject, resource, {}), resource, request.endpoints);
}

Granted grant_to_user(Promise const& promise, std::string_view scope, Issuer const& issuer) {
    auto const scopes = parse_scopes(scope);
    wire::UserTokens tokens;
    tokens.subject = {SubjectKind::user, promise.tenant_id, promise.client_id, object_id_of(kUser)};
    auto const resource = scopes.resource.empty() ? "https://graph.microsoft.com" : scopes.resource;
    if (!is_resource(resource)) return Refusal{unknown_resource, resource};
    tokens.scope = resource + "/user_impersonation " + resource + "/.default";
    tokens.access = issuer.access_token(tokens.subject, resource, "user_impersonation");
    if (scopes.wants_refresh_token) {
        tokens.refresh = issuer.seal(
            {"refresh_token", promise.client_id, promise.tenant_id, std::string{scope}, kRefreshTokenLifetime}
        );
    }
    if (scopes.wants_id_token) tokens.id = issuer.id_token(tokens.subject, {});
    return wire::user_tokens(tokens);
}

// There is nobody to ask, so whoever begins to sign in has signed in. Each client redeems its own codes only.
Granted grant_to_device(TokenRequest const& request, Issuer const& issuer, Directory const&) {
    auto const& form = request.form;
    auto const* const name = form.contains("device_code") ? "device_code" : "code";
    auto const promise = issuer.open(value_of(form, name), "device_code");
    if (!promise || promise->client_id != value_of(form, "client_id")) return Refusal{bad_device_code, name};
    return grant_to_user(*promise, promise->scope, issuer);
}

Granted grant_again(TokenRequest const& request, Issuer const& issuer, Directory const&) {
    auto promise = issuer.open(value_of(request.form, "refresh_token"), "refresh_token");
    if (!promise) return Refusal{bad_refresh_token, {}};
    promise->client_id = value_of(request.form, "client_id");
    auto const scope = value_of(request.form, "scope");
    return grant_to_user(*promise, scope.empty() ? promise->scope : scope, issuer);
}

struct Grant {
    std::string_view type;
    Granted (*handler)(TokenRequest const&, Issuer const&, Directory const&);
};
constexpr std::array<Grant, 4> kGrants{{
    {"client_credentials", grant_to_application},
    {"urn:ietf:params:oauth:grant-type:device_code", grant_to_device},
    {"device_code", grant_to_device},
    {"refresh_token", grant_again},
}};

}  // namespace

Granted grant_token(TokenRequest const& request, Issuer const& issuer, Directory const& directory) {
    for (auto const* const name : {"grant_type", "client_id"})
        if (auto const missing = find_missing(request.form, name)) return *missing;
    auto const type = value_of(request.form, "grant_type");
    for (auto const& grant : kGrants)
        if (grant.type == type) return grant.handler(request, issuer, directory);
    return Refusal{unsupported_grant, std::string{type}};
}

Granted begin_device_flow(
    TokenRequest const& request, Issuer const& issuer, Directory const& directory, base::Random& random
) {
    if (auto const missing = find_missing(request.form, "client_id")) return *missing;
    if (!directory.find(kUser)) return Refusal{unknown_client, "user"};
    Promise const promise{
        "device_code",
        std::string{value_of(request.form, "client_id")},
        request.tenant_id,
        std::string{value_of(request.form, "scope")},
        kDeviceCodeLifetime};
    auto const user_code = base::to_upper(random.hex(9));
    return wire::device_code(issuer.seal(promise), user_code, promise.lifetime);
}

}  // namespace bluebatch::emulator::identity
