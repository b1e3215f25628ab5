#include "emulator/storage/blob/blob_row.hpp"
#include "emulator/storage/blob/blob_store.hpp"
#include "emulator/storage/blob/container_store.hpp"

#include <algorithm>

namespace bluebatch::emulator::storage::blob {
namespace {

// The flag at the end tells the two kinds of rows apart.
std::string const& committed_sql() {
    static std::string const sql = "SELECT " + std::string{kBlobColumns} +
                                   ", 0 FROM blobs WHERE container_id = ?1 AND name >= ?2 AND name < "
                                   "coalesce(?3, x'FF') AND snapshot = '' "
                                   "ORDER BY name";
    return sql;
}

std::string const& all_sql() {
    static std::string const sql =
        "SELECT " + std::string{kBlobColumns} +
        ", 0 FROM blobs WHERE container_id = ?1 AND name >= ?2 AND name < coalesce(?3, x'FF') AND snapshot = "
        "'' "
        "UNION ALL SELECT 0, container_id, name, '', 0, 0, NULL, 0, 0, 0, '', '', '', '', '', NULL, '', "
        "NULL, "
        "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1 FROM pending_blobs WHERE container_id = ?1 AND "
        "name >= ?2 AND name < coalesce(?3, x'FF') AND NOT EXISTS (SELECT 1 FROM blobs WHERE "
        "blobs.container_id = ?1 AND blobs.name = pending_blobs.name AND blobs.snapshot = '') ORDER BY 3";
    return sql;
}

constexpr int kUncommittedColumn = 26;

// The common prefix that the name falls under, when there is a delimiter behind the prefix.
std::optional<std::string_view> common_prefix(std::string_view name, ListBlobs const& query) {
    if (query.delimiter.empty()) return std::nullopt;
    auto const at = name.find(query.delimiter, query.prefix.size());
    if (at == std::string_view::npos) return std::nullopt;
    return name.substr(0, at + query.delimiter.size());
}

}  // namespace

BlobList list_blobs(Connection& connection, ListBlobs const& query) {
    BlobList list;
    auto const& sql = query.with_uncommitted ? all_sql() : committed_sql();
    auto const end = end_of_prefix(query.prefix);
    std::optional<std::string> from = std::max(query.prefix, query.from);
    while (from) {
        std::optional<std::string> skip_to;
        connection.query(sql, {query.container_id, *from, end}, [&](Row const& row) {
            auto const name = row.text(2);
            auto const prefix = common_prefix(name, query);
            if (list.items.size() == query.limit) {
                list.next = prefix ? *prefix : name;
                return false;
            }
            if (prefix) {
                list.items.push_back({std::string{*prefix}, {}, false});
                skip_to = end_of_prefix(*prefix);
                return false;
            }
            list.items.push_back({std::nullopt, read_blob(row), row.integer(kUncommittedColumn) != 0});
            return true;
        });
        from = skip_to;
    }
    return list;
}

}  // namespace bluebatch::emulator::storage::blob
