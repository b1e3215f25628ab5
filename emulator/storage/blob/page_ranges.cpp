#include "emulator/storage/blob/page_ranges.hpp"

#include "emulator/storage/blob/layout_store.hpp"

#include <algorithm>

namespace bluebatch::emulator::storage::blob {
namespace {

// Walks over the pieces of a layout from front to back.
class SegmentReader {
public:
    SegmentReader(Connection& connection, std::optional<std::int64_t> layout_id)
        : connection_(connection), layout_id_(layout_id) {}

    // The piece that reaches behind `position`, or the first one after it. Positions never go back.
    PlacedSegment const* at(std::uint64_t position) {
        while (next_ < segments_.size() && end_of(segments_[next_]) <= position)
            ++next_;
        if (next_ == segments_.size() && !is_done_) fetch(position);
        return next_ < segments_.size() ? &segments_[next_] : nullptr;
    }

private:
    static std::uint64_t end_of(PlacedSegment const& segment) { return segment.start + segment.size; }

    void fetch(std::uint64_t position) {
        constexpr std::size_t kAtOnce = 1000;
        segments_.clear();
        next_ = 0;
        if (layout_id_) segments_ = list_segments_from(connection_, *layout_id_, position, kAtOnce);
        is_done_ = segments_.size() < kAtOnce;
    }

    Connection& connection_;
    std::optional<std::int64_t> layout_id_;
    std::vector<PlacedSegment> segments_;
    std::size_t next_ = 0;
    bool is_done_ = false;
};

bool covers(PlacedSegment const* segment, std::uint64_t position) {
    return segment != nullptr && segment->start <= position;
}

// Up to where nothing changes in this layout.
std::uint64_t next_edge(PlacedSegment const* segment, std::uint64_t position, std::uint64_t end) {
    if (segment == nullptr) return end;
    auto const edge = covers(segment, position) ? segment->start + segment->size : segment->start;
    return std::min(edge, end);
}

bool has_same_bytes(PlacedSegment const& one, PlacedSegment const& other) {
    return one.content_id == other.content_id &&
           one.content_offset + other.start == other.content_offset + one.start;
}

std::optional<PageState> change_at(
    PlacedSegment const* segment, PlacedSegment const* previous, std::uint64_t position
) {
    bool const was_there = covers(previous, position);
    if (!covers(segment, position)) return was_there ? std::optional(PageState::cleared) : std::nullopt;
    if (was_there && has_same_bytes(*segment, *previous)) return std::nullopt;
    return PageState::written;
}

}  // namespace

std::vector<PageRange> list_page_changes(
    Connection& connection,
    std::optional<std::int64_t> layout_id,
    std::optional<std::int64_t> previous_layout_id,
    std::uint64_t start,
    std::uint64_t end,
    std::size_t limit
) {
    std::vector<PageRange> ranges;
    if (layout_id == previous_layout_id) return ranges;
    SegmentReader reader(connection, layout_id);
    SegmentReader previous_reader(connection, previous_layout_id);
    for (auto position = start; position < end;) {
        auto const* const segment = reader.at(position);
        auto const* const previous = previous_reader.at(position);
        if (segment == nullptr && previous == nullptr) break;
        auto const edge = std::min(next_edge(segment, position, end), next_edge(previous, position, end));
        if (auto const state = change_at(segment, previous, position)) {
            auto* const last = ranges.empty() ? nullptr : &ranges.back();
            if (last != nullptr && last->state == *state && last->start + last->size == position) {
                last->size += edge - position;
            } else if (ranges.size() == limit) {
                break;
            } else {
                ranges.push_back({position, edge - position, *state});
            }
        }
        position = edge;
    }
    return ranges;
}

}  // namespace bluebatch::emulator::storage::blob
