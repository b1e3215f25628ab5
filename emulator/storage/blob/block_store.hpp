#pragma once

#include "emulator/storage/blob/records.hpp"
#include "emulator/storage/sqlite.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::storage::blob {

// Blocks that were put for a name and not committed yet; exists only while there are some.
struct PendingBlob {
    std::int64_t id = 0;
    std::uint64_t block_count = 0;
    std::size_t block_id_length = 0;  // of every id, decoded
    Encryption encryption{};          // of every block
};

std::optional<PendingBlob> find_pending_blob(
    Connection& connection, std::int64_t container_id, std::string_view name
);
PendingBlob insert_pending_blob(
    Transaction& transaction, std::int64_t container_id, std::string_view name, PendingBlob pending
);
// A block of the same id is replaced.
void put_pending_block(Transaction& transaction, std::int64_t pending_id, Block const& block, TimePoint now);
bool has_pending_blobs(Connection& connection);
// Those that got their last block by then, at most `limit`.
std::vector<std::int64_t> list_stale_blobs(Connection& connection, TimePoint until, std::size_t limit);
// In the order of their ids.
std::vector<Block> list_pending_blocks(Connection& connection, std::int64_t pending_id);
// The container of what nobody waits for any more; it has no name and is always dropped.
inline constexpr std::int64_t kDroppedContainer = 0;
// The blocks stay until remove_pending_blocks(), out of everybody's sight.
void drop_pending_blob(Transaction& transaction, std::int64_t pending_id);
// Removes blocks, at most `limit`, and lets go of their contents; with the last one goes the blob. Says how
// many they were.
std::size_t remove_pending_blocks(Transaction& transaction, std::int64_t pending_id, std::size_t limit);
// The content of the block has found another owner.
void hand_over_block(Transaction& transaction, std::int64_t pending_id, std::string_view block_id);
// The contents of all blocks have.
void forget_pending_blob(Transaction& transaction, std::int64_t pending_id);

}  // namespace bluebatch::emulator::storage::blob
