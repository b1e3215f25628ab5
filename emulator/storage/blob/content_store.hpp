#pragma once

#include "emulator/storage/sqlite.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::storage::blob {

// A content is the body of one Put Blob or Put Block, kept once however many blobs, blocks and copies refer
// to it. It begins with one reference. Without `bytes` it is a file, which must be in its place already.
void insert_content(
    Transaction& transaction, std::int64_t id, std::uint64_t size, std::optional<std::string_view> bytes
);
void add_reference(Transaction& transaction, std::int64_t id);
// The last one takes the content away; its file goes in the background.
void release_content(Transaction& transaction, std::int64_t id);

// The bytes of a small content; nothing when it is a file or not there.
std::optional<std::string> find_content_bytes(Connection& connection, std::int64_t id);
bool is_content_file(Connection& connection, std::int64_t id);

// Files that no row names any more and that are still to be removed, in the order of their ids: up to `limit`
// of those behind `after`.
std::vector<std::int64_t> list_removals(Connection& connection, std::size_t limit, std::int64_t after = -1);
void forget_removals(Transaction& transaction, std::vector<std::int64_t> const& ids);

// Up to this id, orphans have been looked for.
std::int64_t find_checked_id(Connection& connection);
void set_checked_id(Transaction& transaction, std::int64_t id);

// Sets `count` fresh ids aside and returns the first; none of them is ever handed out again.
std::int64_t reserve_content_ids(Transaction& transaction, std::int64_t count);

}  // namespace bluebatch::emulator::storage::blob
