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

// What requests may ask for at most; a formula may come to any number.
constexpr std::int64_t kMostNodes = 100'000;

std::int64_t count_nodes(World const& world, PoolEntry const& pool, bool is_dedicated) {
    return std::ranges::count_if(pool.nodes, [&](NodeKey key) {
        return world.nodes.at(key).row.is_dedicated == is_dedicated;
    });
}

// As if the account's quota were as many nodes.
bool limit_nodes(World const& world, PoolEntry const& pool, bool is_dedicated, int& nodes) {
    if (nodes == 0) return false;
    return limit(kMostNodes, count_nodes(world, pool, is_dedicated), 1, nodes);
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
    auto const is_limited = [&](std::optional<std::int64_t> quota, bool is_dedicated, int& nodes) {
        bool const by_nodes = limit_nodes(turn.world, pool, is_dedicated, nodes);
        bool const by_cores =
            quota && limit(quota, cores_in_use(turn.world, is_dedicated), pool.cores, nodes);
        return by_nodes || by_cores;
    };
    if (is_limited(quotas.dedicated_cores, true, step.new_dedicated)) {
        step.steady = !shrinks;
        step.errors.push_back({"AccountCoreQuotaReached", "The specified account has reached core quota", {}}
        );
    }
    if (is_limited(quotas.low_priority_cores, false, step.new_low_priority)) {
        step.steady = !shrinks;
        step.errors.push_back(
            {"AccountLowPriorityCoreQuotaReached",
             "The specified account has reached low-priority core quota",
             {}}
        );
    }
}

}  // namespace bluebatch::emulator::scheduler
