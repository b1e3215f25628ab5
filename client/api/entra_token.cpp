#include "client/api/entra_token.hpp"

#include "client/api/pipeline.hpp"
#include "shared/http/message.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace bluebatch::client {
namespace {

constexpr std::chrono::minutes kRenewEarly{5};

ApiError make_credentials_error(std::string message) {
    ApiError error;
    error.fault = Fault::credentials;
    error.message = std::move(message);
    return error;
}

class NoAuthorizer final : public Authorizer {
public:
    ApiResult<void> authorize(http::OutgoingRequest&, base::TimePoint, std::stop_token) override {
        return {};
    }
};

// The endpoint answers at the time of the request; a token's life is counted from there.
class FixedClock final : public base::Clock {
public:
    explicit FixedClock(base::TimePoint now) : now_(now) {}
    base::TimePoint now() const override { return now_; }

private:
    base::TimePoint now_;
};

bool may_carry_token(std::string_view url) {
    return url.starts_with("https://") || url.starts_with("http://127.0.0.1") ||
           url.starts_with("http://localhost") || url.starts_with("http://[::1]");
}

class BearerAuthorizer final : public Authorizer {
public:
    BearerAuthorizer(EntraTokenSource& source, std::string scope)
        : source_(source), scope_(std::move(scope)) {}

    ApiResult<void> authorize(http::OutgoingRequest& request, base::TimePoint now, std::stop_token stop)
        override {
        if (!may_carry_token(request.url)) {
            return make_credentials_error("A token of Microsoft Entra ID is only sent over https.");
        }
        auto const token = source_.get(scope_, now, std::move(stop));
        if (!token) return token.error();
        request.headers.set("Authorization", "Bearer " + *token);
        return {};
    }

private:
    EntraTokenSource& source_;
    std::string scope_;
};

}  // namespace

ApiResult<EntraTokenSource::Token> EntraTokenSource::request(
    std::string_view scope, base::TimePoint now, std::stop_token stop
) {
    Call call;
    call.request.verb = http::Verb::post;
    call.request.url = fmt::format(
        "{}/{}/oauth2/v2.0/token", credential_.authority_host, http::percent_encode(credential_.tenant_id)
    );
    call.request.headers.set("Content-Type", "application/x-www-form-urlencoded");
    call.request.headers.set("Accept", "application/json");
    call.request.body = fmt::format(
        "grant_type=client_credentials&client_id={}&client_secret={}&scope={}",
        http::percent_encode(credential_.client_id),
        http::percent_encode(credential_.client_secret),
        http::percent_encode(scope)
    );
    NoAuthorizer nobody;
    FixedClock const clock(now);
    Pipeline const pipeline(client_, nobody, clock, random_, waiter_);
    auto const reply = pipeline.send(call, {.stop = std::move(stop), .retry = {}});
    if (!reply) {
        auto const& error = reply.error();
        if (error.fault != Fault::service || error.status >= 500) return error;
        return make_credentials_error("Microsoft Entra ID refused: " + describe(error));
    }
    auto const json = nlohmann::json::parse(reply->response.body, nullptr, false);
    if (!json.is_object() || !json.contains("access_token") || !json["access_token"].is_string()) {
        return make_protocol_error("Microsoft Entra ID answered without an access token.");
    }
    auto const lifetime = std::chrono::seconds(json.value("expires_in", 0));
    auto const early = std::min<std::chrono::seconds>(kRenewEarly, lifetime / 2);
    return Token{json["access_token"].get<std::string>(), now + lifetime - early};
}

ApiResult<std::string> EntraTokenSource::get(
    std::string_view scope, base::TimePoint now, std::stop_token stop
) {
    std::scoped_lock const lock(mutex_);
    if (auto const known = tokens_.find(scope); known != tokens_.end() && now < known->second.renew_at) {
        return known->second.value;
    }
    auto token = request(scope, now, std::move(stop));
    if (!token) return token.error();
    return tokens_.insert_or_assign(std::string(scope), *std::move(token)).first->second.value;
}

std::unique_ptr<Authorizer> make_bearer_authorizer(EntraTokenSource& source, std::string scope) {
    return std::make_unique<BearerAuthorizer>(source, std::move(scope));
}

}  // namespace bluebatch::client
