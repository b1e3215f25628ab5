#pragma once

#include "emulator/blob/cases/blobs.hpp"
#include "emulator/blob/routes/route.hpp"
#include "emulator/blob/wire/request_headers.hpp"

namespace bluebatch::emulator::blob::routes {

// What Put Blob and Put Block List say alike.
azure::StorageResult<cases::NewBlob> read_new_blob(Call& call, wire::PlainHeaders plain);

}  // namespace bluebatch::emulator::blob::routes
