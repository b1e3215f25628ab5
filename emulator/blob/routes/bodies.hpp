#pragma once

#include "emulator/blob/context.hpp"
#include "emulator/storage/blob/new_content.hpp"
#include "shared/azure/storage_error.hpp"
#include "shared/http/message.hpp"

#include <optional>
#include <string>

namespace bluebatch::emulator::blob::routes {

// Whether the body is what the Content-MD5 or x-ms-content-crc64 that came with it say: Md5Mismatch,
// Crc64Mismatch, BothCrc64AndMd5HeaderPresent; and what the frame of a structured body says.
azure::StorageResult<void> check_digests(http::Request const& request);

// Takes a body over without copying it. `key`: what it is encrypted with; empty for plain ones.
azure::StorageResult<store::NewContent> take_content(
    Context const& context, http::Body& body, std::string const& key
);

// Tells the client what was computed: the CRC64, and the MD5 if it sent one.
void add_digests(http::Headers& headers, http::Headers const& asked, http::Body const& body);

// The 16 bytes that the server computed, when it was asked to.
std::optional<std::string> computed_md5(http::Body const& body);

}  // namespace bluebatch::emulator::blob::routes
