#include "emulator/storage/blob/block_store.hpp"

#include "emulator/storage/blob/content_store.hpp"
#include "emulator/storage/blob/fields.hpp"

namespace bluebatch::emulator::storage::blob {
namespace {

Block read_block(Row const& row) {
    return {std::string{row.text(0)}, row.integer(1), static_cast<std::uint64_t>(row.integer(2))};
}

}  // namespace

std::optional<PendingBlob> find_pending_blob(
    Connection& connection, std::int64_t container_id, std::string_view name
) {
    return connection.find(
        "SELECT id, block_count, block_id_length, key_sha256 FROM pending_blobs WHERE container_id = ? AND "
        "name = ?",
        {container_id, name},
        [](Row const& row) {
            return PendingBlob{
                row.integer(0),
                static_cast<std::uint64_t>(row.integer(1)),
                static_cast<std::size_t>(row.integer(2)),
                Encryption{{}, row.optional_text(3).value_or("")}};
        }
    );
}

PendingBlob insert_pending_blob(
    Transaction& transaction, std::int64_t container_id, std::string_view name, PendingBlob pending
) {
    auto const& key = pending.encryption.key_sha256;
    transaction.connection().execute(
        "INSERT INTO pending_blobs(container_id, name, block_count, block_id_length, key_sha256) "
        "VALUES(?, ?, 0, ?, ?)",
        {container_id, name, pending.block_id_length, key.empty() ? Value(nullptr) : Value::bytes(key)}
    );
    pending.id = transaction.connection().last_row_id();
    return pending;
}

void put_pending_block(Transaction& transaction, std::int64_t pending_id, Block const& block, TimePoint now) {
    auto& connection = transaction.connection();
    connection.execute("UPDATE pending_blobs SET last_put = ? WHERE id = ?", {to_column(now), pending_id});
    auto const replaced = connection.find(
        "SELECT content_id FROM pending_blocks WHERE pending_id = ? AND block_id = ?",
        {pending_id, block.id},
        [](Row const& row) { return row.integer(0); }
    );
    if (replaced) {
        release_content(transaction, *replaced);
        connection.execute(
            "UPDATE pending_blocks SET content_id = ?, size = ? WHERE pending_id = ? AND block_id = ?",
            {block.content_id, block.size, pending_id, block.id}
        );
        return;
    }
    connection.execute(
        "INSERT INTO pending_blocks(pending_id, block_id, content_id, size) VALUES(?, ?, ?, ?)",
        {pending_id, block.id, block.content_id, block.size}
    );
    connection.execute("UPDATE pending_blobs SET block_count = block_count + 1 WHERE id = ?", {pending_id});
}

std::vector<Block> list_pending_blocks(Connection& connection, std::int64_t pending_id) {
    return connection.all(
        "SELECT block_id, content_id, size FROM pending_blocks WHERE pending_id = ? ORDER BY block_id",
        {pending_id},
        read_block
    );
}

bool has_pending_blobs(Connection& connection) {
    return connection
        .find(
            "SELECT 1 FROM pending_blobs WHERE last_put IS NOT NULL LIMIT 1",
            {},
            [](Row const&) { return true; }
        )
        .has_value();
}

std::vector<std::int64_t> list_stale_blobs(Connection& connection, TimePoint until, std::size_t limit) {
    return connection.all(
        "SELECT id FROM pending_blobs WHERE last_put <= ? ORDER BY last_put LIMIT ?",
        {to_column(until), limit},
        [](Row const& row) { return row.integer(0); }
    );
}

void drop_pending_blob(Transaction& transaction, std::int64_t pending_id) {
    auto& connection = transaction.connection();
    // Under a name of its own, because names are unique in a container.
    connection.execute(
        "UPDATE pending_blobs SET container_id = ?1, name = CAST(id AS TEXT), last_put = NULL WHERE id = ?2",
        {kDroppedContainer, pending_id}
    );
    connection.execute("INSERT OR IGNORE INTO dropped_containers(id) VALUES(?)", {kDroppedContainer});
}

std::size_t remove_pending_blocks(Transaction& transaction, std::int64_t pending_id, std::size_t limit) {
    auto& connection = transaction.connection();
    auto const blocks = connection.all(
        "SELECT block_id, content_id, size FROM pending_blocks WHERE pending_id = ? LIMIT ?",
        {pending_id, limit},
        read_block
    );
    for (auto const& block : blocks) {
        release_content(transaction, block.content_id);
        hand_over_block(transaction, pending_id, block.id);
    }
    if (blocks.size() < limit) forget_pending_blob(transaction, pending_id);
    return blocks.size();
}

void hand_over_block(Transaction& transaction, std::int64_t pending_id, std::string_view block_id) {
    transaction.connection().execute(
        "DELETE FROM pending_blocks WHERE pending_id = ? AND block_id = ?", {pending_id, block_id}
    );
}

void forget_pending_blob(Transaction& transaction, std::int64_t pending_id) {
    transaction.connection().execute("DELETE FROM pending_blocks WHERE pending_id = ?", {pending_id});
    transaction.connection().execute("DELETE FROM pending_blobs WHERE id = ?", {pending_id});
}

}  // namespace bluebatch::emulator::storage::blob
