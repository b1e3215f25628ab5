#include "emulator/resources/admission.hpp"

#include "emulator/resources/audience.hpp"
#include "emulator/resources/routes/tables.hpp"
#include "emulator/resources/subscription.hpp"
#include "shared/base/text.hpp"
#include "shared/codec/json_web_token.hpp"
#include "shared/http/local_names.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace bluebatch::emulator::resources {

namespace {

using wire::Refusal;

constexpr std::string_view kAnyTenant = "common";

http::Response unauthorized(
    std::string_view tenant, std::string code, std::string message, std::string_view description
) {
    auto response = wire::to_response({401, std::move(code), std::move(message)});
    // Without claims: the SDKs would ask for a new token with them, and send again.
    response.headers.set(
        "WWW-Authenticate",
        fmt::format(
            R"(Bearer authorization_uri="https://login.windows.net/{}", error="invalid_token", error_description="{}")",
            tenant,
            description
        )
    );
    return response;
}

// "11/22/2026 1:34:38 PM"
std::string american(base::TimePoint time) {
    auto const seconds = std::chrono::floor<std::chrono::seconds>(time);
    auto text = fmt::format("{:%m/%d/%Y %I:%M:%S %p}", seconds);
    auto const hour = text.find(' ') + 1;
    if (text[hour] == '0') text.erase(hour, 1);
    return text;
}

http::Response refuse_token(std::string_view text, azure::TokenRefusal const& refusal, base::TimePoint now) {
    constexpr std::string_view kSame = "The access token is invalid.";
    auto const token = codec::parse_json_web_token(text);
    auto const tenant = token && !token->tenant_id.empty() ? token->tenant_id : std::string{kAnyTenant};
    if (refusal.fault == azure::TokenFault::expired && token && token->expiry)
        return unauthorized(
            tenant,
            "ExpiredAuthenticationToken",
            fmt::format(
                "The access token expiry UTC time '{}' is earlier than current UTC time '{}'.",
                american(*token->expiry),
                american(now)
            ),
            "The access token expiry UTC time is earlier than current UTC time."
        );
    if (refusal.fault == azure::TokenFault::wrong_audience && token && !token->audiences.empty())
        return unauthorized(
            tenant,
            "InvalidAuthenticationTokenAudience",
            fmt::format(
                "The access token has been obtained for wrong audience or resource '{}'. It should exactly "
                "match with one of the allowed audiences '{}'.",
                token->audiences.front(),
                fmt::join(kAudiences, "','")
            ),
            "The access token has been obtained from wrong audience or resource."
        );
    return unauthorized(tenant, "InvalidAuthenticationToken", std::string{kSame}, kSame);
}

// "2021-04-01", with "-preview" or another word behind it.
bool is_api_version(std::string_view text) {
    constexpr std::string_view kForm = "0000-00-00";
    constexpr std::size_t kLongest = 32;
    if (text.size() < kForm.size() || text.size() > kLongest) return false;
    for (std::size_t i = 0; i < kForm.size(); ++i) {
        bool const is_digit = text[i] >= '0' && text[i] <= '9';
        if (kForm[i] == '-' ? text[i] != '-' : !is_digit) return false;
    }
    auto const rest = text.substr(kForm.size());
    return rest.empty() ||
           (rest.size() > 1 && rest.front() == '-' && std::ranges::all_of(rest.substr(1), [](char c) {
                return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.';
            }));
}

std::optional<Refusal> fault_of_version(http::RequestHead const& head) {
    auto const version = head.find_query_ignoring_case("api-version");
    if (!version || version->empty())
        return Refusal{
            400,
            "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all requests."};
    if (!is_api_version(*version))
        return Refusal{
            400,
            "InvalidApiVersionParameter",
            fmt::format("The api-version '{}' is invalid.", version->substr(0, 64))};
    return std::nullopt;
}

std::vector<std::string> segments_of(http::RequestHead const& head) {
    std::vector<std::string> segments;
    http::SplitPath const path(head.path);
    if (!path.well_formed()) return segments;
    for (std::size_t i = 0; i < path.size(); ++i)
        segments.push_back(http::percent_decode(path[i]));
    return segments;
}

std::optional<Refusal> fault_of_subscription(std::vector<std::string> const& segments) {
    if (segments.size() < 2 || !base::equal_ignoring_case(segments[0], "subscriptions")) return std::nullopt;
    if (base::equal_ignoring_case(segments[1], kSubscription)) return std::nullopt;
    return Refusal{
        404,
        "SubscriptionNotFound",
        fmt::format("The subscription '{}' could not be found.", segments[1].substr(0, 64))};
}

// "GET Microsoft.Compute/virtualMachines": what was asked for, without names.
std::string describe(http::RequestHead const& head, std::vector<std::string> const& segments) {
    constexpr std::size_t kLongest = 100;
    std::string text;
    auto const provider = std::find_if(segments.rbegin(), segments.rend(), [](auto const& segment) {
        return base::equal_ignoring_case(segment, "providers");
    });
    auto at = static_cast<std::size_t>(segments.rend() - provider);
    if (provider == segments.rend()) {
        at = 0;
    } else if (at < segments.size()) {
        text = segments[at++];
    }
    for (; at < segments.size(); at += 2)
        text += (text.empty() ? "" : "/") + segments[at];
    if (!base::is_valid_utf8(text)) text.clear();
    std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
    return fmt::format(
        "{} {} of {}", http::to_string(head.verb), text.substr(0, kLongest), "management.azure.com"
    );
}

bool may(azure::Role role, std::string_view action) {
    if (action.empty()) return true;
    auto const needed = action.ends_with("/read") ? azure::Role::reader : azure::Role::contributor;
    return role >= needed;
}

Refusal forbidden(
    http::RequestHead const& head, std::string_view action, std::string_view client, std::string_view object
) {
    return {
        403,
        "AuthorizationFailed",
        fmt::format(
            "The client '{}' with object id '{}' does not have authorization to perform action '{}' over "
            "scope '{}' or the scope is invalid. If access was recently granted, please refresh your "
            "credentials.",
            client,
            object,
            action,
            head.path.substr(0, 512)
        )};
}

std::string_view token_of(http::RequestHead const& head) {
    constexpr std::string_view kBearer = "Bearer ";
    auto const given = head.headers.get("Authorization");
    if (!base::starts_with_ignoring_case(given, kBearer)) return {};
    return base::trim(given.substr(kBearer.size()));
}

}  // namespace

Admission::Admission(azure::TokenValidator const& tokens, base::Clock& clock)
    : tokens_(tokens),
      clock_(clock),
      router_{
          routes::subscription_routes(),
          routes::group_routes(),
          routes::operation_routes(),
          routes::storage_account_routes(),
          routes::storage_key_routes(),
          routes::container_routes(),
          routes::batch_account_routes(),
          routes::batch_key_routes(),
          routes::batch_location_routes(),
          routes::application_routes(),
          routes::package_routes(),
          routes::pool_routes(),
      } {}

std::variant<azure::Principal, http::Response> Admission::identify(http::RequestHead const& head) {
    auto const token = token_of(head);
    if (token.empty()) {
        constexpr std::string_view kMissing =
            "The authentication failed because of missing 'Authorization' header.";
        constexpr std::string_view kEmpty = "The authorization header is missing access token.";
        return unauthorized(
            kAnyTenant,
            "AuthenticationFailed",
            "Authentication failed. The 'Authorization' header is missing.",
            head.headers.has("Authorization") ? kEmpty : kMissing
        );
    }
    auto const now = clock_.machine_now();
    if (auto seen = seen_.find(token, now)) return *std::move(seen);
    auto principal = tokens_.validate(token, "", now);
    if (!principal) return refuse_token(token, principal.error(), now);
    seen_.keep(token, *principal, now);
    return *std::move(principal);
}

std::variant<Admitted, http::Response> Admission::admit(http::RequestHead const& head) {
    if (http::is_from_foreign_page(head))
        return wire::to_response({403, "Forbidden", "Requests of pages from another site are refused."});
    auto identified = identify(head);
    if (auto* const refused = std::get_if<http::Response>(&identified)) return std::move(*refused);
    auto const& principal = std::get<azure::Principal>(identified);
    if (auto const fault = fault_of_version(head)) return wire::to_response(*fault);
    auto const segments = segments_of(head);
    if (auto const fault = fault_of_subscription(segments)) return wire::to_response(*fault);
    auto match = router_.match(head);
    if (match.outcome != http::RouteOutcome::found) return wire::not_emulated(describe(head, segments));
    if (!may(principal.role, match.route->operation)) {
        auto const token = codec::parse_json_web_token(token_of(head));
        auto const client = token ? token->application_id : std::string{};
        return wire::to_response(forbidden(head, match.route->operation, client, principal.object_id));
    }
    return Admitted{std::move(match), principal.tenant_id, principal.role};
}

}  // namespace bluebatch::emulator::resources
