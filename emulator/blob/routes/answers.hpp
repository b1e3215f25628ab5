#pragma once

#include "emulator/blob/routes/route.hpp"
#include "shared/http/message.hpp"

#include <string>

// What several handlers need to build their answers.
namespace bluebatch::emulator::blob::routes {

http::Response empty_response(int status);
http::Response xml_response(std::string document);

// "maxresults": 1 to 5000, which is also what is meant without one (0).
azure::StorageResult<std::size_t> read_max_results(http::RequestHead const& head);
inline constexpr std::size_t kMaxResults = 5000;

}  // namespace bluebatch::emulator::blob::routes
