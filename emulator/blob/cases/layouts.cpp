#include "emulator/blob/cases/layouts.hpp"

#include "emulator/blob/cases/immutability.hpp"
#include "emulator/blob/cases/lookup.hpp"
#include "emulator/storage/blob/content_store.hpp"
#include "emulator/storage/blob/layout_store.hpp"

namespace bluebatch::emulator::blob::cases {

azure::StorageResult<store::Blob> get_for_write(
    storage::Transaction& transaction,
    Address const& address,
    store::BlobKind kind,
    Guard const& guard,
    base::TimePoint now
) {
    auto blob = get_blob(transaction.connection(), address, now);
    if (!blob) return blob.error();
    if (blob->kind != kind) return azure::StorageErrorCode::invalid_blob_type;
    if (auto const fault = find_fault(guard, *blob, rules::Purpose::write, now)) return *fault;
    if (auto const fault = find_immutability_fault(*blob, now)) return *fault;
    return blob;
}

std::int64_t own_layout_of(storage::Transaction& transaction, store::Blob& blob) {
    if (blob.layout_id) {
        blob.layout_id = store::own_layout(transaction, *blob.layout_id);
        return *blob.layout_id;
    }
    blob.layout_id = store::insert_layout(transaction);
    if (blob.content_id) {
        store::insert_segment(transaction, *blob.layout_id, {0, blob.size, {}, *blob.content_id, 0});
        blob.content_id.reset();
    }
    return *blob.layout_id;
}

void commit_and_clean(Context const& context, storage::Transaction& transaction) {
    auto& connection = transaction.connection();
    bool const has_work =
        !store::list_removals(connection, 1).empty() || store::has_dropped_layouts(connection);
    transaction.commit();
    if (has_work) context.storage.clean_soon();
}

}  // namespace bluebatch::emulator::blob::cases
