#pragma once

#include "client/api/authorizer.hpp"
#include "client/api/error.hpp"
#include "client/api/retry.hpp"
#include "client/api/waiter.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/random.hpp"
#include "shared/http/client.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>

namespace bluebatch::client {

inline constexpr std::string_view kBatchScope = "https://batch.core.windows.net//.default";
inline constexpr std::string_view kStorageScope = "https://storage.azure.com/.default";

struct EntraCredential {
    std::string authority_host = "https://login.microsoftonline.com";
    std::string tenant_id;
    std::string client_id;
    std::string client_secret;
};

// Tokens of Microsoft Entra ID for a service principal (the client-credentials flow); kept until shortly
// before they expire. Thread-safe.
class EntraTokenSource {
public:
    EntraTokenSource(EntraCredential credential, http::Client& client, base::Random& random, Waiter& waiter)
        : credential_(std::move(credential)), client_(client), random_(random), waiter_(waiter) {}

    // Fault::credentials when the tenant refuses the principal.
    ApiResult<std::string> get(std::string_view scope, base::TimePoint now, std::stop_token stop);

private:
    struct Token {
        std::string value;
        base::TimePoint renew_at;
    };
    ApiResult<Token> request(std::string_view scope, base::TimePoint now, std::stop_token stop);

    EntraCredential credential_;
    http::Client& client_;
    base::Random& random_;
    Waiter& waiter_;
    std::mutex mutex_;
    std::map<std::string, Token, std::less<>> tokens_;
};

// Sends "Authorization: Bearer"; refuses to send a token over plain HTTP to another machine.
std::unique_ptr<Authorizer> make_bearer_authorizer(EntraTokenSource& source, std::string scope);

}  // namespace bluebatch::client
