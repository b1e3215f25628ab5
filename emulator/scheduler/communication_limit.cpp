#include "emulator/scheduler/communication_limit.hpp"

#include <algorithm>
#include <cstdint>

namespace bluebatch::emulator::scheduler {

void limit_communicating_nodes(
    domain::Pool const& pool, std::size_t present, bool is_shrinking, ResizeStep& step
) {
    if (!pool.inter_node_communication) return;
    int const room = std::max(0, kMostCommunicatingNodes - static_cast<int>(present));
    if (std::int64_t{step.new_dedicated} + step.new_low_priority <= room) return;
    step.new_dedicated = std::min(step.new_dedicated, room);
    step.new_low_priority = std::min(step.new_low_priority, room - step.new_dedicated);
    step.steady = !is_shrinking;
    step.errors.push_back(
        {"CommunicationEnabledPoolReachedMaxVMCount",
         "The pool has reached the most nodes that a pool with inter-node communication can have",
         {{"MaxNodes", std::to_string(kMostCommunicatingNodes)}}}
    );
}

}  // namespace bluebatch::emulator::scheduler
