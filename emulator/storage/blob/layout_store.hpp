#pragma once

#include "emulator/storage/blob/records.hpp"
#include "emulator/storage/sqlite.hpp"

#include <cstdint>
#include <string>
#include <vector>

// Layouts: the pieces that blobs consist of. States that share one are counted; whoever changes a layout
// first makes it its own.
namespace bluebatch::emulator::storage::blob {

// One piece, where it stands in the blob. `block_id` is empty but for committed blocks.
struct PlacedSegment {
    std::uint64_t start = 0;
    std::uint64_t size = 0;
    std::string block_id{};
    std::int64_t content_id = 0;
    std::uint64_t content_offset = 0;
};

// An empty layout with one reference.
std::int64_t insert_layout(Transaction& transaction);
void share_layout(Transaction& transaction, std::int64_t layout_id);
// Lets go of one reference. The last one drops the layout, whose pieces stay until remove_dropped_pieces().
void release_layout(Transaction& transaction, std::int64_t layout_id);
bool has_dropped_layouts(Connection& connection);
// Removes pieces of dropped layouts, at most `limit`, and lets go of their contents.
void remove_dropped_pieces(Transaction& transaction, std::size_t limit);
// The layout itself when nobody shares it, else a copy that takes over one of its references.
std::int64_t own_layout(Transaction& transaction, std::int64_t layout_id);

// In the order of the blob's bytes.
std::vector<PlacedSegment> list_segments(Connection& connection, std::int64_t layout_id);
// Those that reach behind `position`, at most `limit`.
std::vector<PlacedSegment> list_segments_from(
    Connection& connection, std::int64_t layout_id, std::uint64_t position, std::size_t limit
);
std::vector<Block> list_committed_blocks(Connection& connection, std::int64_t layout_id);
// The content must already count this reference.
void insert_segment(Transaction& transaction, std::int64_t layout_id, PlacedSegment const& segment);
void insert_committed_blocks(
    Transaction& transaction, std::int64_t layout_id, std::vector<Block> const& blocks
);
// Cuts [start, start + size) out: what lies across its ends is kept up to them.
void clear_range(Transaction& transaction, std::int64_t layout_id, std::uint64_t start, std::uint64_t size);
// The pieces within [start, start + size), zeros between them included.
std::vector<Segment> find_layout_segments(
    Connection& connection, std::int64_t layout_id, std::uint64_t start, std::uint64_t size
);

}  // namespace bluebatch::emulator::storage::blob
