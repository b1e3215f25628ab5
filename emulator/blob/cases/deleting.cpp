#include "emulator/blob/cases/deleting.hpp"

#include "emulator/blob/cases/immutability.hpp"
#include "emulator/blob/cases/lookup.hpp"
#include "emulator/storage/blob/blob_store.hpp"

#include <algorithm>
#include <limits>

namespace bluebatch::emulator::blob::cases {
namespace {

using azure::StorageErrorCode;
using azure::StorageResult;

// As many as must be looked at.
std::vector<store::Blob> list_snapshots(
    storage::Connection& connection, store::Blob const& blob, DeleteSnapshots wanted
) {
    constexpr std::size_t kAll = std::numeric_limits<std::int32_t>::max();
    auto const limit = wanted == DeleteSnapshots::none ? 1 : kAll;
    return store::list_snapshots(connection, blob.container_id, blob.name, limit);
}

// The deleted state that the address names.
std::optional<store::Blob> find_deleted_state(
    storage::Connection& connection, std::int64_t container_id, Address const& address
) {
    auto const moment = address.snapshot ? address.snapshot : address.version;
    if (!moment) return std::nullopt;
    return store::find_deleted_state(connection, container_id, address.blob, *moment);
}

StorageResult<Removal> delete_in(
    storage::Transaction& transaction,
    AccountPolicy const& policy,
    store::Blob const& blob,
    DeleteSnapshots wanted,
    base::TimePoint now
) {
    bool const is_current = blob.stage == store::Stage::current;
    auto const immutable = find_immutability_fault(blob, now);
    bool const stays = is_current && (policy.keeps_versions || wanted == DeleteSnapshots::only);
    if (immutable && !stays) return *immutable;
    if (!is_current) return remove_aside(transaction, policy, blob, now);
    auto const snapshots = list_snapshots(transaction.connection(), blob, wanted);
    if (!snapshots.empty() && wanted == DeleteSnapshots::none) return StorageErrorCode::snapshots_present;
    for (auto const& snapshot : snapshots) {
        if (auto const fault = find_immutability_fault(snapshot, now)) return *fault;
    }
    auto removal = Removal::permanent;
    for (auto const& snapshot : snapshots)
        removal = remove_aside(transaction, policy, snapshot, now);
    if (wanted == DeleteSnapshots::only) return removal;
    return remove_current(transaction, policy, blob, now);
}

}  // namespace

StorageResult<Removal> delete_blob(
    Context const& context, Address const& address, Guard const& guard, DeleteSnapshots snapshots
) {
    auto const policy = context.policies.of(address.account);
    return context.storage.free_space([&]() -> StorageResult<Removal> {
        auto const now = context.clock.now();
        storage::Transaction transaction(context.storage.database());
        auto const blob = get_blob(transaction.connection(), address, now);
        if (!blob) return blob.error();
        bool const names_state = address.snapshot || address.version;
        if (names_state && blob->stage == store::Stage::current) {
            return StorageErrorCode::operation_not_allowed_on_root_blob;
        }
        if (auto const fault = find_guard_fault(guard, *blob, rules::Purpose::write, now)) return *fault;
        if (is_being_copied(*blob)) return StorageErrorCode::pending_copy_operation;
        auto const removal = delete_in(transaction, policy, *blob, snapshots, now);
        if (!removal) return removal.error();
        transaction.commit();
        context.storage.clean_soon();
        return removal;
    });
}

StorageResult<void> delete_permanently(Context const& context, Address const& address, Guard const& guard) {
    return context.storage.free_space([&]() -> StorageResult<void> {
        auto const now = context.clock.now();
        storage::Transaction transaction(context.storage.database());
        auto const container = get_container(transaction.connection(), address);
        if (!container) return container.error();
        auto const state = find_deleted_state(transaction.connection(), container->id, address);
        if (!state) return StorageErrorCode::blob_not_found;
        if (auto const fault = find_fault(guard, *state, rules::Purpose::write, now)) return *fault;
        if (auto const fault = find_immutability_fault(*state, now)) return *fault;
        store::remove_blob(transaction, *state);
        transaction.commit();
        context.storage.clean_soon();
        return {};
    });
}

StorageResult<void> undelete_blob(Context const& context, Address const& address) {
    auto const now = context.clock.now();
    storage::Transaction transaction(context.storage.database());
    auto& connection = transaction.connection();
    auto const container = get_container(connection, address);
    if (!container) return container.error();
    auto const current = store::find_blob(connection, container->id, address.blob);
    auto states = store::list_states_aside(connection, container->id, address.blob);
    std::erase_if(states, [&](store::Blob const& state) {
        return state.deletion && state.deletion->purge <= now;
    });
    if (!current && states.empty()) return StorageErrorCode::blob_not_found;
    for (auto state : states) {
        if (!state.deletion || (state.stage == store::Stage::current && current)) continue;
        state.deletion.reset();
        store::update_blob(transaction, state);
    }
    transaction.commit();
    return {};
}

}  // namespace bluebatch::emulator::blob::cases
