#pragma once

#include "emulator/storage/sqlite.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace bluebatch::emulator::storage::blob {

enum class PageState : std::uint8_t { written, cleared };

// Pages that follow one another and are in one state.
struct PageRange {
    std::uint64_t start = 0;
    std::uint64_t size = 0;
    PageState state = PageState::written;

    bool operator==(PageRange const&) const = default;
};

// Where the layouts of two states of a page blob differ within [start, end), in order; at most `limit`
// ranges. No layout: nothing was ever written, so that against none these are the pages that were written.
// Reads the layouts bit by bit, however many pieces they have.
std::vector<PageRange> list_page_changes(
    Connection& connection,
    std::optional<std::int64_t> layout_id,
    std::optional<std::int64_t> previous_layout_id,
    std::uint64_t start,
    std::uint64_t end,
    std::size_t limit
);

}  // namespace bluebatch::emulator::storage::blob
