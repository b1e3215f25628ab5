#pragma once

#include "emulator/batch/service/context.hpp"
#include "emulator/batch/wire/json.hpp"

namespace bluebatch::emulator::batch::service {

struct NodeInPool {
    domain::Pool pool;
    domain::Node node;
    wire::Json document;  // of the pool
};

// PoolNotFound, NodeNotFound.
Result<NodeInPool> get_node_in_pool(
    storage::Connection& connection, std::string_view pool_id, std::string_view node_id
);

// Whether the machines of a pool run Windows.
bool has_windows(wire::Json const& pool_document);
bool is_of_cloud_service(wire::Json const& pool_document);

// Why nobody can be let in to the node now: it is on its way to another state. Empty when it is idle or
// running. Batch: NODE-13, NODE-14
std::optional<BatchError> fault_of_state(domain::Node const& node);

// Bodies have passed their tables.

// NodeUserExists, and those of fault_of_state(); gives the name.
Result<std::string> add_node_user(
    Context const& context, std::string_view pool_id, std::string_view node_id, wire::Json const& body
);
// Everything that is not in the body goes back to its default. NodeUserNotFound. Batch: NODE-13
Result<void> replace_node_user(
    Context const& context,
    std::string_view pool_id,
    std::string_view node_id,
    std::string_view name,
    wire::Json const& body
);
Result<void> delete_node_user(
    Context const& context, std::string_view pool_id, std::string_view node_id, std::string_view name
);

}  // namespace bluebatch::emulator::batch::service
