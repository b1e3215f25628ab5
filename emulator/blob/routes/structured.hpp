#pragma once

#include "emulator/blob/routes/route.hpp"
#include "shared/azure/structured_message.hpp"
#include "shared/http/message.hpp"

#include <optional>

// Bodies in the frame of a structured message, whose checksums go with the bytes.
namespace bluebatch::emulator::blob::routes {

bool is_structured(http::Headers const& headers);
// A frame that is none of ours, or an operation whose body has none.
std::optional<azure::StorageError> find_structure_fault(http::RequestHead const& head, Route const& route);
// What the frame of a request's body said about it: Crc64Mismatch, InvalidInput.
std::optional<azure::StorageError> find_message_fault(http::Request const& request);

// Puts the body of an answer into a frame. Reads it once; the bytes stay where they are.
void structure_body(http::Response& response);

}  // namespace bluebatch::emulator::blob::routes
