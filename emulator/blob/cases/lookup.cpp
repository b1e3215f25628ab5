#include "emulator/blob/cases/lookup.hpp"

#include "emulator/blob/cases/account_policy.hpp"
#include "emulator/blob/cases/tiers.hpp"
#include "emulator/storage/blob/blob_store.hpp"
#include "emulator/storage/blob/container_store.hpp"

namespace bluebatch::emulator::blob::cases {

using azure::StorageErrorCode;

azure::StorageResult<store::Container> get_container(
    storage::Connection& connection, Address const& address
) {
    auto container = store::find_container(connection, address.account, address.container);
    if (!container) return StorageErrorCode::container_not_found;
    return *std::move(container);
}

namespace {

std::optional<store::Blob> find_state(
    storage::Connection& connection, std::int64_t container_id, Address const& address
) {
    if (address.snapshot) {
        return store::find_snapshot(connection, container_id, address.blob, *address.snapshot);
    }
    if (address.version) return store::find_version(connection, container_id, address.blob, *address.version);
    return store::find_blob(connection, container_id, address.blob);
}

}  // namespace

azure::StorageResult<store::Blob> get_blob(
    storage::Connection& connection, Address const& address, base::TimePoint now
) {
    auto const container = get_container(connection, address);
    if (!container) return container.error();
    auto blob = find_state(connection, container->id, address);
    if (!blob || has_expired(*blob, now)) return StorageErrorCode::blob_not_found;
    settle_tier(*blob, now);
    return *std::move(blob);
}

std::optional<store::Blob> find_existing(
    storage::Transaction& transaction, std::int64_t container_id, std::string_view name, base::TimePoint now
) {
    auto blob = store::find_blob(transaction.connection(), container_id, name);
    if (blob) settle_tier(*blob, now);
    if (!blob || !has_expired(*blob, now)) return blob;
    store::remove_blob(transaction, *blob);
    return std::nullopt;
}

rules::Entity entity_of(store::Blob const& blob) {
    return {blob.etag, blob.last_modified, &blob.tags};
}

void hide_access_time(Context const& context, Address const& address, store::Blob& blob) {
    if (!context.policies.of(address.account).tracks_access) blob.accessed.reset();
}

bool has_expired(store::Blob const& blob, base::TimePoint now) {
    return blob.expires && *blob.expires <= now;
}

std::optional<StorageErrorCode> find_fault(
    Guard const& guard, store::Container const& container, rules::LeaseNeed need, base::TimePoint now
) {
    auto const fault =
        rules::find_lease_fault(container.lease, guard.lease_id, need, rules::LeasedThing::container, now);
    if (fault) return fault;
    rules::Entity const entity{container.etag, container.last_modified};
    return rules::find_unmet_condition(guard.conditions, entity, rules::Purpose::write);
}

bool is_being_copied(store::Blob const& blob) {
    return blob.copy && blob.copy->status == store::CopyStatus::pending;
}

bool is_incremental_copy(store::Blob const& blob) {
    return blob.stage == store::Stage::current && blob.copy && blob.copy->is_incremental;
}

std::optional<StorageErrorCode> find_guard_fault(
    Guard const& guard, store::Blob const& blob, rules::Purpose purpose, base::TimePoint now
) {
    auto const unmet = rules::find_unmet_condition(guard.conditions, entity_of(blob), purpose);
    if (unmet) return unmet;
    auto const need = rules::is_write(purpose) ? rules::LeaseNeed::required : rules::LeaseNeed::if_given;
    return rules::find_lease_fault(blob.lease, guard.lease_id, need, rules::LeasedThing::blob, now);
}

std::optional<StorageErrorCode> find_fault(
    Guard const& guard, store::Blob const& blob, rules::Purpose purpose, base::TimePoint now
) {
    if (auto const fault = find_guard_fault(guard, blob, purpose, now)) return fault;
    if (!rules::is_write(purpose)) return std::nullopt;
    if (is_being_copied(blob)) return StorageErrorCode::pending_copy_operation;
    if (is_incremental_copy(blob)) return StorageErrorCode::operation_not_allowed_on_incremental_copy_blob;
    return std::nullopt;
}

std::optional<StorageErrorCode> find_write_fault(
    Guard const& guard, std::optional<store::Blob> const& blob, base::TimePoint now
) {
    if (blob) return find_fault(guard, *blob, rules::Purpose::create, now);
    if (auto const fault =
            rules::find_unmet_condition(guard.conditions, std::nullopt, rules::Purpose::create)) {
        return fault;
    }
    return rules::find_lease_fault(
        std::nullopt, guard.lease_id, rules::LeaseNeed::required, rules::LeasedThing::blob, now
    );
}

bool end_lost_lease(store::Blob& blob, base::TimePoint now) {
    if (!blob.lease || rules::is_held(blob.lease, now)) return false;
    blob.lease.reset();
    return true;
}

void touch_written(store::Blob& blob, base::TimePoint now) {
    touch(blob, now);
    end_lost_lease(blob, now);
}

}  // namespace bluebatch::emulator::blob::cases
