#pragma once

#include "emulator/blob/cases/expiry.hpp"
#include "emulator/blob/cases/immutability.hpp"
#include "emulator/blob/cases/tiers.hpp"
#include "shared/azure/storage_error.hpp"
#include "shared/http/message.hpp"

#include <optional>

// Headers about how long a blob is kept and how soon it can be read. InvalidHeaderValue,
// MissingRequiredHeader.
namespace bluebatch::emulator::blob::wire {

// x-ms-rehydrate-priority
azure::StorageResult<std::optional<cases::Priority>> read_priority(http::Headers const& headers);
// x-ms-expiry-option and x-ms-expiry-time; empty: neither is there.
azure::StorageResult<std::optional<cases::Expiry>> read_expiry(http::Headers const& headers);

// x-ms-immutability-policy-until-date and -mode
azure::StorageResult<std::optional<store::Immutability>> read_immutability(http::Headers const& headers);
azure::StorageResult<std::optional<cases::LegalHold>> read_legal_hold(http::Headers const& headers);
// All of the above, with a write.
azure::StorageResult<cases::Protection> read_protection(http::Headers const& headers);
std::string_view to_string(store::ImmutabilityMode mode);

// "rehydrate-pending-to-hot"
std::string archive_status(store::Rehydration const& rehydration);

}  // namespace bluebatch::emulator::blob::wire
