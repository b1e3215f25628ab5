#include "emulator/storage/batch/node_history.hpp"

#include "emulator/storage/batch/task_record.hpp"

namespace bluebatch::emulator::storage {

std::vector<domain::Task> list_tasks_of_node(
    Connection& connection, std::string_view pool_id, std::string_view node_id, int limit
) {
    static std::string const sql = kSelectTask +
                                   " WHERE t.node_id = ? COLLATE NOCASE AND t.pool_id = ? COLLATE NOCASE "
                                   "ORDER BY t.sequence DESC LIMIT ?";
    return connection.all(sql, {node_id, pool_id, limit}, read_task);
}

}  // namespace bluebatch::emulator::storage
