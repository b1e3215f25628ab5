#include "emulator/storage/batch/node_removals.hpp"

#include "emulator/domain/node.hpp"

namespace bluebatch::emulator::storage {

std::vector<std::string> find_node_removals(Connection& connection, std::string_view pool_id) {
    return connection.all(
        "SELECT id FROM nodes WHERE pool_id = ? AND request = ?",
        {pool_id, domain::NodeRequest::remove},
        [](Row const& row) { return std::string(row.text(0)); }
    );
}

}  // namespace bluebatch::emulator::storage
