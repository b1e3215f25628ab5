#pragma once

#include "emulator/blob/cases/lookup.hpp"
#include "emulator/storage/sqlite.hpp"

#include <functional>
#include <optional>

namespace bluebatch::emulator::blob::cases {

// Writes `blob`, whose address and content are set, over `existing` or as a new row, and gives it its times.
// What a client keeps over a new content, its lease, is kept. References of the new content must be counted
// already.
void replace_blob(
    storage::Transaction& transaction,
    std::optional<store::Blob> const& existing,
    store::Blob& blob,
    base::TimePoint now
);

// Whether the cleaner has work once the blob or its content is gone.
bool leaves_files(std::optional<store::Blob> const& blob);

}  // namespace bluebatch::emulator::blob::cases
