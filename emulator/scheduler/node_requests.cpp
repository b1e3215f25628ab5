#include "emulator/scheduler/node_requests.hpp"

#include "emulator/scheduler/nodes.hpp"
#include "emulator/scheduler/runs.hpp"
#include "emulator/storage/batch/batch_store.hpp"
#include "emulator/storage/batch/job_node_store.hpp"
#include "emulator/storage/batch/node_user_store.hpp"

#include <utility>

namespace bluebatch::emulator::scheduler {

namespace {

using domain::NodeDeallocationOption;
using domain::NodeRequest;
using domain::NodeState;

// Another one that has come meanwhile stays.
void forget_request(Turn& turn, NodeEntry& node) {
    storage::clear_node_request(turn.transaction, node.row);
    node.row.request = NodeRequest::none;
}

enum class Which : std::uint8_t { tasks, all };

// Each may take the node with it, if that was leaving; nothing of it is touched afterwards.
void stop_runs(Turn& turn, NodeEntry& node, Which which, domain::StopReason reason, RequeueKind kind) {
    NodeKey const key = node.key;
    for (domain::RunId const id : in_stopping_order(turn.world, node.runs)) {
        if (!turn.world.nodes.contains(key)) return;
        Run const* const run = turn.world.find_run(id);
        bool const is_meant = run != nullptr && (which == Which::all || is_of_task(*run));
        if (is_meant) stop_run(turn, id, reason, kind);
    }
}

// Batch: POOL-20, NODE-12
void stop_runs_by_option(Turn& turn, NodeEntry& node, Which which) {
    switch (node.row.request_option) {
        case NodeDeallocationOption::requeue:
            return stop_runs(turn, node, which, domain::StopReason::requeued, RequeueKind::counted);
        case NodeDeallocationOption::terminate:
            return stop_runs(turn, node, which, domain::StopReason::terminated, RequeueKind::counted);
        case NodeDeallocationOption::task_completion:
        case NodeDeallocationOption::retained_data:
            return;
    }
}

bool may_restart(Turn const& turn, NodeEntry const& node) {
    if (!node.runs.empty()) return false;
    bool const keeps_data = node.row.request_option == NodeDeallocationOption::retained_data;
    return !keeps_data || node.retained_until <= turn.now;
}

// The machine and all that is on it are gone, or get a new image.
void lose_files(Turn& turn, NodeEntry& node) {
    storage::note_lost_files(turn.transaction, node.row.pool_id, node.row.id);
    storage::delete_node_users(turn.transaction, node.row.pool_id, node.row.id);
    turn.outbox.others.push_back([pool_id = node.row.pool_id, node_id = node.row.id](domain::Nodes& nodes) {
        nodes.remove_node_files(pool_id, node_id);
    });
    turn.world.placement.readmit(node.key);  // Batch: PREP-3
    node.preparations.clear();
    node.retained_until = {};
    node.row.recent_tasks.clear();
    node.row.start_task_info.reset();
}

void restart(Turn& turn, NodeEntry& node) {
    NodeRequest const request = node.row.request;
    forget_request(turn, node);
    node.restarting = false;
    node.preparations.clear();  // Batch: PREP-5
    switch (request) {
        case NodeRequest::reboot:
            move_node(turn, node, NodeState::rebooting);
            return boot_later(turn, node);
        case NodeRequest::reimage:
            lose_files(turn, node);
            move_node(turn, node, NodeState::reimaging);
            return boot_later(turn, node);
        default:
            lose_files(turn, node);
            return move_node(turn, node, NodeState::deallocated);
    }
}

void go_on_restarting(Turn& turn, NodeEntry& node) {
    NodeKey const key = node.key;
    if (!std::exchange(node.restarting, true)) {
        refresh_admission(turn, node);
        stop_runs_by_option(turn, node, Which::all);
        // Stopping the last run has come back here.
        if (!turn.world.nodes.contains(key) || !node.restarting) return;
    }
    if (may_restart(turn, node)) {
        restart(turn, node);
    } else if (node.runs.empty()) {
        turn.world.timers.add({node.retained_until, Timer::Kind::node, static_cast<std::uint64_t>(key)});
    }
}

// Batch: SPOT-2, SPOT-4, SPOT-5
void preempt(Turn& turn, NodeEntry& node) {
    forget_request(turn, node);
    move_node(turn, node, NodeState::preempted);
    come_back_later(turn, node);
    stop_runs(turn, node, Which::all, domain::StopReason::requeued, RequeueKind::recovered);
}

bool is_restart(NodeRequest request) {
    return request == NodeRequest::reboot || request == NodeRequest::reimage ||
           request == NodeRequest::deallocate;
}

void carry_out(Turn& turn, NodeEntry& node) {
    // A removal may have taken the place of a restart.
    if (!is_restart(node.row.request)) node.restarting = false;
    switch (node.row.request) {
        case NodeRequest::none:
            return;
        case NodeRequest::stop_tasks:
            forget_request(turn, node);
            return stop_runs_by_option(turn, node, Which::tasks);
        case NodeRequest::reboot:
        case NodeRequest::reimage:
        case NodeRequest::deallocate:
            return go_on_restarting(turn, node);
        case NodeRequest::start:
            forget_request(turn, node);
            if (node.row.state != NodeState::deallocated) return;
            node.row.last_boot_time = turn.now;
            move_node(turn, node, NodeState::starting);
            return boot_later(turn, node);
        case NodeRequest::remove:
            turn.world.unsettled_pools.insert(node.pool);
            return;
        case NodeRequest::preempt:
            return preempt(turn, node);
    }
}

// Batch: NODE-3
void follow_scheduling_state(Turn& turn, NodeEntry& node) {
    bool const is_disabled = node.row.scheduling_state == domain::SchedulingState::disabled;
    if (is_disabled && node.row.state == NodeState::idle) {
        move_node(turn, node, NodeState::offline);
    } else if (!is_disabled && node.row.state == NodeState::offline) {
        move_node(turn, node, NodeState::idle);
    } else {
        refresh_admission(turn, node);
    }
}

}  // namespace

void node_changed(Turn& turn, std::string const& node_id) {
    NodeEntry* const node = turn.world.find_node(node_id);
    if (node == nullptr) return;
    auto const stored = storage::find_node(turn.store(), node->row.pool_id, node->row.id);
    if (!stored) return;
    node->row.scheduling_state = stored->scheduling_state;
    node->row.request = stored->request;
    node->row.request_option = stored->request_option;
    settle_node(turn, *node);
}

void settle_node(Turn& turn, NodeEntry& node) {
    NodeKey const key = node.key;
    if (node.returns) come_back(turn, node);
    carry_out(turn, node);
    if (turn.world.nodes.contains(key)) follow_scheduling_state(turn, node);
}

void stop_removing(Turn& turn, NodeEntry& node) {
    if (node.row.request == NodeRequest::remove) forget_request(turn, node);
}

void come_back_later(Turn& turn, NodeEntry& node) {
    auto const key = static_cast<std::uint64_t>(node.key);
    turn.world.timers.add({turn.now + turn.options.spot_return_delay, Timer::Kind::node_started, key});
}

void take_up_request(Turn& turn, NodeEntry& node) {
    // The boot that follows a restart of the emulator is as good as the one that was wanted.
    if (node.row.request == NodeRequest::reboot) forget_request(turn, node);
    settle_node(turn, node);
}

void come_back(Turn& turn, NodeEntry& node) {
    node.returns = !node.runs.empty();
    if (node.returns) return;
    lose_files(turn, node);
    move_node(turn, node, NodeState::creating);
    boot_later(turn, node);
}

}  // namespace bluebatch::emulator::scheduler
