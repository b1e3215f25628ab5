#include "emulator/storage/blob/blob_row.hpp"

#include "emulator/storage/blob/extras.hpp"
#include "emulator/storage/blob/fields.hpp"

namespace bluebatch::emulator::storage::blob {

Blob read_blob(Row const& row) {
    Blob blob;
    blob.id = row.integer(0);
    blob.container_id = row.integer(1);
    blob.name = row.text(2);
    blob.moment = read_time(row, 3);
    blob.stage = static_cast<Stage>(row.integer(4));
    blob.version = read_optional_time(row, 5);
    if (!row.is_null(6)) blob.deletion = SoftDeletion{read_time(row, 6), read_time(row, 7)};
    blob.kind = static_cast<BlobKind>(row.integer(8));
    blob.size = static_cast<std::uint64_t>(row.integer(9));
    blob.content_id = row.optional_integer(10);
    blob.layout_id = row.optional_integer(11);
    blob.created = read_time(row, 12);
    blob.last_modified = read_time(row, 13);
    blob.etag = read_time(row, 14);
    blob.content.type = row.text(15);
    blob.content.encoding = row.text(16);
    blob.content.language = row.text(17);
    blob.content.disposition = row.text(18);
    blob.content.cache_control = row.text(19);
    blob.content.md5 = row.optional_text(20);
    blob.metadata = parse_metadata(row.text(21));
    blob.tags = parse_tags(row.text(22));
    blob.tier = row.optional_text(23);
    blob.tier_changed = read_optional_time(row, 24);
    blob.lease = read_lease(row, 25);
    blob.accessed = read_optional_time(row, 29);
    read_extras(row.text(30), blob);
    return blob;
}

}  // namespace bluebatch::emulator::storage::blob
