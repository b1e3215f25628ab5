#pragma once

#include "emulator/blob/context.hpp"
#include "emulator/storage/blob/new_content.hpp"
#include "shared/azure/storage_error.hpp"
#include "shared/http/message.hpp"

#include <optional>
#include <string>

namespace bluebatch::emulator::blob::routes {

// Takes a body over without copying it, after comparing it with the Content-MD5 that came with it:
// Md5Mismatch.
azure::StorageResult<store::NewContent> take_content(Context const& context, http::Request& request);

// The 16 bytes that the server computed, when it was asked to.
std::optional<std::string> computed_md5(http::Body const& body);

}  // namespace bluebatch::emulator::blob::routes
