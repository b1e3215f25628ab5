#pragma once

#include "shared/base/time.hpp"
#include "shared/codec/json_web_token.hpp"

#include <chrono>
#include <string>

namespace bluebatch::tests {

struct TokenClaims {
    std::string issuer = "https://sts.windows.net/22222222-2222-2222-2222-222222222222/";
    std::string audience = "https://storage.azure.com";
    std::string object_id = "11111111-1111-1111-1111-111111111111";
    std::string tenant_id = "22222222-2222-2222-2222-222222222222";
};

// A bearer token that nobody signed, valid from five minutes before `now` to an hour after it.
inline std::string make_token(TokenClaims const& claims, base::TimePoint now) {
    auto const seconds = [](base::TimePoint time) {
        return std::to_string(
            std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count()
        );
    };
    auto const body = R"({"iss":")" + claims.issuer + R"(","aud":")" + claims.audience + R"(","oid":")" +
                      claims.object_id + R"(","tid":")" + claims.tenant_id + R"(","nbf":)" +
                      seconds(now - std::chrono::minutes{5}) + R"(,"exp":)" +
                      seconds(now + std::chrono::hours{1}) + "}";
    return codec::to_base64url(R"({"alg":"RS256","typ":"JWT"})") + "." + codec::to_base64url(body) + "." +
           codec::to_base64url("nobody");
}

}  // namespace bluebatch::tests
