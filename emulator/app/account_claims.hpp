#pragma once

#include "emulator/domain/accounts.hpp"

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <set>
#include <string>
#include <utility>

namespace bluebatch::emulator::app {

using AccountId = std::pair<domain::AccountKind, std::string>;

// Accounts that one thread each makes, changes or removes, which takes its time; whoever else wants to waits.
// Thread-safe.
class AccountClaims {
public:
    // Holds the account as long as it lives. Throws std::runtime_error when another doesn't let go of it.
    class Claim {
    public:
        Claim(AccountClaims& claims, AccountId account);
        ~Claim();
        Claim(Claim const&) = delete;
        Claim& operator=(Claim const&) = delete;

    private:
        AccountClaims& claims_;
        AccountId const account_;
    };

    std::size_t count(domain::AccountKind kind) const;

private:
    mutable std::mutex mutex_;
    std::condition_variable released_;
    std::set<AccountId> claimed_;
};

}  // namespace bluebatch::emulator::app
