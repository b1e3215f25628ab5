#include "emulator/identity/issued_tokens.hpp"

#include "shared/codec/json_web_token.hpp"

#include <algorithm>

namespace bluebatch::emulator::identity {

namespace {

using azure::TokenRefusal;

bool is_own_issuer(codec::JsonWebToken const& token) {
    auto const& tenant = token.tenant_id;
    return !tenant.empty() && (token.issuer == "https://sts.windows.net/" + tenant + "/" ||
                               token.issuer == "https://login.microsoftonline.com/" + tenant + "/v2.0");
}

class IssuedTokenValidator final : public azure::TokenValidator {
public:
    IssuedTokenValidator(Issuer const& issuer, Directory const& directory, GuardedService service)
        : issuer_(issuer), directory_(directory), service_(std::move(service)) {}

    base::Result<azure::Principal, TokenRefusal> validate(
        std::string_view text, std::string_view account, base::TimePoint now
    ) const override {
        auto token = codec::parse_json_web_token(text);
        if (!token) return TokenRefusal{"The token is not a JSON web token."};
        if (!is_ours(*token)) {
            if (service_.others) return service_.others->validate(text, account, now);
            return TokenRefusal{
                "Signature validation failed. The token was not given by this emulator." + service_.advice};
        }
        if (auto const fault = find_fault(*token, account, now)) return *fault;
        auto const role = directory_.access_of(token->object_id).*service_.role;
        return azure::Principal{std::move(token->object_id), std::move(token->tenant_id), role};
    }

    azure::Role role_of(std::string_view object_id) const override {
        auto const role = directory_.access_of(object_id).*service_.role;
        // Whoever is not ours may be one of the others.
        if (role == azure::Role::none && service_.others) return service_.others->role_of(object_id);
        return role;
    }

private:
    bool is_ours(codec::JsonWebToken const& token) const {
        auto const& key = issuer_.key();
        return token.algorithm == "RS256" && token.key_id == key.id &&
               key.key.has_signed(token.signed_text, token.signature);
    }

    std::optional<TokenRefusal> find_fault(
        codec::JsonWebToken const& token, std::string_view account, base::TimePoint now
    ) const {
        if (!is_own_issuer(token)) return TokenRefusal{"Issuer validation failed. Issuer did not match."};
        bool const is_for_us = std::ranges::any_of(token.audiences, [&](auto const& audience) {
            return service_.is_audience(account, audience);
        });
        if (!is_for_us)
            return TokenRefusal{
                "Audience validation failed. Audience did not match.", azure::TokenFault::wrong_audience};
        bool const is_early = token.not_before && now < *token.not_before;
        if (is_early || !token.expiry)
            return TokenRefusal{"Lifetime validation failed. The token is not yet valid."};
        if (now >= *token.expiry)
            return TokenRefusal{
                "Lifetime validation failed. The token is expired.", azure::TokenFault::expired};
        return std::nullopt;
    }

    Issuer const& issuer_;
    Directory const& directory_;
    GuardedService const service_;
};

}  // namespace

std::shared_ptr<azure::TokenValidator const> make_issued_token_validator(
    Issuer const& issuer, Directory const& directory, GuardedService service
) {
    return std::make_shared<IssuedTokenValidator>(issuer, directory, std::move(service));
}

}  // namespace bluebatch::emulator::identity
