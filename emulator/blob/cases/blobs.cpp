#include "emulator/blob/cases/blobs.hpp"

#include "emulator/blob/cases/lookup.hpp"
#include "emulator/blob/cases/replacing.hpp"
#include "emulator/storage/blob/block_store.hpp"

#include <functional>

namespace bluebatch::emulator::blob::cases {
namespace {

using azure::StorageErrorCode;
using azure::StorageResult;

enum class EntityTag : std::uint8_t { renewed, kept };

StorageResult<store::Blob> change_blob(
    Context const& context,
    Address const& address,
    Guard const& guard,
    EntityTag entity_tag,
    std::function<void(store::Blob&, base::TimePoint)> const& change
) {
    auto const now = context.clock.now();
    storage::Transaction transaction(context.storage.database());
    auto blob = get_blob(transaction.connection(), address);
    if (!blob) return blob.error();
    if (auto const fault = find_fault(guard, *blob, rules::Purpose::write, now)) return *fault;
    change(*blob, now);
    if (entity_tag == EntityTag::renewed) touch(*blob, now);
    store::update_blob(transaction, *blob);
    transaction.commit();
    return blob;
}

}  // namespace

StorageResult<store::Blob> put_blob(
    Context const& context, Address const& address, NewBlob wanted, store::NewContent content
) {
    auto const now = context.clock.now();
    storage::Transaction transaction(context.storage.database());
    auto& connection = transaction.connection();
    auto const container = get_container(connection, address);
    if (!container) return container.error();
    auto const existing = store::find_blob(connection, container->id, address.blob);
    if (existing && wanted.overwrite == Overwrite::forbidden) {
        return StorageErrorCode::unauthorized_blob_overwrite;
    }
    if (auto const fault = find_write_fault(wanted.guard, existing, now)) return *fault;

    store::Blob blob;
    blob.container_id = container->id;
    blob.name = address.blob;
    blob.size = content.size();
    blob.content_id = content.store(transaction);
    blob.content = std::move(wanted.content);
    blob.metadata = std::move(wanted.metadata);
    blob.tier = std::move(wanted.tier);
    replace_blob(transaction, existing, blob, now);
    auto const pending = store::find_pending_blob(connection, container->id, address.blob);
    if (pending) store::remove_pending_blob(transaction, pending->id);
    transaction.commit();

    content.keep();
    if (pending || leaves_files(existing)) context.storage.clean_soon();
    return blob;
}

StorageResult<store::Blob> read_properties(
    Context const& context, Address const& address, Guard const& guard
) {
    storage::Snapshot snapshot(context.storage.database());
    auto blob = get_blob(snapshot.connection(), address);
    if (!blob) return blob.error();
    if (auto const fault = find_fault(guard, *blob, rules::Purpose::read, context.clock.now())) return *fault;
    return blob;
}

StorageResult<store::Blob> set_metadata(
    Context const& context, Address const& address, Guard const& guard, store::Metadata metadata
) {
    return change_blob(context, address, guard, EntityTag::renewed, [&](store::Blob& blob, base::TimePoint) {
        blob.metadata = std::move(metadata);
    });
}

StorageResult<store::Blob> set_content_headers(
    Context const& context, Address const& address, Guard const& guard, store::ContentHeaders content
) {
    return change_blob(context, address, guard, EntityTag::renewed, [&](store::Blob& blob, base::TimePoint) {
        blob.content = std::move(content);
    });
}

StorageResult<store::Blob> set_tier(
    Context const& context, Address const& address, Guard const& guard, std::string tier
) {
    return change_blob(context, address, guard, EntityTag::kept, [&](store::Blob& blob, base::TimePoint now) {
        blob.tier = std::move(tier);
        blob.tier_changed = now;
    });
}

StorageResult<void> delete_blob(Context const& context, Address const& address, Guard const& guard) {
    return context.storage.free_space([&]() -> StorageResult<void> {
        storage::Transaction transaction(context.storage.database());
        auto const blob = get_blob(transaction.connection(), address);
        if (!blob) return blob.error();
        auto const fault = find_fault(guard, *blob, rules::Purpose::write, context.clock.now());
        if (fault) return *fault;
        store::remove_blob(transaction, *blob);
        transaction.commit();
        if (leaves_files(*blob)) context.storage.clean_soon();
        return {};
    });
}

StorageResult<LeasedBlob> lease_blob(
    Context const& context,
    Address const& address,
    rules::Conditions const& conditions,
    rules::LeaseRequest const& request
) {
    auto const now = context.clock.now();
    storage::Transaction transaction(context.storage.database());
    auto blob = get_blob(transaction.connection(), address);
    if (!blob) return blob.error();
    rules::Entity const entity{blob->etag, blob->last_modified};
    auto const fault = rules::find_unmet_condition(conditions, entity, rules::Purpose::write);
    if (fault) return *fault;
    auto outcome = rules::apply(request, blob->lease, now);
    if (!outcome) return outcome.error();
    blob->lease = outcome->lease;
    store::update_blob(transaction, *blob);
    transaction.commit();
    return LeasedBlob{*std::move(blob), *std::move(outcome)};
}

StorageResult<store::BlobList> list_blobs(
    Context const& context, Address const& address, BlobQuery const& query
) {
    storage::Snapshot snapshot(context.storage.database());
    auto const container = get_container(snapshot.connection(), address);
    if (!container) return container.error();
    return store::list_blobs(
        snapshot.connection(),
        {container->id, query.prefix, query.delimiter, query.from, query.limit, query.with_uncommitted}
    );
}

}  // namespace bluebatch::emulator::blob::cases
