#include "emulator/blob/token_validator.hpp"

#include "shared/base/text.hpp"
#include "shared/codec/json_web_token.hpp"

#include <algorithm>
#include <array>

namespace bluebatch::emulator::blob {
namespace {

using azure::TokenRefusal;

constexpr std::array<std::string_view, 7> kIssuers{
    "https://sts.windows.net/",
    "https://sts.windows-ppe.net/",
    "https://sts.microsoftonline.de/",
    "https://sts.chinacloudapi.cn/",
    "https://login.microsoftonline.com/",
    "https://login.microsoftonline.us/",
    "https://login.partner.microsoftonline.cn/",
};

// Azure Storage by its name, and by the id of its application.
constexpr std::array<std::string_view, 2> kWholeService{
    "https://storage.azure.com", "e406a681-f3d4-42a8-90b6-c2b029497af1"};

constexpr std::array<std::string_view, 4> kBlobHosts{
    ".blob.core.windows.net",
    ".blob.core.chinacloudapi.cn",
    ".blob.core.usgovcloudapi.net",
    ".blob.core.cloudapi.de",
};

bool is_issuer(std::string_view issuer) {
    return std::ranges::any_of(kIssuers, [&](auto const prefix) { return issuer.starts_with(prefix); });
}

class BasicTokenValidator final : public azure::TokenValidator {
public:
    base::Result<azure::Principal, TokenRefusal> validate(
        std::string_view text, std::string_view account, base::TimePoint now
    ) const override {
        auto token = codec::parse_json_web_token(text);
        if (!token) return TokenRefusal{"The token is not a JSON web token."};
        if (!is_issuer(token->issuer)) {
            return TokenRefusal{"Issuer validation failed. Issuer did not match."};
        }
        bool const is_for_us = std::ranges::any_of(token->audiences, [&](auto const& audience) {
            return is_audience_of(account, audience);
        });
        if (!is_for_us) return TokenRefusal{"Audience validation failed. Audience did not match."};
        if (!token->expiry) return TokenRefusal{"Lifetime validation failed. The token has no expiry."};
        if (token->not_before && now < *token->not_before) {
            return TokenRefusal{"Lifetime validation failed. The token is not yet valid."};
        }
        if (now >= *token->expiry) {
            return TokenRefusal{"Lifetime validation failed. The token is expired."};
        }
        return azure::Principal{std::move(token->object_id), std::move(token->tenant_id)};
    }

    azure::Role role_of(std::string_view) const override { return azure::Role::owner; }
};

}  // namespace

bool is_audience_of(std::string_view account, std::string_view audience) {
    if (audience.ends_with('/')) audience.remove_suffix(1);
    if (std::ranges::find(kWholeService, audience) != kWholeService.end()) return true;
    return std::ranges::any_of(kBlobHosts, [&](auto const host) {
        return audience == "https://" + std::string{account} + std::string{host};
    });
}

std::shared_ptr<azure::TokenValidator const> make_basic_token_validator() {
    return std::make_shared<BasicTokenValidator>();
}

}  // namespace bluebatch::emulator::blob
