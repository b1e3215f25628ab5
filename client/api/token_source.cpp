#include "client/api/token_source.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace bluebatch::client {
namespace {

constexpr std::chrono::minutes kRenewEarly{5};
// After a renewal that failed while the token is still good.
constexpr std::chrono::seconds kNextRenewal{30};

class BearerAuthorizer final : public Authorizer {
public:
    BearerAuthorizer(TokenSource& source, std::string resource)
        : source_(source), resource_(std::move(resource)) {}

    ApiResult<void> authorize(http::OutgoingRequest& request, base::TimePoint now, std::stop_token stop)
        override {
        if (!may_carry_secret(request.url)) {
            return make_credentials_error("A token of Microsoft Entra ID is only sent over https.");
        }
        auto const token = source_.get(resource_, now, std::move(stop));
        if (!token) return token.error();
        request.headers.set("Authorization", "Bearer " + *token);
        return {};
    }

private:
    TokenSource& source_;
    std::string resource_;
};

}  // namespace

ApiResult<std::string> TokenSource::get(
    std::string_view resource, base::TimePoint now, std::stop_token stop
) {
    std::scoped_lock const lock(mutex_);
    auto const known = tokens_.find(resource);
    if (known != tokens_.end() && now < known->second.renew_at) return known->second.token.value;
    auto token = credential_->request({std::string(resource), now, std::move(stop)});
    if (!token) {
        if (known == tokens_.end() || now >= known->second.token.expires) return token.error();
        known->second.renew_at = now + kNextRenewal;
        return known->second.token.value;
    }
    auto const lifetime = token->expires - now;
    auto const early = std::min<base::Ticks>(kRenewEarly, lifetime / 2);
    auto const renew_at = token->expires - early;
    Kept kept{*std::move(token), renew_at};
    return tokens_.insert_or_assign(std::string(resource), std::move(kept)).first->second.token.value;
}

std::string TokenSource::name() {
    std::scoped_lock const lock(mutex_);
    return credential_->name();
}

std::unique_ptr<Authorizer> make_bearer_authorizer(TokenSource& source, std::string resource) {
    return std::make_unique<BearerAuthorizer>(source, std::move(resource));
}

}  // namespace bluebatch::client
