#include "emulator/scheduler/resize_rules.hpp"

#include <algorithm>

namespace bluebatch::emulator::scheduler {

namespace {

using domain::AllocationState;
using domain::NodeDeallocationOption;
using domain::NodeState;

bool leaving(NodeSummary const& node) {
    return node.state == NodeState::leaving_pool;
}
bool arriving(NodeSummary const& node) {
    return node.state == NodeState::creating;
}

domain::ResizeError allocation_timed_out() {
    return {
        "AllocationTimedout",
        "Desired number of dedicated nodes could not be allocated as the resize timeout was reached",
        {}};
}
domain::ResizeError resize_stopped() {
    return {"ResizeStopped", "Desired number of nodes could not be allocated as the resize was stopped", {}};
}

constexpr int kCostOfManager = 1'000'000;  // more than any number of tasks

// The cheapest to lose first: not yet there, out of order, idle, the least busy, those with a job manager.
// Batch: POOL-21
int cost_of_losing(NodeSummary const& node) {
    if (node.must_go) return -3;
    if (node.draining) return -2;  // already chosen
    if (arriving(node)) return -1;
    if (node.state == NodeState::idle) return 1;
    if (node.has_manager) return kCostOfManager;
    if (node.state == NodeState::running) return 2 + node.running_tasks;
    return 0;
}

bool may_leave_now(NodeSummary const& node, NodeDeallocationOption option, base::TimePoint now) {
    switch (option) {
        case NodeDeallocationOption::requeue:
        case NodeDeallocationOption::terminate:
            return true;
        case NodeDeallocationOption::task_completion:
            return node.running_tasks == 0;
        case NodeDeallocationOption::retained_data:
            return node.running_tasks == 0 && node.retained_until <= now;
    }
    return true;
}

// Shrinks or grows one kind of nodes towards its target; true when it has arrived there.
bool plan_kind(
    domain::Pool const& pool,
    std::vector<NodeSummary> nodes,
    int target,
    base::TimePoint now,
    int& to_create,
    ResizeStep& step
) {
    auto const named =
        static_cast<int>(std::count_if(nodes.begin(), nodes.end(), [](auto& node) { return node.must_go; }));
    auto const staying = static_cast<int>(nodes.size()) - named;
    if (staying < target) to_create = target - staying;
    std::stable_sort(nodes.begin(), nodes.end(), [](NodeSummary const& a, NodeSummary const& b) {
        return cost_of_losing(a) < cost_of_losing(b);
    });
    auto const surplus = static_cast<std::size_t>(named + std::max(0, staying - target));
    // Nodes that communicate are one deployment: none of them goes ahead of the others. Batch: POOL-23
    bool const waits_for_all =
        pool.inter_node_communication &&
        std::any_of(
            nodes.begin(),
            nodes.begin() + static_cast<std::ptrdiff_t>(surplus),
            [&](NodeSummary const& node) { return !may_leave_now(node, pool.node_deallocation_option, now); }
        );
    bool settled = staying == target && named == 0;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        NodeSummary const& node = nodes[i];
        if (i >= surplus) {
            if (node.draining) step.keep.push_back(node.key);
            if (arriving(node)) settled = false;
            continue;
        }
        bool const may_leave = may_leave_now(node, pool.node_deallocation_option, now);
        if (may_leave && !waits_for_all) {
            step.leave.push_back(node.key);
        } else {
            if (!node.draining) step.drain.push_back(node.key);
            bool const waits_for_time = node.running_tasks == 0 && !may_leave;
            if (waits_for_time) step.look_again = std::min(step.look_again, node.retained_until);
        }
    }
    return settled;
}

// The resize ends before it is done: no more nodes are asked for, those that the pool already counts go on
// starting, and what has not gone stays. Batch: POOL-14, POOL-15, NODE-1
ResizeStep give_up(std::vector<NodeSummary> const& nodes, domain::ResizeError error) {
    ResizeStep step;
    for (NodeSummary const& node : nodes) {
        if (node.draining) step.keep.push_back(node.key);
    }
    step.steady = true;
    step.errors.push_back(std::move(error));
    return step;
}

}  // namespace

ResizeStep plan_resize(domain::Pool const& pool, std::vector<NodeSummary> nodes, base::TimePoint now) {
    ResizeStep step;
    bool const some_leaving = std::any_of(nodes.begin(), nodes.end(), leaving);
    std::erase_if(nodes, leaving);
    if (pool.state == domain::PoolState::deleting) {
        for (NodeSummary const& node : nodes)
            step.leave.push_back(node.key);
        return step;
    }
    if (pool.allocation_state == AllocationState::steady) return step;
    if (pool.allocation_state == AllocationState::stopping) return give_up(nodes, resize_stopped());

    std::vector<NodeSummary> dedicated;
    std::vector<NodeSummary> low_priority;
    for (NodeSummary const& node : nodes)
        (node.is_dedicated ? dedicated : low_priority).push_back(node);
    bool const dedicated_settled =
        plan_kind(pool, dedicated, pool.target_dedicated_nodes, now, step.new_dedicated, step);
    bool const low_priority_settled =
        plan_kind(pool, low_priority, pool.target_low_priority_nodes, now, step.new_low_priority, step);
    if (dedicated_settled && low_priority_settled && !some_leaving) {
        step.steady = true;
        return step;
    }
    // Batch: AS-10
    if (pool.auto_scale) return step;
    base::TimePoint const deadline = pool.resize_started + pool.resize_timeout;
    if (deadline <= now) return give_up(nodes, allocation_timed_out());
    step.look_again = std::min(step.look_again, deadline);
    return step;
}

}  // namespace bluebatch::emulator::scheduler
