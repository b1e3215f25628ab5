#pragma once

#include "emulator/blob/cases/replacing.hpp"
#include "emulator/blob/context.hpp"
#include "shared/azure/storage_error.hpp"

#include <cstdint>

// The use cases of deletion, and of getting back what is kept for a while.
namespace bluebatch::emulator::blob::cases {

enum class DeleteSnapshots : std::uint8_t { none, include, only };

// Of a snapshot or version when the address names one; `snapshots` is then none. SnapshotsPresent,
// OperationNotAllowedOnRootBlob for the current version, and the codes of the guard.
azure::StorageResult<Removal> delete_blob(
    Context const& context, Address const& address, Guard const& guard, DeleteSnapshots snapshots
);
// Of a snapshot or version that is softly deleted already.
azure::StorageResult<void> delete_permanently(
    Context const& context, Address const& address, Guard const& guard
);
// Brings back everything of the name that is softly deleted. BlobNotFound.
azure::StorageResult<void> undelete_blob(Context const& context, Address const& address);

}  // namespace bluebatch::emulator::blob::cases
