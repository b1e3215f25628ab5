#pragma once

#include "emulator/blob/context.hpp"
#include "emulator/blob/rules/lease.hpp"
#include "emulator/storage/sqlite.hpp"
#include "shared/azure/storage_error.hpp"

#include <optional>

// What use cases begin with: finding what the request names and checking that it may go on.
namespace bluebatch::emulator::blob::cases {

// ContainerNotFound.
azure::StorageResult<store::Container> get_container(storage::Connection& connection, Address const& address);
// What the address names, be it a snapshot or version. ContainerNotFound, BlobNotFound.
azure::StorageResult<store::Blob> get_blob(
    storage::Connection& connection, Address const& address, base::TimePoint now
);
// The blob that a write is about to replace. What has expired makes room.
std::optional<store::Blob> find_existing(
    storage::Transaction& transaction, std::int64_t container_id, std::string_view name, base::TimePoint now
);
// What conditions look at.
rules::Entity entity_of(store::Blob const& blob);
// Unless the account tracks it now.
void hide_access_time(Context const& context, Address const& address, store::Blob& blob);
bool has_expired(store::Blob const& blob, base::TimePoint now);

std::optional<azure::StorageErrorCode> find_fault(
    Guard const& guard, store::Container const& container, rules::LeaseNeed need, base::TimePoint now
);
// The destination of a copy in the background; nobody else writes there meanwhile.
bool is_being_copied(store::Blob const& blob);
// The blob that incremental copies go to; only its snapshots are for anybody's use.
bool is_incremental_copy(store::Blob const& blob);
// What the request itself asks of the blob.
std::optional<azure::StorageErrorCode> find_guard_fault(
    Guard const& guard, store::Blob const& blob, rules::Purpose purpose, base::TimePoint now
);
// The same, and whether the blob is one that may be written to.
std::optional<azure::StorageErrorCode> find_fault(
    Guard const& guard, store::Blob const& blob, rules::Purpose purpose, base::TimePoint now
);
// For writes that may create the blob.
std::optional<azure::StorageErrorCode> find_write_fault(
    Guard const& guard, std::optional<store::Blob> const& blob, base::TimePoint now
);

// Gives the record a fresh entity tag, different from the last one even within one tick of the clock.
template <class Record>
void touch(Record& record, base::TimePoint now) {
    record.etag = std::max(now, record.etag + base::Ticks{1});
    record.last_modified = now;
}
// After a write a lease that no longer holds is gone; false when there was none such. Blob: outcomes of use
// attempts by lease state.
bool end_lost_lease(store::Blob& blob, base::TimePoint now);
// Both of them, for a blob that has been written to.
void touch_written(store::Blob& blob, base::TimePoint now);

}  // namespace bluebatch::emulator::blob::cases
