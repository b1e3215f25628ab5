#pragma once

#include "emulator/batch/service/conditions.hpp"
#include "emulator/batch/service/context.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::batch::service {

// Requests something of a node, which comes about once `option` allows it. PoolNotFound, NodeNotFound, and
// the conflict that the node's state makes. Batch: NODE-9, NODE-10, NODE-14
Result<domain::Node> request_of_node(
    Context const& context,
    std::string_view pool_id,
    std::string_view node_id,
    domain::NodeRequest request,
    domain::NodeDeallocationOption option
);

// NodeAlreadyInTargetSchedulingState. The option is that of tasks which run on a node that is to take no
// more. Batch: NODE-11
Result<domain::Node> set_scheduling(
    Context const& context,
    std::string_view pool_id,
    std::string_view node_id,
    domain::SchedulingState state,
    domain::NodeDeallocationOption option
);

// Batch: POOL-10, POOL-12
Result<domain::Pool> remove_nodes(
    Context const& context,
    std::string_view pool_id,
    Conditions const& conditions,
    std::vector<std::string> const& node_ids,
    domain::NodeDeallocationOption option,
    base::Ticks resize_timeout
);

// For the control interface: takes the machines of Spot nodes away, `count` of them or those named; tells
// which. Batch: SPOT-2
Result<std::vector<std::string>> preempt_nodes(
    Context const& context, std::string_view pool_id, std::vector<std::string> const& node_ids, int count
);

}  // namespace bluebatch::emulator::batch::service
