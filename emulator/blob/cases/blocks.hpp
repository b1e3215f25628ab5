#pragma once

#include "emulator/blob/cases/blobs.hpp"
#include "emulator/blob/context.hpp"
#include "emulator/storage/blob/new_content.hpp"
#include "shared/azure/storage_error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// The use cases of blobs that are put block by block.
namespace bluebatch::emulator::blob::cases {

inline constexpr std::size_t kMaxCommittedBlocks = 50'000;
inline constexpr std::size_t kMaxUncommittedBlocks = 100'000;

// InvalidBlockId; InvalidBlobOrBlock when the id is not as long as those that wait; BlockCountExceedsLimit.
azure::StorageResult<void> put_block(
    Context const& context,
    Address const& address,
    std::string_view block_id,
    Guard const& guard,
    store::NewContent content
);

enum class BlockSource : std::uint8_t { committed, uncommitted, latest };
struct WantedBlock {
    BlockSource source = BlockSource::latest;
    std::string id;
};

// InvalidBlockList when a block is not there; BlockListTooLong.
azure::StorageResult<store::Blob> put_block_list(
    Context const& context, Address const& address, std::vector<WantedBlock> const& wanted, NewBlob properties
);

struct BlockLists {
    std::optional<store::Blob> blob;  // empty: nothing has been committed
    std::vector<store::Block> committed;
    std::vector<store::Block> uncommitted;
};
azure::StorageResult<BlockLists> get_block_list(
    Context const& context, Address const& address, Guard const& guard
);

}  // namespace bluebatch::emulator::blob::cases
