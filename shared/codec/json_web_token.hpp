#pragma once

#include "shared/base/rsa_key.hpp"
#include "shared/base/time.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::codec {

// Longer ones are no tokens.
inline constexpr std::size_t kLongestToken = 16 << 10;

// What a bearer token of Microsoft Entra ID says, read but not believed: nothing here checks who signed it.
// A claim that is absent is empty.
struct JsonWebToken {
    std::string algorithm;  // "RS256"
    std::string key_id;
    std::string issuer;
    std::vector<std::string> audiences;
    std::optional<base::TimePoint> issued_at, not_before, expiry;
    std::string object_id, tenant_id, application_id;

    std::string signed_text;  // what the signature is of
    std::string signature;    // its bytes
};

// Nothing when the text is not three parts in base64url, the first two of them JSON objects whose claims have
// the types that they must have.
std::optional<JsonWebToken> parse_json_web_token(std::string_view text);

// A token that says `claims`, a JSON object, and is signed (RS256).
std::string sign_json_web_token(std::string_view claims, std::string_view key_id, base::RsaKey const& key);

// base64 for URLs, without padding.
std::string to_base64url(std::string_view bytes);
std::optional<std::string> parse_base64url(std::string_view text);

}  // namespace bluebatch::codec
