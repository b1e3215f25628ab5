#pragma once

#include "emulator/blob/context.hpp"
#include "emulator/storage/sqlite.hpp"
#include "shared/azure/storage_error.hpp"

#include <cstdint>

// What writes to parts of a blob, its pages or its end, have in common.
namespace bluebatch::emulator::blob::cases {

// The blob itself, checked. ContainerNotFound, BlobNotFound, InvalidBlobType, the codes of the guard.
azure::StorageResult<store::Blob> get_for_write(
    storage::Transaction& transaction,
    Address const& address,
    store::BlobKind kind,
    Guard const& guard,
    base::TimePoint now
);

// A layout that no other state shares, so that it may be changed. The row must be updated afterwards.
std::int64_t own_layout_of(storage::Transaction& transaction, store::Blob& blob);

// Has the files removed that the transaction left without an owner.
void commit_and_clean(Context const& context, storage::Transaction& transaction);

}  // namespace bluebatch::emulator::blob::cases
