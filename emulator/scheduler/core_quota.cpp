#include "emulator/scheduler/core_quota.hpp"

#include <algorithm>

namespace bluebatch::emulator::scheduler {

namespace {

std::int64_t cores_in_use(World const& world, bool is_dedicated) {
    std::int64_t cores = 0;
    for (auto const& [key, node] : world.nodes) {
        if (node.row.is_dedicated == is_dedicated) cores += world.pools.at(node.pool).cores;
    }
    return cores;
}

// True when fewer nodes than wanted may come.
bool limit(std::optional<std::int64_t> quota, std::int64_t in_use, int cores_of_node, int& nodes) {
    if (!quota || nodes == 0) return false;
    auto const room = std::max<std::int64_t>(0, *quota - in_use) / std::max(1, cores_of_node);
    if (room >= nodes) return false;
    nodes = static_cast<int>(room);
    return true;
}

}  // namespace

bool is_shrinking(World const& world, PoolEntry const& pool, ResizeStep const& step) {
    return !step.drain.empty() || !step.leave.empty() ||
           std::any_of(pool.nodes.begin(), pool.nodes.end(), [&](NodeKey key) {
               NodeEntry const& node = world.nodes.at(key);
               return node.draining || node.row.state == domain::NodeState::leaving_pool;
           });
}

void limit_cores(Turn const& turn, PoolEntry const& pool, ResizeStep& step) {
    bool const shrinks = is_shrinking(turn.world, pool, step);
    auto const& quotas = turn.options.quotas;
    if (!quotas.dedicated_cores && !quotas.low_priority_cores) return;
    if (limit(quotas.dedicated_cores, cores_in_use(turn.world, true), pool.cores, step.new_dedicated)) {
        step.steady = !shrinks;
        step.errors.push_back({"AccountCoreQuotaReached", "The specified account has reached core quota", {}}
        );
    }
    if (limit(
            quotas.low_priority_cores, cores_in_use(turn.world, false), pool.cores, step.new_low_priority
        )) {
        step.steady = !shrinks;
        step.errors.push_back(
            {"AccountLowPriorityCoreQuotaReached",
             "The specified account has reached low-priority core quota",
             {}}
        );
    }
}

}  // namespace bluebatch::emulator::scheduler
