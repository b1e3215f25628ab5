#pragma once

#include "emulator/storage/blob/records.hpp"
#include "emulator/storage/sqlite.hpp"

#include <cstdint>
#include <vector>

// Which blobs are the destination of a copy that goes on.
namespace bluebatch::emulator::storage::blob {

void insert_pending_copy(Transaction& transaction, std::int64_t blob_id);
void remove_pending_copy(Transaction& transaction, std::int64_t blob_id);
// Their blobs may be gone.
std::vector<std::int64_t> list_pending_copies(Connection& connection);

}  // namespace bluebatch::emulator::storage::blob
