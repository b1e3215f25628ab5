#include "emulator/storage/blob/blob_row.hpp"

#include "emulator/storage/blob/fields.hpp"

namespace bluebatch::emulator::storage::blob {

Blob read_blob(Row const& row) {
    Blob blob;
    blob.id = row.integer(0);
    blob.container_id = row.integer(1);
    blob.name = row.text(2);
    blob.snapshot = row.text(3);
    blob.kind = static_cast<BlobKind>(row.integer(4));
    blob.size = static_cast<std::uint64_t>(row.integer(5));
    blob.content_id = row.optional_integer(6);
    blob.created = read_time(row, 7);
    blob.last_modified = read_time(row, 8);
    blob.etag = read_time(row, 9);
    blob.content.type = row.text(10);
    blob.content.encoding = row.text(11);
    blob.content.language = row.text(12);
    blob.content.disposition = row.text(13);
    blob.content.cache_control = row.text(14);
    blob.content.md5 = row.optional_text(15);
    blob.metadata = parse_metadata(row.text(16));
    blob.tier = row.optional_text(17);
    blob.tier_changed = read_optional_time(row, 18);
    if (!row.is_null(19)) {
        blob.copy = CopyState{std::string{row.text(19)}, std::string{row.text(20)}, read_time(row, 21)};
    }
    blob.lease = read_lease(row, 22);
    return blob;
}

}  // namespace bluebatch::emulator::storage::blob
