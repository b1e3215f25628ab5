#include "shared/codec/json_web_token.hpp"

#include "shared/base/digest.hpp"
#include "shared/base/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace bluebatch::codec {
namespace {

using Json = nlohmann::json;

// Tokens of Entra ID hold objects within objects within objects; nothing has more.
constexpr int kDeepestClaim = 16;

std::optional<Json> parse_object(std::string_view part) {
    auto const text = parse_base64url(part);
    if (!text) return std::nullopt;
    bool is_too_deep = false;
    auto const limit = [&](int depth, Json::parse_event_t, Json&) {
        is_too_deep = is_too_deep || depth > kDeepestClaim;
        return !is_too_deep;
    };
    auto object = Json::parse(*text, limit, false);
    if (is_too_deep || !object.is_object()) return std::nullopt;
    return object;
}

// False where the claim is there and is something else than a text.
bool read_text(Json const& claims, char const* name, std::string& text) {
    auto const found = claims.find(name);
    if (found == claims.end()) return true;
    if (!found->is_string()) return false;
    text = found->get<std::string>();
    return true;
}

// Seconds since 1970, whole or with a fraction.
bool read_time(Json const& claims, char const* name, std::optional<base::TimePoint>& time) {
    constexpr double kLatest = 253'402'300'799;  // the end of the year 9999
    auto const found = claims.find(name);
    if (found == claims.end()) return true;
    if (!found->is_number()) return false;
    auto const seconds = found->get<double>();
    if (!(seconds >= 0 && seconds <= kLatest)) return false;
    time = base::TimePoint{std::chrono::seconds{static_cast<std::int64_t>(std::floor(seconds))}};
    return true;
}

bool read_audiences(Json const& claims, std::vector<std::string>& audiences) {
    auto const found = claims.find("aud");
    if (found == claims.end()) return true;
    if (found->is_string()) {
        audiences.push_back(found->get<std::string>());
        return true;
    }
    if (!found->is_array()) return false;
    for (auto const& audience : *found) {
        if (!audience.is_string()) return false;
        audiences.push_back(audience.get<std::string>());
    }
    return true;
}

}  // namespace

std::optional<std::string> parse_base64url(std::string_view text) {
    constexpr std::size_t kQuantum = 4;
    if (text.find_first_of("+/=") != std::string_view::npos) return std::nullopt;
    std::string standard{text};
    std::ranges::replace(standard, '-', '+');
    std::ranges::replace(standard, '_', '/');
    while (standard.size() % kQuantum != 0)
        standard += '=';
    return base::parse_base64(standard);
}

std::optional<JsonWebToken> parse_json_web_token(std::string_view text) {
    constexpr std::size_t kParts = 3;
    if (text.size() > kLongestToken) return std::nullopt;
    auto const parts = base::split(text, '.');
    if (parts.size() != kParts) return std::nullopt;
    auto const header = parse_object(parts[0]);
    auto const claims = parse_object(parts[1]);
    auto signature = parse_base64url(parts[2]);
    if (!header || !claims || !signature) return std::nullopt;

    JsonWebToken token;
    bool const is_well_formed =
        read_text(*header, "alg", token.algorithm) && read_text(*header, "kid", token.key_id) &&
        read_text(*claims, "iss", token.issuer) && read_audiences(*claims, token.audiences) &&
        read_time(*claims, "iat", token.issued_at) && read_time(*claims, "nbf", token.not_before) &&
        read_time(*claims, "exp", token.expiry) && read_text(*claims, "oid", token.object_id) &&
        read_text(*claims, "tid", token.tenant_id) && read_text(*claims, "appid", token.application_id);
    if (!is_well_formed || token.algorithm.empty()) return std::nullopt;
    token.signed_text = text.substr(0, parts[0].size() + 1 + parts[1].size());
    token.signature = *std::move(signature);
    return token;
}

std::string to_base64url(std::string_view bytes) {
    auto text = base::to_base64(bytes);
    text.resize(std::min(text.size(), text.find('=')));
    std::ranges::replace(text, '+', '-');
    std::ranges::replace(text, '/', '_');
    return text;
}

std::string sign_json_web_token(std::string_view claims, std::string_view key_id, base::RsaKey const& key) {
    Json const header{{"typ", "JWT"}, {"alg", "RS256"}, {"x5t", key_id}, {"kid", key_id}};
    auto const text = to_base64url(header.dump()) + '.' + to_base64url(claims);
    return text + '.' + to_base64url(key.sign(text));
}

}  // namespace bluebatch::codec
