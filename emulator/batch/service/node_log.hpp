#pragma once

#include "emulator/batch/service/context.hpp"

#include <optional>
#include <string>

namespace bluebatch::emulator::batch::service {

struct LogSpan {
    base::TimePoint start;
    std::optional<base::TimePoint> end;  // empty: until now
};

// What happened on a node in that time, one line for each event in the order of time: its boots, its start
// task, the latest run of each of its tasks. PoolNotFound, NodeNotFound, NodeBeingCreated,
// OperationInvalidForCurrentState while there is no machine behind the node.
Result<std::string> write_node_log(
    Context const& context, std::string_view pool_id, std::string_view node_id, LogSpan const& span
);

}  // namespace bluebatch::emulator::batch::service
