#pragma once

#include "emulator/blob/context.hpp"
#include "shared/azure/storage_error.hpp"

#include <optional>

namespace bluebatch::emulator::blob::cases {

// A state of the blob as it is now, which no write changes. Its metadata are the blob's unless given.
azure::StorageResult<store::Blob> snapshot_blob(
    Context const& context,
    Address const& address,
    Guard const& guard,
    std::optional<store::Metadata> metadata
);

}  // namespace bluebatch::emulator::blob::cases
