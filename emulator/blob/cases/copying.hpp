#pragma once

#include "emulator/blob/cases/blobs.hpp"
#include "emulator/blob/context.hpp"
#include "emulator/storage/blob/new_content.hpp"
#include "shared/azure/storage_error.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

// The use cases of copies: at once within this service, in the background from elsewhere.
namespace bluebatch::emulator::blob::cases {

// Whether the copy says later that it is one.
enum class CopyRecord : std::uint8_t { kept, none };

struct CopyBlob {
    std::string source_url;                   // as it is shown later
    std::optional<store::Metadata> metadata;  // empty: the source's
    std::optional<rules::Tags> tags{};        // the same
    std::optional<std::string> tier;
    Protection protection{};
    std::optional<Priority> priority{};  // of a copy out of the archive
    std::optional<bool> is_sealed;       // of an append blob; empty: as the source
    Guard guard;
    Overwrite overwrite = Overwrite::allowed;
    CopyRecord record = CopyRecord::kept;
};

struct CopySource {
    Address address;
    Guard guard;  // what must hold for the source
    std::uint64_t most_bytes = std::numeric_limits<std::uint64_t>::max();
    std::optional<store::BlobKind> kind{};  // the only one that will do
};

// Done when it returns: both blobs share the bytes. A copy out of the archive has to come back first, and to
// a tier that is named: else BlobArchived. Other faults of the source as CannotVerifyCopySource or
// SourceConditionNotMet; InvalidBlobType for a destination of another kind.
azure::StorageResult<store::Blob> copy_blob(
    Context const& context, Address const& address, CopySource const& source, CopyBlob wanted
);

// Copies a snapshot of a page blob to a blob that takes those of one blob only, in their order, and makes a
// snapshot of what it is then. IncrementalCopySourceMustBeSnapshot, InvalidSourceBlobType,
// IncrementalCopyBlobMismatch, IncrementalCopyOfEarlierVersionSnapshotNotAllowed.
azure::StorageResult<store::Blob> copy_incrementally(
    Context const& context, Address const& address, CopySource const& source, CopyBlob wanted
);

// What the server of a foreign source says of it.
struct ForeignBlob {
    store::BlobKind kind = store::BlobKind::block;
    std::optional<std::uint64_t> size;  // not every server tells
    store::ContentHeaders content;
    store::Metadata metadata;
};

// One copy that goes on; a blob's row may be another's by the time the copy is done.
struct PendingCopy {
    std::int64_t blob_id = 0;
    std::string copy_id;
};

// The destination is there from now on: a page blob of zeros, any other empty. InfiniteLeaseDurationRequired.
azure::StorageResult<store::Blob> begin_copy(
    Context const& context, Address const& address, ForeignBlob source, CopyBlob wanted
);
// False: nobody wants this copy any more. The same of the next two, which then change nothing.
bool note_progress(Context const& context, PendingCopy const& copy, std::uint64_t copied);
bool finish_copy(Context const& context, PendingCopy const& copy, store::NewContent content);
bool fail_copy(Context const& context, PendingCopy const& copy, std::string description);

// Leaves the blob empty, with its metadata. NoPendingCopyOperation, CopyIdMismatch.
azure::StorageResult<void> abort_copy(
    Context const& context, Address const& address, std::string const& lease_id, std::string_view copy_id
);

// Those that the last end of the process cut off.
void fail_interrupted_copies(Context const& context);

// CannotVerifyCopySource, as a fault of the source shows itself to whoever wants the copy.
azure::StorageError source_error(int status, std::string code, std::string message);
azure::StorageError source_error(azure::StorageError const& fault);
// The same for a source that is larger than may be taken at once.
azure::StorageError source_too_large(std::uint64_t most_bytes);

}  // namespace bluebatch::emulator::blob::cases
