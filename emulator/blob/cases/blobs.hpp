#pragma once

#include "emulator/blob/cases/expiry.hpp"
#include "emulator/blob/cases/immutability.hpp"
#include "emulator/blob/cases/tiers.hpp"
#include "emulator/blob/context.hpp"
#include "emulator/blob/rules/lease.hpp"
#include "emulator/storage/blob/blob_store.hpp"
#include "emulator/storage/blob/new_content.hpp"
#include "shared/azure/storage_error.hpp"

#include <cstdint>
#include <optional>
#include <string>

// The use cases of blobs. Those that look one up answer ContainerNotFound and BlobNotFound; those with a
// guard answer the codes of its conditions and its lease.
namespace bluebatch::emulator::blob::cases {

// A signature that may create but not write lets a blob be made, never replaced.
enum class Overwrite : std::uint8_t { allowed, forbidden };
// Put Blob replaces blobs of every kind, a copy only those of its own.
enum class Replaces : std::uint8_t { any, block_blobs };

struct NewBlob {
    store::ContentHeaders content;
    store::Metadata metadata;
    rules::Tags tags{};
    std::optional<std::string> tier;
    Expiry expiry{};
    Protection protection{};
    Guard guard;
    Overwrite overwrite = Overwrite::allowed;
    Replaces replaces = Replaces::any;
    std::optional<store::CopyState> copy{};  // how the content came, when by a copy
    store::BlobKind kind = store::BlobKind::block;
    std::uint64_t page_blob_size = 0;  // of zeros
    std::uint64_t sequence_number = 0;
};

// Only a block blob begins with a content. Blocks that wait for the same name are dropped.
// UnauthorizedBlobOverwrite.
azure::StorageResult<store::Blob> put_blob(
    Context const& context, Address const& address, NewBlob wanted, store::NewContent content
);

azure::StorageResult<store::Blob> read_properties(
    Context const& context, Address const& address, Guard const& guard
);
azure::StorageResult<store::Blob> set_metadata(
    Context const& context, Address const& address, Guard const& guard, store::Metadata metadata
);
// Headers that are not given are cleared, the MD5 included.
azure::StorageResult<store::Blob> set_content_headers(
    Context const& context, Address const& address, Guard const& guard, store::ContentHeaders content
);

struct LeasedBlob {
    store::Blob blob;
    rules::LeaseOutcome outcome;
};
azure::StorageResult<LeasedBlob> lease_blob(
    Context const& context,
    Address const& address,
    rules::Conditions const& conditions,
    rules::LeaseRequest const& request
);

// The container's id and the time are filled in.
azure::StorageResult<store::BlobList> list_blobs(
    Context const& context, Address const& address, store::ListBlobs query
);

}  // namespace bluebatch::emulator::blob::cases
