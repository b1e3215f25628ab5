#pragma once

#include "emulator/domain/task.hpp"
#include "emulator/storage/sqlite.hpp"

#include <string_view>
#include <vector>

namespace bluebatch::emulator::storage {

// Tasks whose latest run was on that node, the latest added first, `limit` at most. Looks at every task of
// the account.
std::vector<domain::Task> list_tasks_of_node(
    Connection& connection, std::string_view pool_id, std::string_view node_id, int limit
);

}  // namespace bluebatch::emulator::storage
