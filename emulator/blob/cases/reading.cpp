#include "emulator/blob/cases/reading.hpp"

#include "emulator/blob/cases/lookup.hpp"
#include "emulator/storage/blob/blob_store.hpp"
#include "emulator/storage/blob/content_store.hpp"

namespace bluebatch::emulator::blob::cases {
namespace {

using azure::StorageErrorCode;
using azure::StorageResult;

// Nothing when a file has gone since the snapshot was taken.
std::optional<Piece> open_segment(
    store::BlobStorage& storage, storage::Connection& connection, store::Segment const& segment
) {
    if (!segment.content_id) return Zeros{segment.length};
    if (auto const bytes = store::find_content_bytes(connection, *segment.content_id)) {
        return bytes->substr(segment.offset, segment.length);
    }
    auto file = storage.files().open(*segment.content_id);
    if (!file) return std::nullopt;
    return FilePiece{*std::move(file), segment.offset, segment.length};
}

std::optional<std::vector<Piece>> open_segments(
    store::BlobStorage& storage, storage::Connection& connection, std::vector<store::Segment> const& segments
) {
    std::vector<Piece> pieces;
    pieces.reserve(segments.size());
    for (auto const& segment : segments) {
        auto piece = open_segment(storage, connection, segment);
        if (!piece) return std::nullopt;
        pieces.push_back(*std::move(piece));
    }
    return pieces;
}

}  // namespace

StorageResult<BlobContent> read_content(
    Context const& context, Address const& address, ReadBlob const& wanted
) {
    // A file is removed once the row that named it is gone; whoever read that row just before reads again.
    constexpr int kAttempts = 20;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        storage::Snapshot snapshot(context.storage.database());
        auto const now = context.clock.now();
        auto blob = get_blob(snapshot.connection(), address, now);
        if (!blob) return blob.error();
        auto const fault = find_fault(wanted.guard, *blob, rules::Purpose::read, now);
        if (fault) return *fault;
        auto const range = rules::parse_range(wanted.range, blob->size);
        if (!range) return range.error();
        auto const extent = range->value_or(rules::ByteRange{0, blob->size});
        auto const segments =
            store::find_segments(snapshot.connection(), *blob, extent.offset, extent.length);
        auto pieces = open_segments(context.storage, snapshot.connection(), segments);
        if (pieces) return BlobContent{*std::move(blob), *range, *std::move(pieces)};
    }
    return StorageErrorCode::server_busy;
}

}  // namespace bluebatch::emulator::blob::cases
