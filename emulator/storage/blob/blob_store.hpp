#pragma once

#include "emulator/storage/blob/records.hpp"
#include "emulator/storage/sqlite.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::storage::blob {

std::optional<Blob> find_blob(
    Connection& connection, std::int64_t container_id, std::string_view name, std::string_view snapshot = {}
);
// Sets the id of the record.
void insert_blob(Transaction& transaction, Blob& blob);
void update_blob(Transaction& transaction, Blob const& blob);
// Removes the row, its block list, and what it referred to.
void remove_blob(Transaction& transaction, Blob const& blob);
// Lets go of the blob's content and block list, before it gets others. The row must be updated afterwards.
void release_blob_content(Transaction& transaction, Blob const& blob);

// The pieces that hold the bytes [offset, offset + length) of the blob; the range lies within it.
std::vector<Segment> find_segments(
    Connection& connection, Blob const& blob, std::uint64_t offset, std::uint64_t length
);

// One item of a list: a blob, or a common prefix of several.
struct ListedBlob {
    std::optional<std::string> prefix;
    Blob blob;
    bool is_uncommitted = false;  // only blocks that were never committed
};

struct ListBlobs {
    std::int64_t container_id = 0;
    std::string prefix{};
    std::string delimiter{};  // empty: flat
    std::string from{};       // a name, inclusive
    std::size_t limit = 5000;
    bool with_uncommitted = false;
};

struct BlobList {
    std::vector<ListedBlob> items;
    std::optional<std::string> next;  // where the following page begins
};

// Reads about `limit` rows wherever the page begins and however many blobs a common prefix stands for.
BlobList list_blobs(Connection& connection, ListBlobs const& query);

}  // namespace bluebatch::emulator::storage::blob
