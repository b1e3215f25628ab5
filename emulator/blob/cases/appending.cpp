#include "emulator/blob/cases/appending.hpp"

#include "emulator/blob/cases/blocks.hpp"
#include "emulator/blob/cases/layouts.hpp"
#include "emulator/blob/cases/lookup.hpp"
#include "emulator/storage/blob/blob_store.hpp"
#include "emulator/storage/blob/layout_store.hpp"

namespace bluebatch::emulator::blob::cases {

using azure::StorageErrorCode;
using azure::StorageResult;

StorageResult<AppendedBlock> append_block(
    Context const& context,
    Address const& address,
    Guard const& guard,
    AppendConditions const& conditions,
    store::NewContent content
) {
    auto const now = context.clock.now();
    storage::Transaction transaction(context.storage.database());
    auto blob = get_for_write(transaction, address, store::BlobKind::append, guard, now);
    if (!blob) return blob.error();
    if (auto const fault = rules::find_key_fault(blob->encryption, guard.encryption)) return *fault;
    if (blob->is_sealed) return StorageErrorCode::blob_is_sealed;
    auto const offset = blob->size;
    if (conditions.position && *conditions.position != offset) {
        return StorageErrorCode::append_position_condition_not_met;
    }
    if (conditions.max_size && offset + content.size() > *conditions.max_size) {
        return StorageErrorCode::max_blob_size_condition_not_met;
    }
    if (blob->committed_blocks >= kMaxCommittedBlocks) return StorageErrorCode::block_count_exceeds_limit;

    auto const layout_id = own_layout_of(transaction, *blob);
    auto const content_id = content.store(transaction);
    store::insert_segment(transaction, layout_id, {offset, content.size(), {}, content_id.value(), 0});
    blob->size += content.size();
    ++blob->committed_blocks;
    touch_written(*blob, now);
    store::update_blob(transaction, *blob);
    transaction.commit();
    return AppendedBlock{*std::move(blob), offset};
}

StorageResult<store::Blob> seal_blob(
    Context const& context,
    Address const& address,
    Guard const& guard,
    std::optional<std::uint64_t> const& position
) {
    auto const now = context.clock.now();
    storage::Transaction transaction(context.storage.database());
    auto blob = get_for_write(transaction, address, store::BlobKind::append, guard, now);
    if (!blob) return blob.error();
    if (position && *position != blob->size) return StorageErrorCode::append_position_condition_not_met;
    if (blob->is_sealed) return blob;
    blob->is_sealed = true;
    touch_written(*blob, now);
    store::update_blob(transaction, *blob);
    transaction.commit();
    return blob;
}

}  // namespace bluebatch::emulator::blob::cases
