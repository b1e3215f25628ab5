#include "emulator/scheduler/pools.hpp"

#include "emulator/domain/vm_size.hpp"
#include "emulator/scheduler/autoscaling.hpp"
#include "emulator/scheduler/communication_limit.hpp"
#include "emulator/scheduler/core_quota.hpp"
#include "emulator/scheduler/node_requests.hpp"
#include "emulator/scheduler/nodes.hpp"
#include "emulator/scheduler/resize_rules.hpp"
#include "emulator/storage/batch/batch_store.hpp"
#include "emulator/storage/batch/node_removals.hpp"

#include <algorithm>
#include <utility>

namespace bluebatch::emulator::scheduler {

namespace {

// Batch: POOL-21
bool has_manager(World const& world, NodeEntry const& node) {
    return std::ranges::any_of(node.runs.all(), [&](domain::RunId id) {
        Run const& run = world.runs.at(id);
        return run.kind == domain::RunKind::task && world.jobs.at(run.job).manager == run.task.sequence;
    });
}

std::vector<NodeSummary> summarise(World const& world, PoolEntry const& pool) {
    std::vector<NodeSummary> nodes;
    nodes.reserve(pool.nodes.size());
    for (NodeKey const key : pool.nodes) {
        NodeEntry const& node = world.nodes.at(key);
        nodes.push_back({
            key,
            node.row.is_dedicated,
            node.row.state,
            node.row.running_tasks_count,
            has_manager(world, node),
            node.draining,
            node.row.request == domain::NodeRequest::remove,
            node.retained_until,
        });
    }
    return nodes;
}

// The pool's new target and the nodes that are named are stored together, but told of one after another; a
// turn in between would take other nodes to come to the target. Batch: POOL-12
void take_up_removals(Turn& turn, domain::Pool const& row) {
    if (row.allocation_state != domain::AllocationState::resizing) return;
    for (std::string const& id : storage::find_node_removals(turn.store(), row.id)) {
        if (NodeEntry* const node = turn.world.find_node(id)) node->row.request = domain::NodeRequest::remove;
    }
}

void set_timer(Turn& turn, PoolEntry& pool, base::TimePoint at) {
    auto const key = static_cast<std::uint64_t>(pool.key);
    if (pool.timer_at) turn.world.timers.remove({*pool.timer_at, Timer::Kind::pool, key});
    pool.timer_at.reset();
    if (at == base::TimePoint::max()) return;
    pool.timer_at = at;
    turn.world.timers.add({at, Timer::Kind::pool, key});
}

void end_resize(Turn& turn, domain::Pool& row, std::vector<domain::ResizeError> errors) {
    row.allocation_state = domain::AllocationState::steady;
    row.allocation_state_transition_time = turn.now;
    row.resize_errors = std::move(errors);
    storage::update_pool(turn.transaction, row);
}

}  // namespace

void pool_changed(Turn& turn, std::string_view pool_id) {
    PoolEntry& pool = turn.world.pool(pool_id);
    pool.start_task.reset();
    pool.setup.reset();
    turn.world.unsettled_pools.insert(pool.key);
}

void delete_pool(Turn& turn, std::string_view pool_id) {
    auto row = storage::find_pool(turn.store(), pool_id);
    if (!row || row->state == domain::PoolState::deleting) return;
    begin_deletion(*row, turn.now);
    storage::update_pool(turn.transaction, *row);
    pool_changed(turn, pool_id);
}

void place_pool(Turn& turn, domain::Pool const& row) {
    auto const gangs = row.inter_node_communication ? Gangs::allowed : Gangs::refused;
    PoolEntry& pool = turn.world.pool(row.id);
    pool.cores = domain::find_cores(row.vm_size).value_or(1);
    turn.world.placement.set_pool(pool.key, row.task_slots_per_node, row.node_fill_type, gangs);
}

void settle_pool(Turn& turn, PoolKey key) {
    World& world = turn.world;
    PoolEntry& pool = world.pools.at(key);
    auto row = storage::find_pool(turn.store(), pool.id);
    if (!row) return;
    pool.id = row->id;
    place_pool(turn, *row);

    follow_auto_scale(turn, pool, *row);
    take_up_removals(turn, *row);
    ResizeStep step = plan_resize(*row, summarise(world, pool), turn.now);
    limit_communicating_nodes(*row, pool.nodes.size(), is_shrinking(world, pool, step), step);
    limit_cores(turn, pool, step);
    bool const is_deleting = row->state == domain::PoolState::deleting;
    // Batch: POOL-28
    auto const option = is_deleting ? domain::NodeDeallocationOption::requeue : row->node_deallocation_option;
    for (NodeKey const node : step.leave)
        leave(turn, world.nodes.at(node), option);
    for (NodeKey const node : step.drain)
        set_draining(turn, world.nodes.at(node), true);
    for (NodeKey const node : step.keep)
        set_draining(turn, world.nodes.at(node), false);
    for (int i = 0; i < step.new_dedicated; ++i)
        create_node(turn, pool, true);
    for (int i = 0; i < step.new_low_priority; ++i)
        create_node(turn, pool, false);
    bool const scales = row->auto_scale && row->state == domain::PoolState::active;
    set_timer(turn, pool, scales ? std::min(step.look_again, row->auto_scale->due) : step.look_again);
    if (step.steady) {
        end_resize(turn, *row, std::move(step.errors));
        for (NodeKey const node : pool.nodes)
            stop_removing(turn, world.nodes.at(node));
    }
    if (is_deleting && pool.nodes.empty()) {
        storage::delete_pool(turn.transaction, row->id);
        pool.start_task.reset();
        pool.setup.reset();
    }
}

}  // namespace bluebatch::emulator::scheduler
