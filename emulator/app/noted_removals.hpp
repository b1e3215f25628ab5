#pragma once

#include "emulator/app/account_claims.hpp"
#include "emulator/storage/sqlite.hpp"

#include <string>
#include <vector>

namespace bluebatch::emulator::app {

// Accounts whose contents are still to be removed, also in a later life. Thread-safe.
class NotedRemovals {
public:
    explicit NotedRemovals(storage::Database& database) : database_(database) {}

    std::vector<std::string> names(domain::AccountKind kind) const;
    bool contains(AccountId const& account) const;
    void note(AccountId const& account);
    void finish(AccountId const& account);

private:
    storage::Database& database_;
};

}  // namespace bluebatch::emulator::app
