#pragma once

#include "emulator/domain/accounts.hpp"
#include "emulator/storage/sqlite.hpp"
#include "shared/base/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What a resource manager knows beside what the services know themselves. Documents are JSON that nobody here
// looks into. Names compare without case.
namespace bluebatch::emulator::storage {

std::vector<std::string> const& resource_schema();

struct ResourceGroup {
    std::string name;
    std::string location;
    std::string document;  // tags and what else was given
    base::TimePoint made;
};

// Adds the group or changes its document.
void put_group(Transaction& transaction, ResourceGroup const& group);
void delete_group(Transaction& transaction, std::string_view name);
std::optional<ResourceGroup> find_group(Connection& connection, std::string_view name);
std::vector<ResourceGroup> list_groups(Connection& connection);  // by name

// An account as a resource. It may be one that the services no longer have.
struct AccountRecord {
    domain::AccountKind kind = domain::AccountKind::batch;
    std::string name;
    std::string group;
    std::string location;
    std::string document;
    base::TimePoint changed;
};

// Adds the account or replaces what is known of it.
void put_account_record(Transaction& transaction, AccountRecord const& account);
void delete_account_record(Transaction& transaction, domain::AccountKind kind, std::string_view name);
// All that is known of the accounts of a group, with their packages.
void delete_account_records(Transaction& transaction, std::string_view group);
std::optional<AccountRecord> find_account_record(
    Connection& connection, domain::AccountKind kind, std::string_view name
);
std::vector<AccountRecord> list_account_records(Connection& connection, domain::AccountKind kind);  // by name
// Those whose group there is, by name. A crash in the midst of a deletion may leave others behind.
std::vector<std::string> list_placed_accounts(Connection& connection, domain::AccountKind kind);

// How an operation ended that a client still asks for.
struct FinishedOperation {
    std::string id;
    std::string answer;  // the resource; empty: there is none any more
    base::TimePoint finished;
};

// Forgets those that finished before `oldest`.
void put_operation(Transaction& transaction, FinishedOperation const& operation, base::TimePoint oldest);
std::optional<FinishedOperation> find_operation(Connection& connection, std::string_view id);

// A version of an application, whose file may not have come yet.
struct PackageRecord {
    std::string account;
    std::string application;
    std::string version;
    std::optional<base::TimePoint> activated{};  // when it was last
    base::TimePoint changed;
};

void put_package_record(Transaction& transaction, PackageRecord const& package);
void delete_package_record(
    Transaction& transaction, std::string_view account, std::string_view application, std::string_view version
);
void delete_package_records(Transaction& transaction, std::string_view account);
std::optional<PackageRecord> find_package_record(
    Connection& connection, std::string_view account, std::string_view application, std::string_view version
);
// Of one application, by version.
std::vector<PackageRecord> list_package_records(
    Connection& connection, std::string_view account, std::string_view application
);

}  // namespace bluebatch::emulator::storage
