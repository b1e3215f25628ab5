#include "emulator/storage/blob/blob_store.hpp"

#include "emulator/storage/blob/blob_row.hpp"
#include "emulator/storage/blob/content_store.hpp"
#include "emulator/storage/blob/extras.hpp"
#include "emulator/storage/blob/fields.hpp"
#include "emulator/storage/blob/layout_store.hpp"
#include "emulator/storage/blob/tag_index.hpp"

#include <algorithm>

namespace bluebatch::emulator::storage::blob {
namespace {

// The columns that both INSERT and UPDATE write, in the order of written_values.
constexpr std::string_view kWrittenColumns =
    "live, moment, stage, version, deleted, purge, kind, size, content_id, layout_id, created, "
    "last_modified, "
    "etag, content_type, content_encoding, content_language, content_disposition, cache_control, "
    "content_md5, metadata, tags, tier, tier_changed, lease_id, lease_seconds, lease_expires, lease_breaks, "
    "accessed, extras";
constexpr std::string_view kWrittenPlaces =
    "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?";

// Texts that the values of one row refer to.
struct Encoded {
    explicit Encoded(Blob const& blob)
        : metadata(to_column(blob.metadata)), tags(tags_to_column(blob.tags)), extras(extras_of(blob)) {}
    std::string metadata;
    std::string tags;
    std::string extras;
};

bool is_live(Blob const& blob) {
    return blob.stage == Stage::current && !blob.deletion;
}

Values written_values(Blob const& blob, Encoded const& encoded) {
    Values values;
    constexpr std::size_t kMost = 33;
    values.reserve(kMost);
    values.emplace_back(is_live(blob));
    values.push_back(to_column(blob.moment));
    values.emplace_back(blob.stage);
    values.push_back(to_column(blob.version));
    values.push_back(blob.deletion ? to_column(blob.deletion->at) : Value(nullptr));
    values.push_back(blob.deletion ? to_column(blob.deletion->purge) : to_column(blob.expires));
    values.emplace_back(blob.kind);
    values.emplace_back(blob.size);
    values.emplace_back(blob.content_id);
    values.emplace_back(blob.layout_id);
    values.push_back(to_column(blob.created));
    values.push_back(to_column(blob.last_modified));
    values.push_back(to_column(blob.etag));
    values.emplace_back(blob.content.type);
    values.emplace_back(blob.content.encoding);
    values.emplace_back(blob.content.language);
    values.emplace_back(blob.content.disposition);
    values.emplace_back(blob.content.cache_control);
    values.push_back(blob.content.md5 ? Value::bytes(*blob.content.md5) : Value(nullptr));
    values.emplace_back(encoded.metadata);
    values.emplace_back(encoded.tags);
    values.emplace_back(blob.tier);
    values.push_back(to_column(blob.tier_changed));
    append_lease(values, blob.lease);
    values.push_back(to_column(blob.accessed));
    values.emplace_back(encoded.extras);
    return values;
}

std::string select(std::string_view condition) {
    return "SELECT " + std::string{kBlobColumns} + " FROM blobs WHERE " + std::string{condition};
}

// As it stands in the table; nothing when it has no tags, as most.
std::optional<Blob> find_tagged_blob(Connection& connection, std::int64_t id) {
    static auto const sql = select("id = ? AND tags <> ''");
    return connection.find(sql, {id}, read_blob);
}

}  // namespace

std::optional<Blob> find_blob(Connection& connection, std::int64_t container_id, std::string_view name) {
    static auto const sql = select("container_id = ? AND live = 1 AND name = ?");
    return connection.find(sql, {container_id, name}, read_blob);
}

std::optional<Blob> find_snapshot(
    Connection& connection, std::int64_t container_id, std::string_view name, TimePoint moment
) {
    static auto const sql =
        select("container_id = ? AND live = 0 AND name = ? AND moment = ? AND stage = 1 AND deleted IS NULL");
    return connection.find(sql, {container_id, name, to_column(moment)}, read_blob);
}

std::optional<Blob> find_version(
    Connection& connection, std::int64_t container_id, std::string_view name, TimePoint version
) {
    static auto const sql =
        select("container_id = ? AND live = 0 AND name = ? AND moment = ? AND stage = 2 AND deleted IS NULL");
    auto found = connection.find(sql, {container_id, name, to_column(version)}, read_blob);
    if (found) return found;
    auto current = find_blob(connection, container_id, name);
    if (current && current->version != version) current.reset();
    return current;
}

std::optional<Blob> find_deleted_blob(
    Connection& connection, std::int64_t container_id, std::string_view name
) {
    static auto const sql = select("container_id = ? AND live = 0 AND name = ? AND moment = ?");
    return connection.find(sql, {container_id, name, to_column(kCurrentMoment)}, read_blob);
}

std::optional<Blob> find_deleted_state(
    Connection& connection, std::int64_t container_id, std::string_view name, TimePoint moment
) {
    static auto const sql =
        select("container_id = ? AND live = 0 AND name = ? AND moment = ? AND deleted IS NOT NULL");
    return connection.find(sql, {container_id, name, to_column(moment)}, read_blob);
}

std::vector<Blob> list_snapshots(
    Connection& connection, std::int64_t container_id, std::string_view name, std::size_t limit
) {
    static auto const sql = "SELECT " + std::string{kBlobColumns} +
                            " FROM blobs INDEXED BY blobs_snapshots WHERE container_id = ? AND name = ? AND "
                            "stage = 1 AND deleted IS NULL ORDER BY moment LIMIT ?";
    return connection.all(sql, {container_id, name, limit}, read_blob);
}

std::optional<TimePoint> find_last_moment(
    Connection& connection, std::int64_t container_id, std::string_view name
) {
    auto const read = [](Row const& row) { return read_optional_time(row, 0); };
    auto const found = connection.find(
        "SELECT max(moment) FROM blobs WHERE container_id = ? AND live = 0 AND name = ? AND moment < ?",
        {container_id, name, to_column(kCurrentMoment)},
        read
    );
    return found.value_or(std::nullopt);
}

std::vector<Blob> list_states_aside(
    Connection& connection, std::int64_t container_id, std::string_view name
) {
    static auto const sql = select("container_id = ? AND live = 0 AND name = ? ORDER BY moment");
    return connection.all(sql, {container_id, name}, read_blob);
}

std::optional<Blob> find_blob_by_id(Connection& connection, std::int64_t id) {
    static auto const sql = select("id = ?");
    return connection.find(sql, {id}, read_blob);
}

bool holds_blobs(Connection& connection, std::int64_t container_id) {
    auto const read = [](Row const& row) { return row.integer(0); };
    return connection.find("SELECT 1 FROM blobs WHERE container_id = ? LIMIT 1", {container_id}, read)
        .has_value();
}

void insert_blob(Transaction& transaction, Blob& blob) {
    static auto const sql = "INSERT INTO blobs(" + std::string{kWrittenColumns} +
                            ", container_id, name) VALUES(" + std::string{kWrittenPlaces} + ", ?, ?)";
    Encoded const encoded(blob);
    auto values = written_values(blob, encoded);
    values.emplace_back(blob.container_id);
    values.emplace_back(blob.name);
    transaction.connection().execute(sql, values);
    blob.id = transaction.connection().last_row_id();
    add_to_index(transaction, blob);
}

void update_blob(Transaction& transaction, Blob const& blob) {
    static auto const sql = "UPDATE blobs SET (" + std::string{kWrittenColumns} + ") = (" +
                            std::string{kWrittenPlaces} + ") WHERE id = ?";
    Encoded const encoded(blob);
    auto values = written_values(blob, encoded);
    values.emplace_back(blob.id);
    auto const indexed = find_tagged_blob(transaction.connection(), blob.id);
    if (indexed) remove_from_index(transaction, *indexed);
    transaction.connection().execute(sql, values);
    add_to_index(transaction, blob);
}

void share_blob_content(Transaction& transaction, Blob const& blob) {
    if (blob.content_id) add_reference(transaction, *blob.content_id);
    if (blob.layout_id) share_layout(transaction, *blob.layout_id);
}

void release_blob_content(Transaction& transaction, Blob const& blob) {
    if (blob.content_id) release_content(transaction, *blob.content_id);
    if (blob.layout_id) release_layout(transaction, *blob.layout_id);
}

void remove_blob(Transaction& transaction, Blob const& blob) {
    release_blob_content(transaction, blob);
    remove_from_index(transaction, blob);
    transaction.connection().execute("DELETE FROM blobs WHERE id = ?", {blob.id});
}

std::vector<Segment> find_segments(
    Connection& connection, Blob const& blob, std::uint64_t offset, std::uint64_t length
) {
    if (length == 0) return {};
    if (blob.content_id) return {Segment{*blob.content_id, offset, length}};
    if (blob.layout_id) return find_layout_segments(connection, *blob.layout_id, offset, length);
    return {Segment{std::nullopt, 0, length}};
}

std::vector<Blob> list_purgeable_blobs(Connection& connection, TimePoint now, std::size_t limit) {
    static auto const sql = select("purge IS NOT NULL AND purge <= ? ORDER BY purge LIMIT ?");
    return connection.all(sql, {to_column(now), limit}, read_blob);
}

}  // namespace bluebatch::emulator::storage::blob
