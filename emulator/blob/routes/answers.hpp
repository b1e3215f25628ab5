#pragma once

#include "emulator/blob/routes/route.hpp"
#include "shared/http/message.hpp"

#include <string>

// What several handlers need to read their requests and to build their answers.
namespace bluebatch::emulator::blob::routes {

http::Response empty_response(int status);
http::Response xml_response(std::string document);
// With the entity tag, the time and the version of the blob.
http::Response state_response(int status, store::Blob const& blob);

inline constexpr std::size_t kMaxResults = 5000;
// What must hold for a read, as the version of the request understands it.
azure::StorageResult<Guard> read_guard_of_read(Call const& call);

// "maxresults", which is never more than `most`; 0 without one.
azure::StorageResult<std::size_t> read_max_results(
    http::RequestHead const& head, std::size_t most = kMaxResults
);

}  // namespace bluebatch::emulator::blob::routes
