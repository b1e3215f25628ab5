#include "emulator/storage/blob/tag_index.hpp"

namespace bluebatch::emulator::storage::blob {
namespace {

bool is_searched(Blob const& blob) {
    return !blob.deletion && blob.stage != Stage::snapshot;
}

}  // namespace

void add_to_index(Transaction& transaction, Blob const& blob) {
    if (!is_searched(blob)) return;
    for (auto const& [key, value] : blob.tags) {
        transaction.connection().execute(
            "INSERT INTO tags(container_id, key, value, name, blob_id) VALUES(?, ?, ?, ?, ?)",
            {blob.container_id, key, value, blob.name, blob.id}
        );
    }
}

void remove_from_index(Transaction& transaction, Blob const& blob) {
    if (!is_searched(blob)) return;
    for (auto const& [key, value] : blob.tags) {
        transaction.connection().execute(
            "DELETE FROM tags WHERE container_id = ? AND key = ? AND value = ? AND name = ? AND blob_id = ?",
            {blob.container_id, key, value, blob.name, blob.id}
        );
    }
}

void search_index(
    Connection& connection, TagRange const& range, std::function<bool(TagPlace const&)> const& each
) {
    auto const& from = range.from;
    connection.query(
        "SELECT value, name, blob_id FROM tags WHERE container_id = ?1 AND key = ?2 AND "
        "(value, name, blob_id) >= (?3, ?4, ?5) AND value <= coalesce(?6, x'FF') ORDER BY value, name, "
        "blob_id",
        {range.container_id, range.key, from.value, from.name, from.blob_id, range.most},
        [&](Row const& row) {
            return each({std::string{row.text(0)}, std::string{row.text(1)}, row.integer(2)});
        }
    );
}

}  // namespace bluebatch::emulator::storage::blob
