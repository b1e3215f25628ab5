#pragma once

#include "emulator/storage/blob/blob_store.hpp"
#include "shared/azure/storage_error.hpp"

#include <string>
#include <string_view>

namespace bluebatch::emulator::blob::wire {

namespace store = storage::blob;

// Opaque to clients: where the next page begins.
std::string to_marker(std::string_view name);
std::string to_marker(store::ListPlace const& place);
// InvalidQueryParameterValue when no list of ours gave it out.
azure::StorageResult<std::string> parse_marker(std::string_view marker);
azure::StorageResult<store::ListPlace> parse_blob_marker(std::string_view marker);

}  // namespace bluebatch::emulator::blob::wire
