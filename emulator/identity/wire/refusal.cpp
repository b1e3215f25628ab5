#include "emulator/identity/wire/refusal.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace bluebatch::emulator::identity::wire {

namespace {

using Json = nlohmann::ordered_json;

struct Row {
    RefusalCode code;
    int status;
    std::string_view error;  // of OAuth 2.0
    int number;              // AADSTS...
    std::string_view text;
};

constexpr std::array<Row, 13> kRows{{
    {RefusalCode::missing_parameter,
     400,
     "invalid_request",
     900144,
     "The request body must contain the following parameter: '{}'."},
    {RefusalCode::unknown_tenant,
     400,
     "invalid_request",
     90002,
     "Tenant '{}' not found. Check to make sure you have the correct tenant ID and are signing into the "
     "correct cloud."},
    {RefusalCode::unknown_authority,
     400,
     "invalid_tenant",
     90002,
     "Tenant '{}' not found. Check to make sure you have the correct tenant ID and are signing into the "
     "correct "
     "cloud."},
    {RefusalCode::unknown_client,
     400,
     "unauthorized_client",
     700016,
     "Application with identifier '{}' was not found in the directory. Give the emulator a --principal for "
     "it."},
    {RefusalCode::missing_credential,
     401,
     "invalid_client",
     7000216,
     "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type."},
    {RefusalCode::wrong_secret,
     401,
     "invalid_client",
     7000215,
     "Invalid client secret provided. Ensure the secret being sent in the request is the client secret "
     "value, not the "
     "client secret ID, for a secret added to app '{}'."},
    {RefusalCode::bad_assertion, 401, "invalid_client", 50027, "JWT token is invalid or malformed."},
    {RefusalCode::expired_assertion,
     401,
     "invalid_client",
     700024,
     "Client assertion is not within its valid time range."},
    {RefusalCode::scope_without_default,
     400,
     "invalid_scope",
     1002012,
     "The provided value for scope {} is not valid. Client credential flows must have a scope value with "
     "/.default "
     "suffixed to the resource identifier (application ID URI)."},
    {RefusalCode::unknown_resource,
     400,
     "invalid_resource",
     500011,
     "The resource principal named {} was not found in the tenant."},
    {RefusalCode::unsupported_grant,
     400,
     "unsupported_grant_type",
     70003,
     "The app requested an unsupported grant type '{}'. The emulator has client_credentials, device_code and "
     "refresh_token."},
    {RefusalCode::bad_device_code,
     400,
     "invalid_grant",
     70000,
     "The provided value for the '{}' is not valid. The code has expired or is not one of this emulator."},
    {RefusalCode::bad_refresh_token,
     400,
     "invalid_grant",
     700082,
     "The refresh token has expired or is not one of this emulator."},
}};

constexpr bool rows_are_in_order() {
    for (std::size_t i = 0; i < kRows.size(); ++i)
        if (static_cast<std::size_t>(kRows[i].code) != i) return false;
    return true;
}
static_assert(rows_are_in_order());

}  // namespace

http::Response to_response(
    Refusal const& refusal, base::TimePoint now, std::string_view request_id, base::Random& random
) {
    auto const& row = kRows[static_cast<std::size_t>(refusal.code)];
    auto time = base::to_iso8601(std::chrono::floor<std::chrono::seconds>(now), 0);
    std::ranges::replace(time, 'T', ' ');
    auto const trace = random.guid();
    auto const correlation = request_id.empty() ? random.guid() : std::string{request_id};
    auto const text = fmt::format(
        "AADSTS{}: {} Trace ID: {} Correlation ID: {} Timestamp: {}",
        row.number,
        fmt::format(fmt::runtime(row.text), refusal.subject),
        trace,
        correlation,
        time
    );
    Json const body{
        {"error", row.error},
        {"error_description", text},
        {"error_codes", Json::array({row.number})},
        {"timestamp", time},
        {"trace_id", trace},
        {"correlation_id", correlation},
        {"error_uri", fmt::format("https://login.microsoftonline.com/error?code={}", row.number)}};
    http::Response response;
    response.status = row.status;
    response.headers.set("Content-Type", "application/json; charset=utf-8");
    response.text = body.dump(-1, ' ', false, Json::error_handler_t::replace);
    return response;
}

}  // namespace bluebatch::emulator::identity::wire
