#include "emulator/blob/cases/blobs.hpp"

#include "emulator/blob/cases/lookup.hpp"
#include "emulator/blob/cases/replacing.hpp"
#include "emulator/blob/cases/tiers.hpp"
#include "emulator/storage/blob/block_store.hpp"

#include <functional>

namespace bluebatch::emulator::blob::cases {
namespace {

using azure::StorageErrorCode;
using azure::StorageResult;

enum class Versions : std::uint8_t { added, kept };

StorageResult<store::Blob> change_blob(
    Context const& context,
    Address const& address,
    Guard const& guard,
    Versions versions,
    std::function<void(store::Blob&)> const& change
) {
    auto const now = context.clock.now();
    storage::Transaction transaction(context.storage.database());
    auto blob = get_blob(transaction.connection(), address, now);
    if (!blob) return blob.error();
    if (auto const fault = find_fault(guard, *blob, rules::Purpose::write, now)) return *fault;
    if (auto const fault = find_offline_fault(*blob)) return *fault;
    if (auto const fault = rules::find_key_fault(blob->encryption, guard.encryption)) return *fault;
    auto const policy = context.policies.of(address.account);
    bool const stays = versions == Versions::added && policy.keeps_versions;
    auto const immutable = find_immutability_fault(*blob, now);
    if (immutable && !stays) return *immutable;
    auto const existing = *blob;
    change(*blob);
    touch_written(*blob, now);
    if (versions == Versions::added) {
        save_changed(transaction, policy, existing, *blob, now);
    } else {
        store::update_blob(transaction, *blob);
    }
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
    auto const existing = find_existing(transaction, container->id, address.blob, now);
    if (existing && wanted.overwrite == Overwrite::forbidden) {
        return StorageErrorCode::unauthorized_blob_overwrite;
    }
    if (auto const fault = find_write_fault(wanted.guard, existing, now)) return *fault;
    auto const policy = context.policies.of(address.account);
    if (auto const fault = find_overwrite_fault(existing, policy, now)) return *fault;
    if (auto const fault = find_protection_fault(*container, wanted.protection, now)) return *fault;
    bool const is_block_blob = !existing || existing->kind == store::BlobKind::block;
    if (wanted.replaces == Replaces::block_blobs && !is_block_blob)
        return StorageErrorCode::invalid_blob_type;

    auto encryption = rules::choose_encryption(*container, wanted.guard.encryption);
    if (!encryption) return encryption.error();

    store::Blob blob;
    blob.container_id = container->id;
    blob.name = address.blob;
    blob.encryption = *std::move(encryption);
    blob.kind = wanted.kind;
    blob.size = wanted.kind == store::BlobKind::page ? wanted.page_blob_size : content.size();
    blob.sequence_number = wanted.sequence_number;
    blob.content_id = content.store(transaction);
    blob.content = std::move(wanted.content);
    blob.metadata = std::move(wanted.metadata);
    blob.tags = std::move(wanted.tags);
    blob.tier = std::move(wanted.tier);
    blob.copy = std::move(wanted.copy);
    blob.expires = time_of(wanted.expiry, now, now);
    protect(blob, wanted.protection);
    replace_blob(transaction, policy, existing, blob, now);
    auto const pending = store::find_pending_blob(connection, container->id, address.blob);
    if (pending) store::drop_pending_blob(transaction, pending->id);
    transaction.commit();

    if (pending || blob.expires || leaves_work(policy, existing)) context.storage.clean_soon();
    return blob;
}

StorageResult<store::Blob> read_properties(
    Context const& context, Address const& address, Guard const& guard
) {
    auto const now = context.clock.now();
    storage::Snapshot snapshot(context.storage.database());
    auto blob = get_blob(snapshot.connection(), address, now);
    if (!blob) return blob.error();
    if (auto const fault = find_fault(guard, *blob, rules::Purpose::read, now)) return *fault;
    if (auto const fault = rules::find_key_fault(blob->encryption, guard.encryption)) return *fault;
    hide_access_time(context, address, *blob);
    return blob;
}

StorageResult<store::Blob> set_metadata(
    Context const& context, Address const& address, Guard const& guard, store::Metadata metadata
) {
    auto const change = [&](store::Blob& blob) { blob.metadata = std::move(metadata); };
    return change_blob(context, address, guard, Versions::added, change);
}

StorageResult<store::Blob> set_content_headers(
    Context const& context, Address const& address, Guard const& guard, store::ContentHeaders content
) {
    auto const change = [&](store::Blob& blob) {
        blob.content = std::move(content);
        blob.copy.reset();
    };
    return change_blob(context, address, guard, Versions::kept, change);
}

StorageResult<LeasedBlob> lease_blob(
    Context const& context,
    Address const& address,
    rules::Conditions const& conditions,
    rules::LeaseRequest const& request
) {
    auto const now = context.clock.now();
    storage::Transaction transaction(context.storage.database());
    auto blob = get_blob(transaction.connection(), address, now);
    if (!blob) return blob.error();
    auto const fault = rules::find_unmet_condition(conditions, entity_of(*blob), rules::Purpose::write);
    if (fault) return *fault;
    auto outcome = rules::apply(request, blob->lease, now);
    if (!outcome) return outcome.error();
    blob->lease = outcome->lease;
    store::update_blob(transaction, *blob);
    transaction.commit();
    return LeasedBlob{*std::move(blob), *std::move(outcome)};
}

StorageResult<store::BlobList> list_blobs(
    Context const& context, Address const& address, store::ListBlobs query
) {
    storage::Snapshot snapshot(context.storage.database());
    auto const container = get_container(snapshot.connection(), address);
    if (!container) return container.error();
    query.container_id = container->id;
    query.now = context.clock.now();
    auto list = store::list_blobs(snapshot.connection(), query);
    for (auto& item : list.items) {
        settle_tier(item.blob, query.now);
        hide_access_time(context, address, item.blob);
    }
    return list;
}

}  // namespace bluebatch::emulator::blob::cases
