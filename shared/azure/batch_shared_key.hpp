#pragma once

#include "shared/http/message.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// SharedKey of the Batch service. It differs from that of Storage: the signed headers are `ocp-*`, the path
// carries no account, and the query is signed as forms decode it.
namespace bluebatch::azure {

struct BatchCredential {
    std::string account;
    std::string key_base64;
};

// The text that is signed. `content_length` is the line as signed: "" for a request without a body.
std::string batch_string_to_sign(
    std::string_view method,
    std::string_view path_encoded,
    std::vector<http::QueryParameter> const& query,
    http::Headers const& headers,
    std::string_view content_length,
    std::string_view account
);

// Sets Authorization on a request about to be sent. ocp-date must be set already, as must every header that
// takes part in the signature; Content-Length comes from `content_length`. The key must be base64.
void sign_batch_request(
    http::Verb verb,
    std::string_view path_encoded,
    std::vector<http::QueryParameter> const& query,
    http::Headers& headers,
    std::optional<std::uint64_t> content_length,
    BatchCredential const& credential
);

// What an Authorization header of the SharedKey scheme says; nothing when it is malformed.
struct BatchAuthorization {
    std::string account;
    std::string signature;
};
std::optional<BatchAuthorization> parse_batch_authorization(std::string_view header);

// Whether one of the keys made the signature. SDKs differ in what they sign, so every known form is tried:
// the account and query names as sent and lower-cased, the path as sent and decoded, and for a request
// without a body "" and "0" as its length. Takes the same time wherever signatures differ.
bool is_signed_by_any(
    http::RequestHead const& head,
    BatchAuthorization const& authorization,
    std::span<std::string const> keys_base64
);

}  // namespace bluebatch::azure
