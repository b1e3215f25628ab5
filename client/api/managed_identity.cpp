#include "client/api/managed_identity.hpp"

#include "shared/http/message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace bluebatch::client {
namespace {

constexpr std::string_view kMachineHost = "http://169.254.169.254";
constexpr std::chrono::seconds kLongestProbe{1};
constexpr std::chrono::seconds kLongestConnect{3};  // it is next door, or nowhere
// The machine's endpoint is away for up to 70 seconds while it is renewed, and says 410 or 404 then. The
// waits are 84.8 seconds together.
constexpr int kAttempts = 9;
constexpr std::chrono::milliseconds kFirstWait{800};
constexpr std::chrono::milliseconds kLongestWait{20'000};
constexpr int kAttemptsOfOne = 3;

std::string with_client(std::string url, std::string const& client_id) {
    if (!client_id.empty()) url += "&client_id=" + http::percent_encode(client_id);
    return url;
}

class ManagedIdentity final : public Credential {
public:
    ManagedIdentity(ManagedIdentityPlace place, TokenTransport transport)
        : place_(std::move(place)), transport_(transport) {}

    std::string name() const override {
        auto const kind = is_app_service() ? "managed identity (IDENTITY_ENDPOINT)" : "managed identity";
        return place_.client_id.empty() ? kind : fmt::format("{} of client {}", kind, place_.client_id);
    }

    ApiResult<AccessToken> request(TokenRequest const& request) override {
        if (auto const form = form_without_support()) {
            return make_unavailable_error(fmt::format("{} is not supported.", *form));
        }
        if (is_app_service()) return ask_app_service(request);
        if (place_.probe == Probe::yes && !is_known_) {
            if (auto const there = look_for_machine(request); !there) return there.error();
        }
        auto token = ask_machine(request);
        if (token) has_given_ = true;
        return token;
    }

private:
    bool is_app_service() const {
        return !place_.identity_endpoint.empty() && !place_.identity_header.empty();
    }

    std::optional<std::string_view> form_without_support() const {
        if (!place_.identity_endpoint.empty() && !place_.identity_thumbprint.empty())
            return "Service Fabric's form (IDENTITY_SERVER_THUMBPRINT)";
        if (!place_.identity_endpoint.empty() && !place_.imds_endpoint.empty())
            return "Azure Arc's form (IMDS_ENDPOINT)";
        if (!place_.identity_endpoint.empty() && place_.identity_header.empty())
            return "IDENTITY_ENDPOINT without IDENTITY_HEADER";
        if (place_.identity_endpoint.empty() && !place_.msi_endpoint.empty())
            return "the form of Cloud Shell and Machine Learning (MSI_ENDPOINT)";
        return std::nullopt;
    }

    ApiResult<AccessToken> ask_app_service(TokenRequest const& asked) const {
        auto request = make_request();
        request.url = with_client(
            fmt::format(
                "{}?api-version=2019-08-01&resource={}",
                place_.identity_endpoint,
                http::percent_encode(asked.resource)
            ),
            place_.client_id
        );
        request.headers.set("X-IDENTITY-HEADER", place_.identity_header);
        return read(send_unsigned(transport_, std::move(request), asked), asked);
    }

    // Only this machine knows the endpoints of its identities; a proxy asks for its own, if for any.
    static http::OutgoingRequest make_request() {
        http::OutgoingRequest request;
        request.may_use_proxy = false;
        return request;
    }

    std::string machine_url() const {
        auto const& host = place_.machine_host;
        return (host.empty() ? std::string(kMachineHost) : host) + "/metadata/identity/oauth2/token";
    }

    // Without the header that it asks for it refuses at once, which is answer enough.
    ApiResult<void> look_for_machine(TokenRequest const& asked) {
        auto request = make_request();
        request.url = machine_url();
        request.connect_timeout = request.stall_timeout = kLongestProbe;
        auto const answer = transport_.client.send(request, {}, asked.stop);
        if (!answer) return make_unavailable_error("nothing answers where machines of Azure have theirs.");
        is_known_ = true;
        return {};
    }

    // Other networks have something else at that address, whose answers say nothing of an identity.
    bool is_doubtful() const { return place_.probe == Probe::yes && !is_app_service() && !has_given_; }

    ApiResult<AccessToken> ask_machine(TokenRequest const& asked) const {
        auto request = make_request();
        request.url = with_client(
            fmt::format(
                "{}?api-version=2018-02-01&resource={}", machine_url(), http::percent_encode(asked.resource)
            ),
            place_.client_id
        );
        request.headers.set("Metadata", "true");
        request.connect_timeout = kLongestConnect;
        RetryOptions const retry{.attempts = kAttemptsOfOne, .patience = kTokenRetries.patience};
        auto wait = kFirstWait;
        for (int attempt = 1;; ++attempt, wait = std::min(2 * wait, kLongestWait)) {
            auto answer = send_unsigned(transport_, request, asked, retry);
            if (answer || !is_away(answer.error()) || attempt == kAttempts)
                return read(std::move(answer), asked);
            transport_.waiter.wait(wait, asked.stop);
        }
    }

    bool is_away(ApiError const& error) const {
        return has_status(error, 410) || (has_status(error, 404) && !is_doubtful());
    }

    ApiResult<AccessToken> read(ApiResult<http::IncomingResponse> const& answer, TokenRequest const& asked)
        const {
        if (answer) {
            auto token = read_token_answer("The managed identity's endpoint", answer->body, asked.now);
            if (!token && is_doubtful()) return make_unavailable_error(token.error().message);
            return token;
        }
        auto const& error = answer.error();
        if (error.fault == Fault::transport && is_doubtful())
            return make_unavailable_error(fmt::format("its endpoint can't be reached: {}.", error.message));
        if (error.fault != Fault::service) return error;
        auto const text = fmt::format("its endpoint refused: {}", describe(error));
        if (is_doubtful() && (is_strange(error.status) || error.code.empty()))
            return make_unavailable_error(text);
        if (is_passing(error)) return error;
        // That is how a machine says that it was given no identity, and others may be tried.
        if (error.status == 400) return make_unavailable_error(text);
        return make_credentials_error(fmt::format("Managed identity: {}", text));
    }

    static bool is_strange(int status) { return status == 401 || status == 403 || status == 404; }

    ManagedIdentityPlace place_;
    TokenTransport transport_;
    bool is_known_ = false;   // something answers
    bool has_given_ = false;  // a token
};

}  // namespace

std::unique_ptr<Credential> make_managed_identity(ManagedIdentityPlace place, TokenTransport transport) {
    return std::make_unique<ManagedIdentity>(std::move(place), transport);
}

}  // namespace bluebatch::client
