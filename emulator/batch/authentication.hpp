#pragma once

#include "emulator/batch/service.hpp"
#include "shared/azure/batch_error.hpp"
#include "shared/azure/bearer_token.hpp"

#include <memory>

namespace bluebatch::emulator::batch {

// Decides who may make a request, and of which account; a guest's request makes the account that it names.
// Thread-safe.
class Authenticator {
public:
    // `tokens` may be empty; then only the tokens of tasks are taken.
    Authenticator(
        std::shared_ptr<BatchAccounts> accounts,
        std::shared_ptr<azure::TokenValidator const> tokens,
        base::Clock& clock
    )
        : accounts_(std::move(accounts)), tokens_(std::move(tokens)), clock_(clock) {}

    // Fails unless the request may be made: MissingRequiredHeader, InvalidAuthenticationInfo or
    // AuthenticationFailed, none of which tells what a right signature would have been; Forbidden for the
    // token of a task on anything but its own job, and for principals without the role.
    azure::BatchResult<void> admit(http::RequestHead const& head) const;

    // The account of a request that was admitted. AuthenticationFailed when the token has ended since.
    azure::BatchResult<BatchAccounts::Entry> account_of(http::RequestHead const& head) const;

private:
    struct Caller {
        BatchAccounts::Entry account;
        std::string job_id;  // of a task; empty: all jobs
        azure::Role role = azure::Role::owner;
    };

    BatchAccounts::Found find_account(std::string_view name, http::RequestHead const& head) const;
    BatchAccounts::Found account_of_host(http::RequestHead const& head) const;
    azure::BatchResult<Caller> find_bearer(std::string_view authorization, http::RequestHead const& head)
        const;
    azure::BatchResult<void> admit_bearer(std::string_view authorization, http::RequestHead const& head)
        const;

    std::shared_ptr<BatchAccounts> const accounts_;
    std::shared_ptr<azure::TokenValidator const> const tokens_;
    base::Clock& clock_;
};

// Whether a token for `audience` is meant for Azure Batch.
bool is_audience(std::string_view audience);

}  // namespace bluebatch::emulator::batch
