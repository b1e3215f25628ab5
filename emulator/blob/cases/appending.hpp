#pragma once

#include "emulator/blob/context.hpp"
#include "emulator/storage/blob/new_content.hpp"
#include "shared/azure/storage_error.hpp"

#include <cstdint>
#include <optional>

// The use cases of append blobs; each also answers InvalidBlobType and the codes of its guard.
namespace bluebatch::emulator::blob::cases {

struct AppendConditions {
    std::optional<std::uint64_t> position;  // where the new bytes must begin
    std::optional<std::uint64_t> max_size;  // that the blob may have afterwards
};

struct AppendedBlock {
    store::Blob blob;
    std::uint64_t offset = 0;  // where the block begins
};
// The content has at least one byte. BlobIsSealed, AppendPositionConditionNotMet,
// MaxBlobSizeConditionNotMet, BlockCountExceedsLimit.
azure::StorageResult<AppendedBlock> append_block(
    Context const& context,
    Address const& address,
    Guard const& guard,
    AppendConditions const& conditions,
    store::NewContent content
);

// Nothing can be appended afterwards; done already, it is done. AppendPositionConditionNotMet.
azure::StorageResult<store::Blob> seal_blob(
    Context const& context,
    Address const& address,
    Guard const& guard,
    std::optional<std::uint64_t> const& position
);

}  // namespace bluebatch::emulator::blob::cases
