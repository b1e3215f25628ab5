#include "emulator/app/noted_removals.hpp"

#include "emulator/storage/accounts/account_store.hpp"

#include <algorithm>

namespace bluebatch::emulator::app {

std::vector<std::string> NotedRemovals::names(domain::AccountKind kind) const {
    storage::Snapshot snapshot(database_);
    return storage::unfinished_removals(snapshot.connection(), kind);
}

bool NotedRemovals::contains(AccountId const& account) const {
    return std::ranges::count(names(account.first), account.second) > 0;
}

void NotedRemovals::note(AccountId const& account) {
    storage::Transaction transaction(database_);
    storage::note_removal(transaction, account.first, account.second);
    transaction.commit();
}

void NotedRemovals::finish(AccountId const& account) {
    storage::Transaction transaction(database_);
    storage::finish_removal(transaction, account.first, account.second);
    transaction.commit();
}

}  // namespace bluebatch::emulator::app
