#include "emulator/resources/service/accounts.hpp"

#include "emulator/resources/subscription.hpp"
#include "shared/base/text.hpp"

#include <algorithm>
#include <iterator>

namespace bluebatch::emulator::resources::service {

namespace {

using domain::AccountKind;
using storage::Snapshot;
using storage::Transaction;

std::vector<storage::AccountRecord> read_records(World& world, AccountKind kind) {
    Snapshot snapshot(world.database);
    return storage::list_account_records(snapshot.connection(), kind);
}

// What the record of an account that came another way says before anybody has changed it.
constexpr std::string_view first_document(AccountKind kind) {
    return kind == AccountKind::batch ? "{}" : R"({"sku":{"name":"Standard_RAGRS"},"kind":"StorageV2"})";
}

storage::AccountRecord own_record(AccountKind kind, domain::Account const& account) {
    storage::AccountRecord record;
    record.kind = kind;
    record.name = account.name;
    record.group = kOwnGroup;
    record.location = kOwnLocation;
    record.document = first_document(kind);
    record.changed = account.made;
    return record;
}

// Of accounts that nobody has given a place yet. Both lists are in order of names.
std::vector<storage::AccountRecord> missing_records(World& world, AccountKind kind) {
    // Before the records: those are written before their accounts are made.
    auto const accounts = world.around.accounts.list(kind);
    Snapshot snapshot(world.database);
    auto const placed = storage::list_placed_accounts(snapshot.connection(), kind);
    std::vector<storage::AccountRecord> missing;
    auto next = placed.begin();
    for (auto const& account : accounts) {
        next = std::lower_bound(next, placed.end(), account.name);
        if (next == placed.end() || *next != account.name) missing.push_back(own_record(kind, account));
    }
    return missing;
}

std::vector<storage::AccountRecord> missing_records(World& world) {
    auto records = missing_records(world, AccountKind::batch);
    std::ranges::move(missing_records(world, AccountKind::storage), std::back_inserter(records));
    return records;
}

void put_new_record(Transaction& transaction, storage::AccountRecord const& record) {
    storage::put_account_record(transaction, record);
    // Those of an earlier account of that name.
    if (record.kind == AccountKind::batch) storage::delete_package_records(transaction, record.name);
}

void delete_record(World& world, AccountKind kind, std::string_view name) {
    Transaction transaction(world.database);
    storage::delete_account_record(transaction, kind, name);
    if (kind == AccountKind::batch) storage::delete_package_records(transaction, name);
    transaction.commit();
}

}  // namespace

void adopt_accounts(World& world, base::TimePoint now) {
    if (missing_records(world).empty()) return;
    Changing const changing(world);
    auto const records = missing_records(world);
    Transaction transaction(world.database);
    if (!storage::find_group(transaction.connection(), kOwnGroup))
        storage::put_group(transaction, {std::string{kOwnGroup}, std::string{kOwnLocation}, "{}", now});
    for (auto const& record : records)
        put_new_record(transaction, record);
    transaction.commit();
}

std::optional<Account> find_account(World& world, AccountKind kind, std::string_view name) {
    auto facts = world.around.accounts.find(kind, base::to_lower(name));
    if (!facts) return std::nullopt;
    Snapshot snapshot(world.database);
    auto record = storage::find_account_record(snapshot.connection(), kind, name);
    if (!record) return std::nullopt;
    return Account{*std::move(facts), *std::move(record)};
}

std::optional<Account> find_account(
    World& world, AccountKind kind, std::string_view group, std::string_view name
) {
    auto account = find_account(world, kind, name);
    if (account && !base::equal_ignoring_case(account->record.group, group)) return std::nullopt;
    return account;
}

std::vector<Account> list_accounts(World& world, AccountKind kind, std::string_view group) {
    std::vector<Account> accounts;
    auto const all = world.around.accounts.list(kind);
    for (auto& record : read_records(world, kind)) {
        if (!group.empty() && !base::equal_ignoring_case(record.group, group)) continue;
        auto const facts = std::ranges::find(all, record.name, &domain::Account::name);
        if (facts != all.end()) accounts.push_back({*facts, std::move(record)});
    }
    return accounts;
}

void write_record(World& world, storage::AccountRecord const& record) {
    Transaction transaction(world.database);
    storage::put_account_record(transaction, record);
    transaction.commit();
}

std::optional<Account> create_account(World& world, storage::AccountRecord record) {
    if (world.around.accounts.find(record.kind, record.name)) return std::nullopt;
    // A record without an account is as good as none; an account without a record would look like one that
    // was not made here.
    {
        Transaction transaction(world.database);
        put_new_record(transaction, record);
        transaction.commit();
    }
    auto facts = world.around.accounts.create(record.kind, record.name);
    if (!facts) return std::nullopt;
    return Account{*std::move(facts), std::move(record)};
}

bool remove_account(World& world, AccountKind kind, std::string_view name) {
    if (!world.around.accounts.remove(kind, base::to_lower(name))) return false;
    delete_record(world, kind, name);
    return true;
}

void forget_account(World& world, AccountKind kind, std::string_view group, std::string_view name) {
    if (world.around.accounts.find(kind, base::to_lower(name))) return;
    std::optional<storage::AccountRecord> record;
    {
        Snapshot snapshot(world.database);
        record = storage::find_account_record(snapshot.connection(), kind, name);
    }
    if (record && base::equal_ignoring_case(record->group, group)) delete_record(world, kind, name);
}

}  // namespace bluebatch::emulator::resources::service
