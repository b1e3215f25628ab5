#pragma once

#include "client/api/blob_types.hpp"

#include <nlohmann/json_fwd.hpp>

namespace bluebatch::cli {

// The stable members of --json (docs/commands.md).
nlohmann::json to_document(client::ContainerItem const& container);
nlohmann::json to_document(client::ContainerProperties const& container);
nlohmann::json to_document(client::BlobItem const& blob);
nlohmann::json to_document(client::BlobProperties const& blob);

}  // namespace bluebatch::cli
