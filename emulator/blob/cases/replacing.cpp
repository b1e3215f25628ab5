#include "emulator/blob/cases/replacing.hpp"

#include "emulator/storage/blob/blob_store.hpp"

namespace bluebatch::emulator::blob::cases {

void replace_blob(
    storage::Transaction& transaction,
    std::optional<store::Blob> const& existing,
    store::Blob& blob,
    base::TimePoint now
) {
    blob.created = now;
    if (existing) {
        blob.id = existing->id;
        blob.etag = existing->etag;
        if (rules::is_held(existing->lease, now)) blob.lease = existing->lease;
    }
    touch(blob, now);
    if (existing) {
        store::release_blob_content(transaction, *existing);
        store::update_blob(transaction, blob);
    } else {
        store::insert_blob(transaction, blob);
    }
}

bool leaves_files(std::optional<store::Blob> const& blob) {
    return blob && blob->size > 0 && (!blob->content_id || blob->size > store::BlobStorage::kInlineLimit);
}

}  // namespace bluebatch::emulator::blob::cases
