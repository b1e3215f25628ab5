#include "emulator/resources/service/groups.hpp"

#include "emulator/resources/resource_id.hpp"
#include "emulator/resources/service/accounts.hpp"

#include <array>

namespace bluebatch::emulator::resources::service {

namespace {

struct TypedKind {
    domain::AccountKind kind;
    std::string_view type;
};
// Batch accounts first: what they run uses the other ones.
constexpr std::array<TypedKind, 2> kRemovedInOrder{
    {{domain::AccountKind::batch, kBatchAccounts}, {domain::AccountKind::storage, kStorageAccounts}}};

}  // namespace

std::optional<storage::ResourceGroup> find_group(World& world, std::string_view name) {
    storage::Snapshot snapshot(world.database);
    return storage::find_group(snapshot.connection(), name);
}

std::vector<storage::ResourceGroup> list_groups(World& world) {
    storage::Snapshot snapshot(world.database);
    return storage::list_groups(snapshot.connection());
}

void write_group(World& world, storage::ResourceGroup const& group) {
    storage::Transaction transaction(world.database);
    storage::put_group(transaction, group);
    transaction.commit();
}

std::string find_lasting(World& world, std::string_view group) {
    for (auto const& [kind, type] : kRemovedInOrder)
        for (auto const& account : list_accounts(world, kind, group))
            if (account.facts.origin == domain::AccountOrigin::configured)
                return account_id(account.record.group, type, account.record.name);
    return {};
}

void remove_group(World& world, std::string_view group) {
    for (auto const& [kind, type] : kRemovedInOrder)
        for (auto const& account : list_accounts(world, kind, group))
            remove_account(world, kind, account.record.name);
    storage::Transaction transaction(world.database);
    // Also of those whose deletion a crash has cut short: the services no longer have them.
    storage::delete_account_records(transaction, group);
    storage::delete_group(transaction, group);
    transaction.commit();
}

}  // namespace bluebatch::emulator::resources::service
