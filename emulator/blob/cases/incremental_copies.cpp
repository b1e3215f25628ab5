#include "emulator/blob/cases/copying.hpp"
#include "emulator/blob/cases/lookup.hpp"
#include "emulator/blob/cases/replacing.hpp"
#include "emulator/storage/blob/blob_store.hpp"

namespace bluebatch::emulator::blob::cases {
namespace {

using azure::StorageErrorCode;
using azure::StorageResult;

constexpr std::string_view kSnapshot = "?snapshot=";

std::string url_of(std::string const& blob_url, base::TimePoint snapshot) {
    return blob_url.substr(0, blob_url.find('?')).append(kSnapshot) + base::to_iso8601(snapshot, 7);
}

// Whether the destination may take this snapshot after what it took last.
std::optional<StorageErrorCode> find_order_fault(store::Blob const& existing, std::string const& source_url) {
    if (!is_incremental_copy(existing)) return StorageErrorCode::incremental_copy_blob_mismatch;
    auto const& last = existing.copy->source;
    auto const start = last.find(kSnapshot);
    if (last.substr(0, start) != source_url.substr(0, source_url.find(kSnapshot))) {
        return StorageErrorCode::incremental_copy_blob_mismatch;
    }
    // Both are written in one form, whose order is that of the times.
    if (source_url < last) return StorageErrorCode::incremental_copy_of_earlier_snapshot_not_allowed;
    return std::nullopt;
}

StorageResult<store::Blob> find_source_snapshot(
    storage::Connection& connection, CopySource const& wanted, base::TimePoint now
) {
    if (!wanted.address.snapshot) return StorageErrorCode::incremental_copy_source_must_be_snapshot;
    auto source = get_blob(connection, wanted.address, now);
    if (!source) return source_error(source.error());
    if (auto const fault = find_fault(wanted.guard, *source, rules::Purpose::source, now)) return *fault;
    // Copies can't be told the key.
    if (auto const fault = rules::find_key_fault(source->encryption, {})) return source_error(*fault);
    if (source->kind != store::BlobKind::page) return StorageErrorCode::invalid_source_blob_type;
    return source;
}

void take_over(store::Blob& blob, store::Blob const& source) {
    blob.kind = source.kind;
    blob.size = source.size;
    blob.content_id = source.content_id;
    blob.layout_id = source.layout_id;
    blob.sequence_number = source.sequence_number;
    blob.content = source.content;
    blob.metadata = source.metadata;
}

}  // namespace

StorageResult<store::Blob> copy_incrementally(
    Context const& context, Address const& address, CopySource const& wanted_source, CopyBlob wanted
) {
    auto const now = context.clock.now();
    storage::Transaction transaction(context.storage.database());
    auto& connection = transaction.connection();
    auto const container = get_container(connection, address);
    if (!container) return container.error();
    auto const source = find_source_snapshot(connection, wanted_source, now);
    if (!source) return source.error();
    auto const source_url = url_of(wanted.source_url, *wanted_source.address.snapshot);
    auto const existing = find_existing(transaction, container->id, address.blob, now);
    if (existing && wanted.overwrite == Overwrite::forbidden) {
        return StorageErrorCode::unauthorized_blob_overwrite;
    }
    auto const fault = existing ? find_guard_fault(wanted.guard, *existing, rules::Purpose::create, now)
                                : find_write_fault(wanted.guard, existing, now);
    if (fault) return *fault;
    auto const immutable = existing ? find_immutability_fault(*existing, now) : std::nullopt;
    if (immutable) return *immutable;
    auto const order_fault = existing ? find_order_fault(*existing, source_url) : std::nullopt;
    if (order_fault) return *order_fault;

    auto encryption = rules::choose_encryption(*container, {});
    if (!encryption) return encryption.error();
    auto blob = existing.value_or(store::Blob{});
    if (!existing) blob.encryption = *std::move(encryption);
    take_over(blob, *source);
    blob.container_id = container->id;
    blob.name = address.blob;
    blob.copy = store::CopyState{
        .id = context.random.guid(),
        .source = source_url,
        .copied = source->size,
        .total = source->size,
        .completed = now,
        .is_incremental = true,
        .destination_snapshot = fresh_moment(connection, container->id, address.blob, now),
    };
    store::share_blob_content(transaction, *source);
    if (existing) {
        store::release_blob_content(transaction, *existing);
        touch_written(blob, now);
        store::update_blob(transaction, blob);
    } else {
        replace_blob(transaction, context.policies.of(address.account), existing, blob, now);
    }
    auto snapshot = blob;
    snapshot.stage = store::Stage::snapshot;
    snapshot.moment = *blob.copy->destination_snapshot;
    snapshot.version.reset();
    snapshot.lease.reset();
    store::share_blob_content(transaction, blob);
    store::insert_blob(transaction, snapshot);
    transaction.commit();
    if (existing) context.storage.clean_soon();
    return blob;
}

}  // namespace bluebatch::emulator::blob::cases
