#include "emulator/app/account_claims.hpp"

#include "shared/http/waiting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>

namespace bluebatch::emulator::app {

namespace {

// Longer than the end of an account takes that has tasks and requests.
constexpr std::chrono::seconds kReleasedWithin{10};

}  // namespace

AccountClaims::Claim::Claim(AccountClaims& claims, AccountId account)
    : claims_(claims), account_(std::move(account)) {
    auto const is_free = [this] { return !claims_.claimed_.contains(account_); };
    std::unique_lock lock(claims_.mutex_);
    if (!is_free()) {
        http::WaitingElsewhere const waiting;
        if (!claims_.released_.wait_for(lock, kReleasedWithin, is_free))
            throw std::runtime_error(
                fmt::format("the account '{}' is still being made or removed", account_.second)
            );
    }
    claims_.claimed_.insert(account_);
}

AccountClaims::Claim::~Claim() {
    {
        std::scoped_lock const lock(claims_.mutex_);
        claims_.claimed_.erase(account_);
    }
    claims_.released_.notify_all();
}

std::size_t AccountClaims::count(domain::AccountKind kind) const {
    std::scoped_lock const lock(mutex_);
    return static_cast<std::size_t>(std::ranges::count(claimed_, kind, &AccountId::first));
}

}  // namespace bluebatch::emulator::app
