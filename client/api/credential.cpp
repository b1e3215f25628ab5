#include "client/api/credential.hpp"

#include "client/api/pipeline.hpp"
#include "client/api/unix_time.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <optional>
#include <utility>

namespace bluebatch::client {
namespace {

constexpr std::string_view kUnavailable = "CredentialUnavailable";
constexpr std::chrono::seconds kLongestLife = std::chrono::years(10);

class NoAuthorizer final : public Authorizer {
public:
    ApiResult<void> authorize(http::OutgoingRequest&, base::TimePoint, std::stop_token) override {
        return {};
    }
};

// Endpoints write numbers of seconds as numbers and as texts.
std::optional<std::int64_t> seconds_of(nlohmann::json const& answer, char const* name) {
    auto const member = answer.find(name);
    if (member == answer.end()) return std::nullopt;
    if (member->is_number_integer()) return member->get<std::int64_t>();
    if (!member->is_string()) return std::nullopt;
    return base::parse_number<std::int64_t>(member->get<std::string>());
}

class Chain final : public Credential {
public:
    Chain(std::vector<std::unique_ptr<Credential>> ways, std::function<void(std::string const& name)> tell)
        : ways_(std::move(ways)), tell_(std::move(tell)) {}

    std::string name() const override { return chosen_ ? chosen_->name() : "Microsoft Entra ID"; }

    ApiResult<AccessToken> request(TokenRequest const& request) override {
        if (chosen_) return chosen_->request(request);
        std::string whys;
        for (auto const& way : ways_) {
            auto token = way->request(request);
            if (!token && is_unavailable(token.error())) {
                whys += fmt::format("\n  {}: {}", way->name(), token.error().message);
                continue;
            }
            // A way that is there but refused is the one that is meant: another principal would be a
            // surprise.
            chosen_ = way.get();
            if (tell_) tell_(chosen_->name());
            return token;
        }
        return make_unavailable_error("There is nothing to sign in to Microsoft Entra ID with." + whys);
    }

private:
    std::vector<std::unique_ptr<Credential>> ways_;
    std::function<void(std::string const& name)> tell_;
    Credential* chosen_ = nullptr;
};

}  // namespace

ApiError make_credentials_error(std::string message) {
    ApiError error;
    error.fault = Fault::credentials;
    error.message = std::move(message);
    return error;
}

ApiError make_unavailable_error(std::string why) {
    auto error = make_credentials_error(std::move(why));
    error.code = kUnavailable;
    return error;
}

bool is_unavailable(ApiError const& error) {
    return error.fault == Fault::credentials && error.code == kUnavailable;
}

bool is_passing(ApiError const& error) {
    return error.fault == Fault::service && classify(error.status).has_value();
}

ApiResult<http::IncomingResponse> send_unsigned(
    TokenTransport const& transport,
    http::OutgoingRequest request,
    TokenRequest const& asked,
    RetryOptions const& retry
) {
    NoAuthorizer nobody;
    Pipeline const pipeline(transport.client, nobody, transport.clock, transport.random, transport.waiter);
    Call call;
    call.request = std::move(request);
    auto reply = pipeline.send(call, {.stop = asked.stop, .retry = retry});
    if (!reply) return reply.error();
    return std::move(reply->response);
}

ApiResult<AccessToken> read_token_answer(std::string_view who, std::string const& body, base::TimePoint now) {
    auto const json = nlohmann::json::parse(body, nullptr, false);
    if (!json.is_object() || !json.contains("access_token") || !json["access_token"].is_string()) {
        return make_protocol_error(fmt::format("{} answered without an access token.", who));
    }
    AccessToken token{json["access_token"].get<std::string>(), now};
    auto at = seconds_of(json, "expires_on");
    if (auto const in = seconds_of(json, "expires_in"); !at && in && *in > 0 && *in < kLongestLife.count()) {
        at = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count() + *in;
    }
    if (at) token.expires = read_unix_time(*at).value_or(now);
    return token;
}

std::unique_ptr<Credential> make_chain(
    std::vector<std::unique_ptr<Credential>> ways, std::function<void(std::string const& name)> tell
) {
    return std::make_unique<Chain>(std::move(ways), std::move(tell));
}

}  // namespace bluebatch::client
