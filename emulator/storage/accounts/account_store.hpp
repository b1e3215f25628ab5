#pragma once

#include "emulator/domain/accounts.hpp"
#include "emulator/storage/sqlite.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bluebatch::emulator::storage {

// The accounts that were made here; those of the command line are not among them.
std::vector<std::string> const& accounts_schema();

std::vector<domain::Account> list_accounts(Connection& connection, domain::AccountKind kind);
// Takes the place of the one with that name.
void save_account(Transaction& transaction, domain::AccountKind kind, domain::Account const& account);
void delete_account(Transaction& transaction, domain::AccountKind kind, std::string_view name);

// The storage account of a Batch account, whoever that one comes from; nothing when none was ever set, and ""
// when there is to be none.
std::optional<std::string> find_auto_storage(Connection& connection, std::string_view batch_account);
// All that were set: the Batch account and its storage account.
std::vector<std::pair<std::string, std::string>> list_auto_storage(Connection& connection);
void save_auto_storage(
    Transaction& transaction, std::string_view batch_account, std::string_view storage_account
);
void delete_auto_storage(Transaction& transaction, std::string_view batch_account);

// Accounts whose contents are still to be removed, for the case that nobody lives to do it.
void note_removal(Transaction& transaction, domain::AccountKind kind, std::string_view name);
void finish_removal(Transaction& transaction, domain::AccountKind kind, std::string_view name);
std::vector<std::string> unfinished_removals(Connection& connection, domain::AccountKind kind);

}  // namespace bluebatch::emulator::storage
