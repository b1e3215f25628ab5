#include "emulator/resources/service/accounts.hpp"

#include "emulator/resources/subscription.hpp"
#include "emulator/resources/wire/batch_account.hpp"
#include "emulator/resources/wire/storage_account.hpp"
#include "shared/base/text.hpp"

#include <algorithm>
#include <array>

namespace bluebatch::emulator::resources::service {

namespace {

using domain::AccountKind;
using storage::Snapshot;
using storage::Transaction;

constexpr std::array<AccountKind, 2> kKinds{AccountKind::batch, AccountKind::storage};

std::vector<storage::AccountRecord> read_records(World& world, AccountKind kind) {
    Snapshot snapshot(world.database);
    return storage::list_account_records(snapshot.connection(), kind);
}

// Both are in order of names.
std::vector<domain::Account> without_record(World& world, AccountKind kind) {
    auto accounts = world.around.accounts.list(kind);
    auto const records = read_records(world, kind);
    std::erase_if(accounts, [&](domain::Account const& account) {
        return std::ranges::any_of(records, [&](auto const& record) { return record.name == account.name; });
    });
    return accounts;
}

storage::AccountRecord own_record(AccountKind kind, domain::Account const& account) {
    storage::AccountRecord record;
    record.kind = kind;
    record.name = account.name;
    record.group = kOwnGroup;
    record.location = kOwnLocation;
    record.document = wire::dump(
        kind == AccountKind::batch ? wire::plain_batch_document() : wire::plain_storage_document()
    );
    record.changed = account.made;
    return record;
}

}  // namespace

void adopt_accounts(World& world, base::TimePoint now) {
    bool const all_known =
        std::ranges::all_of(kKinds, [&](auto kind) { return without_record(world, kind).empty(); });
    if (all_known) return;
    std::scoped_lock const lock(world.changing);
    std::vector<storage::AccountRecord> records;
    for (auto const kind : kKinds)
        for (auto const& account : without_record(world, kind))
            records.push_back(own_record(kind, account));
    Transaction transaction(world.database);
    if (!storage::find_group(transaction.connection(), kOwnGroup))
        storage::put_group(transaction, {std::string{kOwnGroup}, std::string{kOwnLocation}, "{}", now});
    for (auto const& record : records)
        storage::put_account_record(transaction, record);
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
    write_record(world, record);
    auto facts = world.around.accounts.create(record.kind, record.name);
    if (!facts) return std::nullopt;
    return Account{*std::move(facts), std::move(record)};
}

bool remove_account(World& world, AccountKind kind, std::string_view name) {
    if (!world.around.accounts.remove(kind, base::to_lower(name))) return false;
    Transaction transaction(world.database);
    storage::delete_account_record(transaction, kind, name);
    if (kind == AccountKind::batch) storage::delete_package_records(transaction, name);
    transaction.commit();
    return true;
}

}  // namespace bluebatch::emulator::resources::service
