#include "emulator/blob/cases/blobs.hpp"
#include "emulator/blob/cases/lookup.hpp"
#include "emulator/blob/cases/replacing.hpp"
#include "emulator/storage/blob/block_store.hpp"
#include "emulator/storage/blob/content_store.hpp"

namespace bluebatch::emulator::blob::cases {
namespace {

using azure::StorageErrorCode;
using azure::StorageResult;

store::Blob make_copy(store::Blob const& source, CopyBlob& wanted) {
    store::Blob blob;
    blob.kind = source.kind;
    blob.size = source.size;
    blob.content_id = source.content_id;
    blob.layout_id = source.layout_id;
    blob.sequence_number = source.sequence_number;
    blob.is_sealed = source.is_sealed;
    blob.content = source.content;
    blob.metadata = wanted.metadata ? *std::move(wanted.metadata) : source.metadata;
    blob.tags = wanted.tags ? *std::move(wanted.tags) : source.tags;
    blob.tier = std::move(wanted.tier);
    return blob;
}

}  // namespace

StorageResult<store::Blob> copy_blob(Context const& context, Address const& address, CopyBlob wanted) {
    auto const now = context.clock.now();
    auto const copy_id = context.random.guid();
    storage::Transaction transaction(context.storage.database());
    auto& connection = transaction.connection();
    auto const container = get_container(connection, address);
    if (!container) return container.error();
    auto const source = get_blob(connection, wanted.source, now);
    if (!source) return StorageErrorCode::cannot_verify_copy_source;
    auto const source_fault =
        find_fault({wanted.source_conditions, {}}, *source, rules::Purpose::source, now);
    if (source_fault) return *source_fault;
    auto const existing = find_existing(transaction, container->id, address.blob, now);
    if (existing && wanted.overwrite == Overwrite::forbidden) {
        return StorageErrorCode::unauthorized_blob_overwrite;
    }
    if (auto const fault = find_write_fault(wanted.guard, existing, now)) return *fault;

    auto blob = make_copy(*source, wanted);
    blob.container_id = container->id;
    blob.name = address.blob;
    blob.copy = store::CopyState{
        .id = copy_id,
        .source = wanted.source_url,
        .copied = blob.size,
        .total = blob.size,
        .completed = now,
    };
    store::share_blob_content(transaction, *source);
    replace_blob(transaction, context.policies.of(address.account), existing, blob, now);
    auto const pending = store::find_pending_blob(connection, container->id, address.blob);
    if (pending) store::remove_pending_blob(transaction, pending->id);
    transaction.commit();

    if (pending || leaves_files(existing)) context.storage.clean_soon();
    return blob;
}

}  // namespace bluebatch::emulator::blob::cases
