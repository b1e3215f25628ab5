#include "emulator/storage/blob/blob_row.hpp"
#include "emulator/storage/blob/blob_store.hpp"
#include "emulator/storage/blob/container_store.hpp"
#include "emulator/storage/blob/fields.hpp"

#include <algorithm>

namespace bluebatch::emulator::storage::blob {
namespace {

// The column behind those of the blob tells blocks that wait from blobs.
constexpr int kUncommittedColumn = kBlobColumnCount;

// Every part reads a range of an index in the order of names and moments, so that SQLite merges them as the
// page is read.
constexpr std::string_view kRange =
    "container_id = ?1 AND name >= ?2 AND name < coalesce(?3, x'FF') AND (name > ?2 OR moment >= ?4)";

std::string live_part() {
    return "SELECT " + std::string{kBlobColumns} + ", 0 FROM blobs WHERE live = 1 AND " + std::string{kRange};
}

std::string aside_part(ListBlobs const& query) {
    std::string stages;
    if (query.with_snapshots) stages += "stage = 1";
    if (query.with_versions) stages += stages.empty() ? "stage = 2" : " OR stage = 2";
    if (query.with_deleted) stages += stages.empty() ? "stage = 0" : " OR stage = 0";
    return " UNION ALL SELECT " + std::string{kBlobColumns} + ", 0 FROM blobs WHERE live = 0 AND " +
           std::string{kRange} + " AND (" + stages + ")" + (query.with_deleted ? "" : " AND deleted IS NULL");
}

// Blocks of names without a blob, in the shape of a blob's row.
std::string pending_part() {
    return " UNION ALL SELECT 0, container_id, name, 9223372036854775807, 0, NULL, NULL, NULL, 0, 0, NULL, "
           "NULL, "
           "0, 0, 0, '', '', '', '', '', NULL, '', '', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', 1 "
           "FROM pending_blobs WHERE container_id = ?1 AND name >= ?2 AND name < coalesce(?3, x'FF') AND NOT "
           "EXISTS (SELECT 1 FROM blobs WHERE blobs.container_id = ?1 AND blobs.live = 1 AND blobs.name = "
           "pending_blobs.name)";
}

std::string sql_of(ListBlobs const& query) {
    auto sql = live_part();
    if (query.with_snapshots || query.with_versions || query.with_deleted) sql += aside_part(query);
    if (query.with_uncommitted) sql += pending_part();
    return sql + " ORDER BY 3, 4";
}

// The common prefix that the name falls under, when there is a delimiter behind the prefix.
std::optional<std::string_view> common_prefix(std::string_view name, ListBlobs const& query) {
    if (query.delimiter.empty()) return std::nullopt;
    auto const at = name.find(query.delimiter, query.prefix.size());
    if (at == std::string_view::npos) return std::nullopt;
    return name.substr(0, at + query.delimiter.size());
}

bool has_gone(Blob const& blob, TimePoint now) {
    auto const end = blob.deletion ? std::optional(blob.deletion->purge) : blob.expires;
    return end && *end <= now;
}

// A name whose last state in the page's order is no current one has none: those come last.
void mark_orphans(BlobList& list) {
    for (std::size_t i = 0; i < list.items.size(); ++i) {
        auto& item = list.items[i];
        if (item.prefix || item.blob.stage != Stage::version) continue;
        auto const is_last = i + 1 == list.items.size() || list.items[i + 1].prefix ||
                             list.items[i + 1].blob.name != item.blob.name;
        item.has_only_versions = is_last && (!list.next || list.next->name != item.blob.name);
    }
}

}  // namespace

BlobList list_blobs(Connection& connection, ListBlobs const& query) {
    BlobList list;
    list.items.reserve(query.limit);  // memory that no item comes to is never touched
    auto const sql = sql_of(query);
    auto const end = end_of_prefix(query.prefix);
    std::optional<ListPlace> from = query.from;
    if (from->name < query.prefix) from = ListPlace{query.prefix};
    while (from) {
        std::optional<ListPlace> skip_to;
        connection
            .query(sql, {query.container_id, from->name, end, to_column(from->moment)}, [&](Row const& row) {
                auto const name = row.text(2);
                auto const prefix = common_prefix(name, query);
                if (list.items.size() == query.limit) {
                    list.next = prefix ? ListPlace{std::string{*prefix}}
                                       : ListPlace{std::string{name}, read_time(row, 3)};
                    return false;
                }
                if (prefix) {
                    list.items.push_back({.prefix = std::string{*prefix}, .blob = {}});
                    if (auto next = end_of_prefix(*prefix)) skip_to = ListPlace{*std::move(next)};
                    return false;
                }
                auto blob = read_blob(row);
                if (has_gone(blob, query.now)) return true;
                bool const is_uncommitted = row.integer(kUncommittedColumn) != 0;
                list.items.push_back(
                    {.prefix = std::nullopt, .blob = std::move(blob), .is_uncommitted = is_uncommitted}
                );
                return true;
            });
        from = skip_to;
    }
    if (query.with_versions) mark_orphans(list);
    return list;
}

}  // namespace bluebatch::emulator::storage::blob
