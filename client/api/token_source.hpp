#pragma once

#include "client/api/authorizer.hpp"
#include "client/api/credential.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace bluebatch::client {

// Tokens of one credential, kept in memory until shortly before they expire; one is asked for at a time, and
// whoever else needs one waits for it. Thread-safe.
class TokenSource {
public:
    explicit TokenSource(std::unique_ptr<Credential> credential) : credential_(std::move(credential)) {}

    ApiResult<std::string> get(std::string_view resource, base::TimePoint now, std::stop_token stop);
    // Who signs in, once that is known.
    std::string name();

private:
    struct Kept {
        AccessToken token;
        base::TimePoint renew_at;
    };

    std::mutex mutex_;
    std::unique_ptr<Credential> credential_;
    std::map<std::string, Kept, std::less<>> tokens_;
};

// Sends "Authorization: Bearer"; refuses to send a token over plain HTTP to another machine.
std::unique_ptr<Authorizer> make_bearer_authorizer(TokenSource& source, std::string resource);

}  // namespace bluebatch::client
