#include "emulator/blob/cases/snapshots.hpp"

#include "emulator/blob/cases/lookup.hpp"
#include "emulator/blob/cases/replacing.hpp"
#include "emulator/blob/cases/tiers.hpp"
#include "emulator/storage/blob/blob_store.hpp"

#include <utility>

namespace bluebatch::emulator::blob::cases {

azure::StorageResult<store::Blob> snapshot_blob(
    Context const& context,
    Address const& address,
    Guard const& guard,
    std::optional<store::Metadata> metadata
) {
    auto const now = context.clock.now();
    storage::Transaction transaction(context.storage.database());
    auto& connection = transaction.connection();
    auto const blob = get_blob(connection, address, now);
    if (!blob) return blob.error();
    // A snapshot changes nothing, so a lease matters only where one is named.
    auto const unmet = rules::find_unmet_condition(guard.conditions, entity_of(*blob), rules::Purpose::write);
    if (unmet) return *unmet;
    if (auto const fault = find_fault({{}, guard.lease_id}, *blob, rules::Purpose::read, now)) return *fault;
    if (is_being_copied(*blob)) return azure::StorageErrorCode::pending_copy_operation;
    if (is_incremental_copy(*blob)) {
        return azure::StorageErrorCode::operation_not_allowed_on_incremental_copy_blob;
    }
    if (auto const fault = find_offline_fault(*blob)) return *fault;
    if (auto const fault = rules::find_key_fault(blob->encryption, guard.encryption)) return *fault;

    auto snapshot = *blob;
    snapshot.stage = store::Stage::snapshot;
    snapshot.moment = fresh_moment(connection, blob->container_id, blob->name, now);
    snapshot.lease.reset();
    snapshot.expires.reset();
    snapshot.immutability.reset();
    snapshot.has_legal_hold = false;
    if (metadata) {
        snapshot.metadata = *std::move(metadata);
        touch(snapshot, now);
    }
    store::share_blob_content(transaction, *blob);
    store::insert_blob(transaction, snapshot);
    transaction.commit();
    return snapshot;
}

}  // namespace bluebatch::emulator::blob::cases
