#pragma once

#include "emulator/domain/node_user.hpp"
#include "emulator/storage/sqlite.hpp"

#include <optional>
#include <string_view>

// Users of nodes. They go with their node: a trigger of the schema sees to that. Names compare without case.
namespace bluebatch::emulator::storage {

std::optional<domain::NodeUser> find_node_user(
    Connection& connection, std::string_view pool_id, std::string_view node_id, std::string_view name
);
// Adds the user or replaces the one of that name.
void put_node_user(Transaction& transaction, domain::NodeUser const& user);
void delete_node_user(Transaction& transaction, domain::NodeUser const& user);
// The node gets another machine, which knows none of them.
void delete_node_users(Transaction& transaction, std::string_view pool_id, std::string_view node_id);

}  // namespace bluebatch::emulator::storage
