#pragma once

#include "emulator/storage/blob/records.hpp"
#include "emulator/storage/sqlite.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

// Which blobs have which tags. Every state is in it that a search may find: blobs themselves and versions.
namespace bluebatch::emulator::storage::blob {

void add_to_index(Transaction& transaction, Blob const& blob);
void remove_from_index(Transaction& transaction, Blob const& blob);

// An entry of a key, in the order of the index.
struct TagPlace {
    std::string value;
    std::string name;
    std::int64_t blob_id = 0;
    auto operator<=>(TagPlace const&) const = default;
};

struct TagRange {
    std::int64_t container_id = 0;
    std::string key;
    TagPlace from;                    // inclusive
    std::optional<std::string> most;  // the last value; empty: no end
};

// Calls `each` for every entry; returning false from it ends the search.
void search_index(
    Connection& connection, TagRange const& range, std::function<bool(TagPlace const&)> const& each
);

}  // namespace bluebatch::emulator::storage::blob
