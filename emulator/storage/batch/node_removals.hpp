#pragma once

#include "emulator/storage/sqlite.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::storage {

// The ids of a pool's nodes whose removal a user has requested. Batch: POOL-12
std::vector<std::string> find_node_removals(Connection& connection, std::string_view pool_id);

}  // namespace bluebatch::emulator::storage
