#include "emulator/storage/blob/layout_store.hpp"

#include "emulator/storage/blob/content_store.hpp"

#include <algorithm>
#include <optional>

namespace bluebatch::emulator::storage::blob {
namespace {

PlacedSegment read_segment(Row const& row) {
    return {
        static_cast<std::uint64_t>(row.integer(0)),
        static_cast<std::uint64_t>(row.integer(1)),
        std::string{row.text(2)},
        row.integer(3),
        static_cast<std::uint64_t>(row.integer(4))};
}

// The pieces that reach into [start, end).
std::vector<PlacedSegment> list_touched(
    Connection& connection, std::int64_t layout_id, std::uint64_t start, std::uint64_t end
) {
    return connection.all(
        "SELECT start, size, block_id, content_id, content_offset FROM segments WHERE layout_id = ?1 AND "
        "start < ?3 AND start >= coalesce((SELECT max(start) FROM segments WHERE layout_id = ?1 AND start <= "
        "?2), 0) AND start + size > ?2 ORDER BY start",
        {layout_id, start, end},
        read_segment
    );
}

void remove_segment(Transaction& transaction, std::int64_t layout_id, PlacedSegment const& segment) {
    release_content(transaction, segment.content_id);
    transaction.connection().execute(
        "DELETE FROM segments WHERE layout_id = ? AND start = ?", {layout_id, segment.start}
    );
}

std::optional<std::int64_t> find_dropped_layout(Connection& connection) {
    return connection.find("SELECT id FROM dropped_layouts LIMIT 1", {}, [](Row const& row) {
        return row.integer(0);
    });
}

}  // namespace

std::int64_t insert_layout(Transaction& transaction) {
    transaction.connection().execute("INSERT INTO layouts(references_) VALUES(1)");
    return transaction.connection().last_row_id();
}

void share_layout(Transaction& transaction, std::int64_t layout_id) {
    transaction.connection().execute(
        "UPDATE layouts SET references_ = references_ + 1 WHERE id = ?", {layout_id}
    );
}

void release_layout(Transaction& transaction, std::int64_t layout_id) {
    auto& connection = transaction.connection();
    connection.execute("UPDATE layouts SET references_ = references_ - 1 WHERE id = ?", {layout_id});
    connection.execute("DELETE FROM layouts WHERE id = ? AND references_ <= 0", {layout_id});
    if (connection.changes() == 0) return;
    connection.execute("INSERT INTO dropped_layouts(id) VALUES(?)", {layout_id});
}

bool has_dropped_layouts(Connection& connection) {
    return find_dropped_layout(connection).has_value();
}

void remove_dropped_pieces(Transaction& transaction, std::size_t limit) {
    auto& connection = transaction.connection();
    while (limit > 0) {
        auto const layout_id = find_dropped_layout(connection);
        if (!layout_id) return;
        auto const pieces = list_segments_from(connection, *layout_id, 0, limit);
        for (auto const& piece : pieces)
            remove_segment(transaction, *layout_id, piece);
        if (pieces.size() == limit) return;
        connection.execute("DELETE FROM dropped_layouts WHERE id = ?", {*layout_id});
        // Counted like a piece, for those without any.
        limit -= std::max<std::size_t>(pieces.size(), 1);
    }
}

std::int64_t own_layout(Transaction& transaction, std::int64_t layout_id) {
    auto& connection = transaction.connection();
    auto const references =
        connection.find("SELECT references_ FROM layouts WHERE id = ?", {layout_id}, [](Row const& row) {
            return row.integer(0);
        });
    if (references == 1) return layout_id;
    auto const copy = insert_layout(transaction);
    for (auto const& segment : list_segments(connection, layout_id)) {
        add_reference(transaction, segment.content_id);
        insert_segment(transaction, copy, segment);
    }
    release_layout(transaction, layout_id);
    return copy;
}

std::vector<PlacedSegment> list_segments(Connection& connection, std::int64_t layout_id) {
    return connection.all(
        "SELECT start, size, block_id, content_id, content_offset FROM segments WHERE layout_id = ? ORDER BY "
        "start",
        {layout_id},
        read_segment
    );
}

std::vector<PlacedSegment> list_segments_from(
    Connection& connection, std::int64_t layout_id, std::uint64_t position, std::size_t limit
) {
    return connection.all(
        "SELECT start, size, block_id, content_id, content_offset FROM segments WHERE layout_id = ?1 AND "
        "start >= coalesce((SELECT max(start) FROM segments WHERE layout_id = ?1 AND start <= ?2), 0) AND "
        "start + size > ?2 ORDER BY start LIMIT ?3",
        {layout_id, position, limit},
        read_segment
    );
}

std::vector<Block> list_committed_blocks(Connection& connection, std::int64_t layout_id) {
    return connection.all(
        "SELECT block_id, content_id, size FROM segments WHERE layout_id = ? ORDER BY start",
        {layout_id},
        [](Row const& row) {
            return Block{
                std::string{row.text(0)}, row.integer(1), static_cast<std::uint64_t>(row.integer(2))};
        }
    );
}

void insert_segment(Transaction& transaction, std::int64_t layout_id, PlacedSegment const& segment) {
    transaction.connection().execute(
        "INSERT INTO segments(layout_id, start, size, block_id, content_id, content_offset) "
        "VALUES(?, ?, ?, ?, ?, ?)",
        {layout_id, segment.start, segment.size, segment.block_id, segment.content_id, segment.content_offset}
    );
}

void insert_committed_blocks(
    Transaction& transaction, std::int64_t layout_id, std::vector<Block> const& blocks
) {
    std::uint64_t start = 0;
    for (auto const& block : blocks) {
        insert_segment(transaction, layout_id, {start, block.size, block.id, block.content_id, 0});
        start += block.size;
    }
}

void clear_range(Transaction& transaction, std::int64_t layout_id, std::uint64_t start, std::uint64_t size) {
    auto const end = start + size;
    for (auto const& segment : list_touched(transaction.connection(), layout_id, start, end)) {
        auto const segment_end = segment.start + segment.size;
        // Counted before the whole lets go, so that the content stays.
        if (segment.start < start) add_reference(transaction, segment.content_id);
        if (segment_end > end) add_reference(transaction, segment.content_id);
        remove_segment(transaction, layout_id, segment);
        if (segment.start < start) {
            auto head = segment;
            head.size = start - segment.start;
            insert_segment(transaction, layout_id, head);
        }
        if (segment_end > end) {
            auto tail = segment;
            tail.start = end;
            tail.size = segment_end - end;
            tail.content_offset += end - segment.start;
            insert_segment(transaction, layout_id, tail);
        }
    }
}

std::vector<Segment> find_layout_segments(
    Connection& connection, std::int64_t layout_id, std::uint64_t start, std::uint64_t size
) {
    auto const end = start + size;
    std::vector<Segment> segments;
    auto done = start;
    for (auto const& placed : list_touched(connection, layout_id, start, end)) {
        auto const from = std::max(placed.start, start);
        auto const to = std::min(placed.start + placed.size, end);
        if (from > done) segments.push_back({std::nullopt, 0, from - done});
        segments.push_back({placed.content_id, placed.content_offset + from - placed.start, to - from});
        done = to;
    }
    if (done < end) segments.push_back({std::nullopt, 0, end - done});
    return segments;
}

}  // namespace bluebatch::emulator::storage::blob
