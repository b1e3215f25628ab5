#pragma once

#include "shared/http/message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::azure {

struct StorageCredential {
    std::string account;
    std::string key_base64;
};

enum class SharedKeyScheme : std::uint8_t { shared_key, shared_key_lite };

// The culture-aware order of header names that the service and its SDKs use weighs '-' last; older clients
// sort names byte by byte. A verifier has to try both.
enum class HeaderOrder : std::uint8_t { ordinal, culture };

// The text that is signed. `url_path_encoded` is the path as sent, so in path style it begins with the
// account, which then stands twice in the canonicalized resource.
struct SharedKeySubject {
    http::Verb verb = http::Verb::get;
    std::string_view method;  // used when not empty: verbs that http::Verb does not name
    std::string_view url_path_encoded;
    std::vector<http::QueryParameter> const& query;
    http::Headers const& headers;
    std::string_view account;
};

std::string shared_key_string_to_sign(
    SharedKeySubject const& subject, SharedKeyScheme scheme, HeaderOrder order = HeaderOrder::ordinal
);

// base64(HMAC-SHA256(base64-decoded key, text)); empty when the key is not base64.
std::optional<std::string> sign_storage_text(std::string_view key_base64, std::string_view text);

// What an Authorization header of the two SharedKey schemes says.
struct SharedKeyAuthorization {
    SharedKeyScheme scheme = SharedKeyScheme::shared_key;
    std::string account;
    std::string signature;
};
std::optional<SharedKeyAuthorization> parse_shared_key_authorization(std::string_view header);

// Sets Authorization on a request about to be sent. x-ms-date and x-ms-version must be set already, as must
// every header that takes part in the signature; Content-Length comes from `content_length`.
void sign_with_shared_key(
    http::Verb verb,
    std::string_view url_path_encoded,
    std::vector<http::QueryParameter> const& query,
    http::Headers& headers,
    std::uint64_t content_length,
    StorageCredential const& credential
);

}  // namespace bluebatch::azure
