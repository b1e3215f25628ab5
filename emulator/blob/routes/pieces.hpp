#pragma once

#include "emulator/blob/cases/reading.hpp"
#include "shared/http/message.hpp"

#include <filesystem>
#include <vector>

namespace bluebatch::emulator::blob::routes {

// Makes the pieces the body of the answer, in order. Memory stays bounded: what does not fit goes through an
// unnamed file in `spool_folder`.
void add_pieces(
    http::Response& response, std::vector<cases::Piece> pieces, std::filesystem::path const& spool_folder
);

base::Md5Digest md5_of(http::Response const& response);
std::uint64_t crc64_of(http::Response const& response);

}  // namespace bluebatch::emulator::blob::routes
