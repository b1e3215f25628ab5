#pragma once

#include "emulator/blob/cases/account_policy.hpp"
#include "emulator/blob/context.hpp"
#include "shared/azure/storage_error.hpp"

#include <cstdint>
#include <optional>

// What keeps single blobs and versions from being changed or deleted: a time, or a hold until it is lifted.
// The container must allow it. Those that look a blob up answer InvalidOperation where it does not.
namespace bluebatch::emulator::blob::cases {

enum class LegalHold : std::uint8_t { off, on };

// What a write asks for with the blob it makes.
struct Protection {
    std::optional<store::Immutability> policy{};
    LegalHold hold = LegalHold::off;
};
// InvalidOperation, or InvalidHeaderValue for a time that has passed.
std::optional<azure::StorageError> find_protection_fault(
    store::Container const& container, Protection const& wanted, base::TimePoint now
);
void protect(store::Blob& blob, Protection const& wanted);

// BlobImmutableDueToLegalHold, BlobImmutableDueToPolicy: this state must stay as it is.
std::optional<azure::StorageErrorCode> find_immutability_fault(store::Blob const& blob, base::TimePoint now);
// The same for a blob that another is about to replace; where versions are kept it stays as one.
std::optional<azure::StorageErrorCode> find_overwrite_fault(
    std::optional<store::Blob> const& existing, AccountPolicy const& policy, base::TimePoint now
);

// A locked policy can only be made to last longer: BlobImmutableDueToPolicy.
azure::StorageResult<store::Blob> set_immutability(
    Context const& context,
    Address const& address,
    rules::Conditions const& conditions,
    store::Immutability const& wanted
);
azure::StorageResult<void> delete_immutability(Context const& context, Address const& address);
azure::StorageResult<void> set_legal_hold(Context const& context, Address const& address, LegalHold hold);

}  // namespace bluebatch::emulator::blob::cases
