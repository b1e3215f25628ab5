#include "emulator/scheduler/gangs.hpp"

#include "emulator/scheduler/nodes.hpp"
#include "emulator/scheduler/preparations.hpp"
#include "emulator/scheduler/runs.hpp"
#include "emulator/scheduler/subtasks.hpp"
#include "emulator/scheduler/tasks.hpp"
#include "emulator/storage/batch/batch_store.hpp"

#include <algorithm>
#include <utility>

namespace bluebatch::emulator::scheduler {

namespace {

using GangPhase = Gang::Phase;

Gang& gang_of(Turn& turn, Run const& run) {
    return turn.world.gangs.at(run.gang.value());
}

// Takes the place of the task's run, for all its commands, and has every node coordinate.
void coordinate(Turn& turn, Gang& gang, domain::Task const& task) {
    World& world = turn.world;
    Run& primary = world.runs.at(gang.primary);
    gang.phase = GangPhase::coordinating;
    primary.phase = Run::Phase::out;
    ++world.runs_out;
    auto const start = task.execution.start_time.value_or(turn.now);
    limit_wall_clock(turn, primary, start, task.constraints.max_wall_clock_time);
    auto const specification = read_specification(turn, world.jobs.at(primary.job), task);
    for (domain::RunId const id : gang.coordinations)
        send_out(turn, world.runs.at(id), specification);
}

void occupy(Turn& turn, NodeEntry& node, domain::Task const& task) {
    if (node.row.state == domain::NodeState::idle) node.row.state_transition_time = turn.now;
    take_slots(node.row, task.required_slots);
    turn.world.note_unwritten(node, Unwritten::work);
}

// Runs, slots and subtasks on all nodes of the assignment.
Gang& make_gang(Turn& turn, Assignment const& assignment, domain::Task const& task) {
    World& world = turn.world;
    JobEntry& job = world.jobs.at(assignment.job);
    Run& primary = add_task_run(turn, job, world.nodes.at(assignment.node), task, assignment.slots);
    primary.gang = primary.id;
    Gang& gang = world.gangs[primary.id];
    gang.primary = primary.id;
    auto nodes = assignment.others;
    nodes.insert(nodes.begin(), assignment.node);
    for (NodeKey const key : nodes) {
        NodeEntry& node = world.nodes.at(key);
        int const number = static_cast<int>(gang.coordinations.size());
        Run const& run = add_coordination_run(turn, node, primary, number);
        gang.coordinations.push_back(run.id);
        occupy(turn, node, task);
        if (number > 0) add_subtask(turn, gang, node);
        if (is_prepared(turn, job, node)) continue;
        wait_for_preparation(node, run);
        ++gang.unprepared;
    }
    return gang;
}

bool is_out(World const& world, Gang const& gang) {
    return std::any_of(gang.coordinations.begin(), gang.coordinations.end(), [&](domain::RunId id) {
        return world.runs.at(id).phase == Run::Phase::out;
    });
}

// Ends the primary's run by `end_primary`, and all the rest with it. Nothing of it is out any more.
template <class EndPrimary>
void end_gang(Turn& turn, domain::RunId id, EndPrimary end_primary) {
    World& world = turn.world;
    Gang gang = std::move(world.gangs.at(id));
    world.gangs.erase(id);
    if (gang.phase == GangPhase::coordinating) --world.runs_out;
    auto& ended = turn.outbox.ended_coordinations;
    if (gang.phase != GangPhase::waiting)
        ended.insert(ended.end(), gang.coordinations.begin(), gang.coordinations.end());
    Run& primary = world.runs.at(id);
    std::int64_t const sequence = primary.task.sequence;
    complete_subtasks(turn, gang);
    end_primary(primary);
    store_end_of_subtasks(turn, gang, sequence);
    for (domain::RunId const run : gang.coordinations)
        close_run(turn, run);
}

// After a coordination command: whether all is said.
void settle(Turn& turn, Gang const& gang) {
    if (is_out(turn.world, gang)) return;
    if (!gang.verdict) {
        turn.world.coordinated.push_back(gang.primary);
        return;
    }
    domain::RunReport const report = *gang.verdict;
    end_gang(turn, gang.primary, [&](Run& primary) { take_task_report(turn, primary, report); });
}

void stop_coordinating(Turn& turn, Gang const& gang, domain::StopReason reason) {
    for (domain::RunId const id : gang.coordinations) {
        if (turn.world.runs.at(id).phase != Run::Phase::out) continue;
        turn.outbox.others.push_back([id, reason](domain::Nodes& nodes) { nodes.stop(id, reason); });
    }
}

// What the end of one coordination command makes of the whole task. It is tried again as a unit. Batch: MI-5
domain::RunReport verdict_of(Gang const& gang, Run const& run, domain::RunReport report) {
    report.run = gang.primary;
    if (run.instance > 0) {
        report.exit_code.reset();  // the task's own is that of its primary
        if (report.failure) report.failure->details.push_back({"SubtaskId", std::to_string(run.instance)});
    }
    return report;
}

}  // namespace

void assign_gang(Turn& turn, Assignment const& assignment, domain::Task task) {
    World& world = turn.world;
    Gang& gang = make_gang(turn, assignment, task);
    NodeEntry& node = world.nodes.at(assignment.node);
    bool const goes_out = gang.unprepared == 0 && may_go_out(turn) && world.queued.empty();
    auto const state = goes_out ? domain::TaskState::running : domain::TaskState::preparing;
    assign(task, {node.row.pool_id, node.row.id}, state, turn.now);
    storage::update_task(turn.transaction, task);
    note_recent_task(node.row, task);
    if (goes_out) begin_subtasks(turn, gang, task);
    store_subtasks(turn, gang, task);
    if (goes_out) {
        coordinate(turn, gang, task);
    } else if (gang.unprepared == 0) {
        world.queued.push_back(gang.primary);
    }
}

domain::Instance instance_of(Turn& turn, Run const& run) {
    domain::Instance instance;
    instance.number = run.instance;
    for (domain::RunId const id : gang_of(turn, run).coordinations) {
        NodeEntry const& node = node_of(turn, id);
        instance.hosts.push_back({node.row.ip_address, turn.world.pools.at(node.pool).cores});
    }
    return instance;
}

void gang_node_prepared(Turn& turn, Run const& run) {
    Gang& gang = gang_of(turn, run);
    if (gang.unprepared > 0 && --gang.unprepared == 0)
        send_prepared_gang(turn, turn.world.runs.at(gang.primary));
}

void send_prepared_gang(Turn& turn, Run& primary) {
    Gang& gang = gang_of(turn, primary);
    auto task = storage::find_task_by_sequence(turn.store(), primary.task.sequence);
    if (!task || task->state != domain::TaskState::preparing || task->termination_requested)
        return stop_gang(turn, primary.id, domain::StopReason::terminated, RequeueKind::counted);
    begin_run(*task, turn.now);
    storage::update_task(turn.transaction, *task);
    NodeEntry& node = node_of(turn, primary.id);
    note_recent_task(node.row, *task);
    turn.world.note_unwritten(node, Unwritten::work);
    begin_subtasks(turn, gang, *task);
    store_subtasks(turn, gang, *task);
    coordinate(turn, gang, *task);
}

void send_coordinated(Turn& turn) {
    World& world = turn.world;
    for (domain::RunId const id : std::exchange(world.coordinated, {})) {
        auto const found = world.gangs.find(id);
        if (found == world.gangs.end()) continue;
        Run& primary = world.runs.at(id);
        auto const task = storage::find_task_by_sequence(turn.store(), primary.task.sequence);
        if (!is_under_way(task) || task->termination_requested) {
            stop_gang(turn, id, domain::StopReason::terminated, RequeueKind::counted);
            continue;
        }
        found->second.phase = GangPhase::working;
        --world.runs_out;  // it has its place already
        send_out(turn, primary, read_specification(turn, world.jobs.at(primary.job), *task));
        auto const start = task->execution.start_time.value_or(turn.now);
        limit_wall_clock(turn, primary, start, task->constraints.max_wall_clock_time);
    }
}

void take_coordination_report(Turn& turn, Run& run, domain::RunReport const& report) {
    run.phase = Run::Phase::over;
    Gang& gang = gang_of(turn, run);
    if (run.instance > 0) {
        auto& subtask = gang.subtasks[static_cast<std::size_t>(run.instance) - 1];
        subtask.exit_code = report.exit_code;
        subtask.failure = report.stopped ? domain::task_ended() : report.failure;
    }
    bool const has_failed = report.failure || report.stopped;
    if (has_failed && !gang.verdict) {
        gang.verdict = verdict_of(gang, run, report);
        stop_coordinating(turn, gang, domain::StopReason::terminated);
    }
    if (gang.verdict) gang.verdict->end_time = std::max(gang.verdict->end_time, report.end_time);
    settle(turn, gang);
}

void take_primary_report(Turn& turn, Run& run, domain::RunReport const& report) {
    end_gang(turn, run.id, [&](Run& primary) { take_task_report(turn, primary, report); });
}

void stop_gang(Turn& turn, domain::RunId id, domain::StopReason reason, RequeueKind requeue_kind) {
    Gang& gang = turn.world.gangs.at(id);
    Run& run = turn.world.runs.at(id);
    if (gang.phase == GangPhase::waiting) {
        return end_gang(turn, id, [&](Run& primary) {
            end_queued_task(turn, primary, reason, requeue_kind);
        });
    }
    if (!is_stronger(reason, run.stop)) return;
    run.stop = reason;
    run.requeue_kind = requeue_kind;
    if (gang.phase == GangPhase::working) {
        turn.outbox.others.push_back([id, reason](domain::Nodes& nodes) { nodes.stop(id, reason); });
        return;
    }
    domain::RunReport verdict;
    verdict.run = id;
    verdict.start_time = verdict.end_time = turn.now;
    verdict.stopped = reason;
    gang.verdict = verdict;
    stop_coordinating(turn, gang, reason);
    settle(turn, gang);
}

}  // namespace bluebatch::emulator::scheduler
