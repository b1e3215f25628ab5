#pragma once

#include "emulator/storage/sqlite.hpp"

#include <cstdint>

// What quotas count. Batch: QUO-1
namespace bluebatch::emulator::storage {

std::int64_t count_pools(Connection& connection);
// Jobs that are not completed.
std::int64_t count_active_jobs_and_schedules(Connection& connection);

}  // namespace bluebatch::emulator::storage
