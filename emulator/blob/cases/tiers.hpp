#pragma once

#include "emulator/blob/context.hpp"
#include "shared/azure/storage_error.hpp"

#include <cstdint>
#include <optional>
#include <string>

// What becomes of blobs in the archive, and how they come back.
namespace bluebatch::emulator::blob::cases {

inline constexpr std::string_view kArchive = "Archive";

enum class Priority : std::uint8_t { standard, high };

struct SetTier {
    std::string tier;  // "Hot", "Cool", "Cold" or "Archive"
    std::optional<Priority> priority{};
};
// pending: on its way out of the archive.
enum class TierChange : std::uint8_t { done, pending };
// BlobBeingRehydrated when it is on its way to another tier; InvalidBlobType.
azure::StorageResult<TierChange> set_tier(
    Context const& context, Address const& address, Guard const& guard, SetTier const& wanted
);

// Gives a blob the tier that it should have by now; the next write keeps it.
void settle_tier(store::Blob& blob, base::TimePoint now);
// BlobArchived, BlobBeingRehydrated: nobody can read its bytes.
std::optional<azure::StorageErrorCode> find_offline_fault(store::Blob const& blob);
store::Rehydration begin_rehydration(
    Context const& context, std::string_view account, SetTier const& wanted, base::TimePoint now
);

}  // namespace bluebatch::emulator::blob::cases
