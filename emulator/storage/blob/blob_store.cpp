#include "emulator/storage/blob/blob_store.hpp"

#include "emulator/storage/blob/blob_row.hpp"
#include "emulator/storage/blob/block_store.hpp"
#include "emulator/storage/blob/content_store.hpp"
#include "emulator/storage/blob/fields.hpp"

#include <algorithm>

namespace bluebatch::emulator::storage::blob {
namespace {

// The columns that both INSERT and UPDATE write. `metadata` must outlive the values.
Values written_columns(Blob const& blob, std::string const& metadata) {
    Values values;
    values.reserve(25);
    values.emplace_back(blob.kind);
    values.emplace_back(blob.size);
    values.emplace_back(blob.content_id);
    values.push_back(to_column(blob.created));
    values.push_back(to_column(blob.last_modified));
    values.push_back(to_column(blob.etag));
    values.emplace_back(blob.content.type);
    values.emplace_back(blob.content.encoding);
    values.emplace_back(blob.content.language);
    values.emplace_back(blob.content.disposition);
    values.emplace_back(blob.content.cache_control);
    values.push_back(blob.content.md5 ? Value::bytes(*blob.content.md5) : Value(nullptr));
    values.emplace_back(metadata);
    values.emplace_back(blob.tier);
    values.push_back(to_column(blob.tier_changed));
    if (blob.copy) {
        values.emplace_back(blob.copy->id);
        values.emplace_back(blob.copy->source);
        values.push_back(to_column(blob.copy->completed));
    } else {
        values.insert(values.end(), 3, Value(nullptr));
    }
    append_lease(values, blob.lease);
    return values;
}

}  // namespace

std::optional<Blob> find_blob(
    Connection& connection, std::int64_t container_id, std::string_view name, std::string_view snapshot
) {
    static std::string const sql = "SELECT " + std::string{kBlobColumns} +
                                   " FROM blobs WHERE container_id = ? AND name = ? AND snapshot = ?";
    return connection.find(sql, {container_id, name, snapshot}, read_blob);
}

void insert_blob(Transaction& transaction, Blob& blob) {
    auto const metadata = to_column(blob.metadata);
    auto values = written_columns(blob, metadata);
    values.emplace_back(blob.container_id);
    values.emplace_back(blob.name);
    values.emplace_back(blob.snapshot);
    transaction.connection().execute(
        "INSERT INTO blobs(kind, size, content_id, created, last_modified, etag, content_type, "
        "content_encoding, content_language, content_disposition, cache_control, content_md5, metadata, "
        "tier, tier_changed, copy_id, copy_source, copy_completed, lease_id, lease_seconds, lease_expires, "
        "lease_breaks, container_id, name, snapshot) "
        "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        values
    );
    blob.id = transaction.connection().last_row_id();
}

void update_blob(Transaction& transaction, Blob const& blob) {
    auto const metadata = to_column(blob.metadata);
    auto values = written_columns(blob, metadata);
    values.emplace_back(blob.id);
    transaction.connection().execute(
        "UPDATE blobs SET kind = ?, size = ?, content_id = ?, created = ?, last_modified = ?, etag = ?, "
        "content_type = ?, content_encoding = ?, content_language = ?, content_disposition = ?, "
        "cache_control = ?, content_md5 = ?, metadata = ?, tier = ?, tier_changed = ?, copy_id = ?, "
        "copy_source = ?, copy_completed = ?, lease_id = ?, lease_seconds = ?, lease_expires = ?, "
        "lease_breaks = ? WHERE id = ?",
        values
    );
}

void release_blob_content(Transaction& transaction, Blob const& blob) {
    if (blob.content_id) {
        release_content(transaction, *blob.content_id);
    } else if (blob.size > 0) {
        remove_committed_blocks(transaction, blob.id);
    }
}

void remove_blob(Transaction& transaction, Blob const& blob) {
    release_blob_content(transaction, blob);
    transaction.connection().execute("DELETE FROM blobs WHERE id = ?", {blob.id});
}

std::vector<Segment> find_segments(
    Connection& connection, Blob const& blob, std::uint64_t offset, std::uint64_t length
) {
    if (length == 0) return {};
    if (blob.content_id) return {Segment{*blob.content_id, offset, length}};
    auto const end = offset + length;
    std::vector<Segment> segments;
    connection.query(
        "SELECT start, content_id, size FROM committed_blocks WHERE blob_id = ?1 AND start < ?3 AND start >= "
        "(SELECT max(start) FROM committed_blocks WHERE blob_id = ?1 AND start <= ?2) ORDER BY start",
        {blob.id, offset, end},
        [&](Row const& row) {
            auto const start = static_cast<std::uint64_t>(row.integer(0));
            auto const stop = start + static_cast<std::uint64_t>(row.integer(2));
            auto const from = std::max(start, offset);
            segments.push_back({row.integer(1), from - start, std::min(stop, end) - from});
            return true;
        }
    );
    return segments;
}

}  // namespace bluebatch::emulator::storage::blob
