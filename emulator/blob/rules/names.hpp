#pragma once

#include "shared/azure/storage_error.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What a name may be. Each answers why it may not, or nothing.
namespace bluebatch::emulator::blob::rules {

std::optional<azure::StorageError> find_container_name_fault(std::string_view name);
// `name` is percent-decoded.
std::optional<azure::StorageError> find_blob_name_fault(std::string_view name);
std::optional<azure::StorageError> find_metadata_fault(
    std::vector<std::pair<std::string, std::string>> const& metadata
);

// The length of the decoded block id, or InvalidBlockId.
azure::StorageResult<std::size_t> check_block_id(std::string_view base64);

bool is_guid(std::string_view text);

}  // namespace bluebatch::emulator::blob::rules
