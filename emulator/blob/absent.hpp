#pragma once

#include "shared/azure/storage_error.hpp"
#include "shared/http/message.hpp"

#include <optional>

// What a storage account has in the cloud, and the emulator does not.
namespace bluebatch::emulator::blob {

// NotImplemented, naming the feature, for requests of Data Lake Storage Gen2.
std::optional<azure::StorageError> find_absent_feature(http::RequestHead const& head);

}  // namespace bluebatch::emulator::blob
