#pragma once

#include "shared/azure/storage_error.hpp"

#include <string_view>

namespace bluebatch::emulator::blob::wire {

// InvalidXmlNodeValue; of a long value its begin.
azure::StorageError invalid_node(std::string_view name, std::string_view value, std::string_view reason);
// MissingRequiredXmlNode
azure::StorageError missing_node(std::string_view name);

}  // namespace bluebatch::emulator::blob::wire
