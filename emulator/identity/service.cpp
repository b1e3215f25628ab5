#include "emulator/identity/service.hpp"

#include "emulator/identity/token_grants.hpp"
#include "emulator/identity/wire/answers.hpp"
#include "emulator/identity/wire/refusal.hpp"
#include "shared/base/digest.hpp"
#include "shared/base/text.hpp"
#include "shared/http/local_names.hpp"
#include "shared/http/router.hpp"

#include <array>
#include <span>

namespace bluebatch::emulator::identity {

namespace {

using enum http::Verb;

constexpr std::uint64_t kLargestForm = 64 << 10;

struct Call {
    Issuer const& issuer;
    Directory const& directory;
    base::Random& random;
    http::Request const& request;
    http::PathParameters const& parameters;
};
using Handler = Granted (*)(Call const&);
using Route = http::Route<Handler>;

std::string_view tenant_name(Call const& call) {
    return call.parameters["tenant"];
}

wire::Refusal no_such_tenant(Call const& call) {
    return {wire::RefusalCode::unknown_tenant, std::string{tenant_name(call)}};
}

Granted discover_instance(Call const& call) {
    // The authority in question is a parameter; the path says "common" whatever it is.
    std::string_view tenant = tenant_name(call);
    if (auto const asked = call.request.find_query("authorization_endpoint")) {
        auto const parts = base::split(*asked, '/');
        constexpr std::size_t kTenantPart = 3;  // "https:", "", host, tenant
        if (parts.size() > kTenantPart) tenant = parts[kTenantPart];
    }
    return wire::instance_discovery(wire::base_url(call.request), tenant);
}

template <wire::Endpoints endpoints>
Granted describe(Call const& call) {
    auto const tenant_id = Directory::find_tenant(tenant_name(call));
    if (!tenant_id)
        return wire::Refusal{wire::RefusalCode::unknown_authority, std::string{tenant_name(call)}};
    return wire::openid_configuration(wire::base_url(call.request), tenant_name(call), *tenant_id, endpoints);
}

Granted list_keys(Call const& call) {
    return wire::signing_keys(call.issuer.key());
}

Form parse_form(std::string_view text) {
    Form form;
    for (auto const pair : base::split(text, '&')) {
        auto const equals = pair.find('=');
        if (equals == std::string_view::npos) continue;
        form[http::form_decode(pair.substr(0, equals))] = http::form_decode(pair.substr(equals + 1));
    }
    return form;
}

// RFC 6749, 2.3.1: id and secret may stand in the header instead.
void add_basic_credentials(http::Headers const& headers, Form& form) {
    constexpr std::string_view kBasic = "Basic ";
    auto const given = headers.get("Authorization");
    if (!base::starts_with_ignoring_case(given, kBasic)) return;
    auto const text = base::parse_base64(base::trim(given.substr(kBasic.size())));
    if (!text || text->find(':') == std::string::npos) return;
    auto const colon = text->find(':');
    form["client_id"] = http::form_decode(std::string_view{*text}.substr(0, colon));
    form["client_secret"] = http::form_decode(std::string_view{*text}.substr(colon + 1));
}

std::variant<TokenRequest, wire::Refusal> read_token_request(Call const& call, wire::Endpoints endpoints) {
    auto tenant_id = Directory::find_tenant(tenant_name(call));
    if (!tenant_id) return no_such_tenant(call);
    TokenRequest request{*std::move(tenant_id), parse_form(call.request.body.bytes), endpoints};
    add_basic_credentials(call.request.headers, request.form);
    return request;
}

template <wire::Endpoints endpoints>
Granted give_token(Call const& call) {
    auto const request = read_token_request(call, endpoints);
    if (auto const* const refusal = std::get_if<wire::Refusal>(&request)) return *refusal;
    return grant_token(std::get<TokenRequest>(request), call.issuer, call.directory);
}

Granted give_device_code(Call const& call) {
    auto const request = read_token_request(call, wire::Endpoints::v2);
    if (auto const* const refusal = std::get_if<wire::Refusal>(&request)) return *refusal;
    return begin_device_flow(std::get<TokenRequest>(request), call.issuer, call.directory, call.random);
}

// A page of another site can't send the header that each form demands, which is what it is for.
Granted give_managed_identity(Call const& call) {
    auto const& request = call.request;
    auto const form = parse_form(request.body.bytes);
    auto const find = [&](std::string_view name) {
        if (auto const value = request.find_query(name)) return std::string{*value};
        auto const found = form.find(name);
        return found == form.end() ? std::string{} : found->second;
    };
    auto endpoint = wire::IdentityEndpoint::virtual_machine;
    if (find("api-version") == "2019-08-01") endpoint = wire::IdentityEndpoint::app_service_2019;
    if (find("api-version") == "2017-09-01") endpoint = wire::IdentityEndpoint::app_service_2017;
    constexpr std::array<std::string_view, 3> kHeaders{"Metadata", "Secret", "X-IDENTITY-HEADER"};
    auto const header = kHeaders[static_cast<std::size_t>(endpoint)];
    constexpr int kBadRequest = 400;
    auto const refuse = [&](std::string const& text) {
        return wire::managed_identity_refusal(endpoint, kBadRequest, text);
    };
    if (request.headers.get(header).empty())
        return refuse("Required " + std::string{header} + " header not specified");
    bool const has_secret = endpoint != wire::IdentityEndpoint::virtual_machine;
    constexpr int kUnauthorized = 401;
    if (has_secret && request.headers.get(header) != kIdentityHeader)
        return wire::managed_identity_refusal(
            endpoint, kUnauthorized, "The value of " + std::string{header} + " is wrong"
        );
    auto const resource = find("resource");
    if (resource.empty()) return refuse("Required query variable 'resource' is missing");
    auto client_id = find("client_id");
    if (client_id.empty()) client_id = find("clientid");
    if (client_id.empty()) client_id = kManagedIdentity;
    // A program with a secret is no machine: whoever could reach this endpoint would be it.
    auto const client = call.directory.find(client_id);
    if (!client || !client->secret.empty()) return refuse("Identity not found");
    Subject const subject{
        SubjectKind::managed_identity, std::string{kTenant}, client_id, object_id_of(client_id)};
    return wire::managed_identity_token(
        call.issuer.access_token(subject, resource, {}), resource, client_id, endpoint
    );
}

constexpr std::array<Route, 12> kRoutes{{
    {get, "/{tenant}/discovery/instance", "", "DiscoverInstance", discover_instance},
    {get, "/{tenant}/.well-known/openid-configuration", "", "DescribeV1", describe<wire::Endpoints::v1>},
    {get, "/{tenant}/v2.0/.well-known/openid-configuration", "", "DescribeV2", describe<wire::Endpoints::v2>},
    {get, "/{tenant}/discovery/keys", "", "ListKeysV1", list_keys},
    {get, "/{tenant}/discovery/v2.0/keys", "", "ListKeysV2", list_keys},
    {post, "/{tenant}/oauth2/token", "", "GiveTokenV1", give_token<wire::Endpoints::v1>},
    {post, "/{tenant}/oauth2/v2.0/token", "", "GiveTokenV2", give_token<wire::Endpoints::v2>},
    {post, "/{tenant}/oauth2/v2.0/devicecode", "", "GiveDeviceCode", give_device_code},
    {get, "/metadata/identity/oauth2/token", "", "GiveManagedIdentity", give_managed_identity},
    {get, "/msi/token", "", "GiveAppServiceIdentity", give_managed_identity},
    {post, "/msi/token", "", "GiveCloudShellIdentity", give_managed_identity},
    {post, "/metadata/identity/oauth2/token", "", "GiveManagedIdentityByPost", give_managed_identity},
}};

http::Router<Handler> const& router() {
    static http::Router<Handler> const router{std::span<Route const>(kRoutes)};
    return router;
}

// Of the cloud's own hosts, which end here under `bluebatch run`.
bool is_azures(std::string_view authority) {
    return base::equal_ignoring_case(authority.substr(0, authority.find(':')), "login.microsoftonline.com");
}

http::Response not_found() {
    http::Response response;
    response.status = 404;
    response.headers.set("Content-Type", "text/plain");
    response.text = "The emulator has no such endpoint of Microsoft Entra ID.\n";
    return response;
}

}  // namespace

bool IdentityService::has_path_of(http::RequestHead const& head) {
    return router().match(head).outcome != http::RouteOutcome::none;
}

std::variant<http::Response, http::BodyPlan> IdentityService::admit(http::RequestHead const& head) {
    if (http::is_from_foreign_page(head) || (http::can_be_rebound(head.host()) && !is_azures(head.host())))
        return not_found();
    http::BodyPlan plan;
    plan.limit = plan.memory_limit = kLargestForm;
    return plan;
}

http::Response IdentityService::answer(http::Request request) {
    auto const match = router().match(request);
    if (match.outcome != http::RouteOutcome::found) return not_found();
    auto granted = match.route->handler({issuer_, directory_, random_, request, match.parameters});
    auto const client_request_id = request.headers.get("client-request-id");
    auto* const given = std::get_if<http::Response>(&granted);
    auto response =
        given != nullptr
            ? std::move(*given)
            : wire::to_response(std::get<wire::Refusal>(granted), issuer_.now(), client_request_id, random_);
    response.headers.set("x-ms-request-id", random_.guid());
    if (!client_request_id.empty()) response.headers.set("client-request-id", std::string{client_request_id});
    return response;
}

http::Response IdentityService::too_large(http::RequestHead const&, std::uint64_t) {
    http::Response response;
    response.status = 413;
    return response;
}

}  // namespace bluebatch::emulator::identity
