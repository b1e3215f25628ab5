#pragma once

#include "emulator/blob/routes/handlers.hpp"
#include "shared/http/message.hpp"

#include <optional>

namespace bluebatch::emulator::blob::routes {

// Whether Set Blob Properties is asked for something that only page blobs have.
bool names_page_blob_property(http::Headers const& headers);
Answer set_page_blob_properties(Call& call);
http::Response properties_response(store::Blob const& blob);

// The account is a standard one: the tiers of premium page blobs (P4 and its kin) are not for it.
std::optional<azure::StorageError> find_premium_tier_fault(http::Headers const& headers);

}  // namespace bluebatch::emulator::blob::routes
