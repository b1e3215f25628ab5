#pragma once

#include "client/api/error.hpp"
#include "client/api/retry.hpp"
#include "client/api/waiter.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/random.hpp"
#include "shared/base/time.hpp"
#include "shared/http/client.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::client {

struct AccessToken {
    std::string value;
    base::TimePoint expires;
};

struct TokenRequest {
    std::string resource;  // "https://storage.azure.com": for whom the token is made out
    base::TimePoint now;
    std::stop_token stop;
};

// One way to be known to Microsoft Entra ID.
class Credential {
public:
    virtual ~Credential() = default;
    // For people: "managed identity (App Service)".
    virtual std::string name() const = 0;
    // An error says Fault::credentials when asking again can't help.
    virtual ApiResult<AccessToken> request(TokenRequest const& request) = 0;
};

// That this way is not there at all, so that another may be taken.
ApiError make_unavailable_error(std::string why);
bool is_unavailable(ApiError const& error);
ApiError make_credentials_error(std::string message);
// Whether whoever gives tokens is busy or out of order, rather than refusing.
bool is_passing(ApiError const& error);

// What those need that ask over HTTP. Outlives them.
struct TokenTransport {
    http::Client& client;
    base::Clock const& clock;
    base::Random& random;
    Waiter& waiter;
};

// Whoever needs the token, and all who wait for it, should not stand still for long.
inline constexpr RetryOptions kTokenRetries{.patience = std::chrono::minutes(1)};

// Sends a request that nothing has to sign; its answer, and errors as everywhere.
ApiResult<http::IncomingResponse> send_unsigned(
    TokenTransport const& transport,
    http::OutgoingRequest request,
    TokenRequest const& asked,
    RetryOptions const& retry = kTokenRetries
);

// From the JSON of a token endpoint: "access_token", and when it expires in any of the forms there are.
ApiResult<AccessToken> read_token_answer(std::string_view who, std::string const& body, base::TimePoint now);

// Takes the first way that is there, and stays with it. `tell` is told its name, once.
std::unique_ptr<Credential> make_chain(
    std::vector<std::unique_ptr<Credential>> ways, std::function<void(std::string const& name)> tell
);

}  // namespace bluebatch::client
