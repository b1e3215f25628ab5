#include "emulator/scheduler/runs.hpp"

#include "emulator/scheduler/gangs.hpp"
#include "emulator/scheduler/node_setups.hpp"
#include "emulator/scheduler/nodes.hpp"
#include "emulator/scheduler/preparations.hpp"
#include "emulator/scheduler/tasks.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace bluebatch::emulator::scheduler {

namespace {

Run& add_run(Turn& turn, NodeEntry& node, Run run) {
    run.id = ++turn.last_run_id;
    run.node = node.key;
    node.runs.add(run.id);
    return turn.world.runs.emplace(run.id, std::move(run)).first->second;
}

int strength(domain::StopReason reason) {
    switch (reason) {
        case domain::StopReason::requeued:
            return 0;
        case domain::StopReason::wall_clock:
            return 1;
        case domain::StopReason::terminated:
            return 2;
    }
    return 0;
}

}  // namespace

Run& add_task_run(Turn& turn, JobEntry& job, NodeEntry& node, domain::Task const& task, int slots) {
    Run run;
    run.kind = domain::RunKind::task;
    run.job = job.key;
    run.task_id = task.id;
    run.task = {task.sequence, task.required_slots, task.instances};
    run.retry_count = task.execution.retry_count;
    run.slots = slots;
    Run& added = add_run(turn, node, std::move(run));
    job.runs.add(added.id);
    turn.world.runs_by_task[task_key(job.key, task.id)] = added.id;
    return added;
}

Run& add_coordination_run(Turn& turn, NodeEntry& node, Run const& primary, int instance) {
    Run run;
    run.kind = domain::RunKind::coordination;
    run.job = primary.job;
    run.task_id = primary.task_id;
    run.task = primary.task;
    run.gang = primary.id;
    run.instance = instance;
    // On its own node the primary's run holds them.
    run.slots = instance > 0 ? primary.slots : 0;
    Run& added = add_run(turn, node, std::move(run));
    turn.world.jobs.at(added.job).runs.add(added.id);
    return added;
}

void add_node_run(Turn& turn, NodeEntry& node, domain::RunKind kind) {
    Run run;
    run.kind = kind;
    turn.world.queued.push_back(add_run(turn, node, std::move(run)).id);
}

Run& add_job_node_run(
    Turn& turn, JobEntry& job, NodeEntry& node, domain::RunKind kind, std::string const& task_id
) {
    Run run;
    run.kind = kind;
    run.job = job.key;
    run.task_id = task_id;
    Run& added = add_run(turn, node, std::move(run));
    if (kind == domain::RunKind::job_preparation) job.runs.add(added.id);
    turn.world.queued.push_back(added.id);
    return added;
}

bool is_of_task(Run const& run) {
    return run.kind == domain::RunKind::task || run.kind == domain::RunKind::coordination;
}

bool may_go_out(Turn const& turn) {
    return turn.world.runs_out < turn.options.max_parallel;
}

void limit_wall_clock(Turn& turn, Run& run, base::TimePoint start, base::Ticks limit) {
    Timers& timers = turn.world.timers;
    if (run.wall_clock_at) timers.remove({*run.wall_clock_at, Timer::Kind::run_wall_clock, run.id});
    run.wall_clock_at.reset();
    if (limit >= base::TimePoint::max() - start) return;
    run.wall_clock_at = start + limit;
    timers.add({*run.wall_clock_at, Timer::Kind::run_wall_clock, run.id});
}

void send_out(Turn& turn, Run& run, domain::TaskSpecification specification) {
    NodeEntry const& node = turn.world.nodes.at(run.node);
    domain::RunCommand command;
    command.run = run.id;
    command.kind = run.kind;
    command.pool_id = node.row.pool_id;
    command.node_id = node.row.id;
    command.node_is_dedicated = node.row.is_dedicated;
    command.start_time = turn.now;
    command.retry_count = run.retry_count;
    if (!domain::is_of_node(run.kind)) {
        JobEntry& job = turn.world.jobs.at(run.job);
        command.job_id = job.id;
        command.task_id = run.task_id;
        bool const follows_preparation = job.has_preparation && run.kind != domain::RunKind::job_preparation;
        if (follows_preparation) command.job_preparation_id = node_tasks_of(turn, job).preparation_id;
    }
    if (run.gang) command.instance = instance_of(turn, run);
    bool const has_place = run.kind != domain::RunKind::coordination;
    if (has_place) limit_wall_clock(turn, run, turn.now, specification.constraints.max_wall_clock_time);
    command.specification = std::move(specification);
    run.phase = Run::Phase::out;
    if (has_place) ++turn.world.runs_out;
    turn.outbox.starts.push_back(std::move(command));
}

void send_queued(Turn& turn) {
    World& world = turn.world;
    send_coordinated(turn);
    while (may_go_out(turn) && !world.queued.empty()) {
        domain::RunId const id = world.queued.front();
        world.queued.pop_front();
        Run* const run = world.find_run(id);
        if (run == nullptr) continue;
        switch (run->kind) {
            case domain::RunKind::node_setup:
                send_node_setup(turn, *run);
                break;
            case domain::RunKind::start_task:
                send_start_task(turn, *run);
                break;
            case domain::RunKind::task:
                run->gang ? send_prepared_gang(turn, *run) : send_prepared_task(turn, *run);
                break;
            case domain::RunKind::coordination:
                gang_node_prepared(turn, *run);
                break;
            case domain::RunKind::job_preparation:
            case domain::RunKind::job_release:
                send_job_node_task(turn, *run);
        }
    }
}

std::vector<domain::RunId> in_stopping_order(World const& world, RunList const& runs) {
    std::vector<domain::RunId> ordered;
    std::ranges::copy(runs.all(), std::back_inserter(ordered));
    std::stable_partition(ordered.begin(), ordered.end(), [&](domain::RunId id) {
        return is_of_task(world.runs.at(id));
    });
    return ordered;
}

bool is_stronger(domain::StopReason reason, std::optional<domain::StopReason> than) {
    return !than || strength(reason) > strength(*than);
}

void stop_run(Turn& turn, domain::RunId id, domain::StopReason reason, RequeueKind requeue_kind) {
    Run* const run = turn.world.find_run(id);
    if (run == nullptr) return;
    if (run->gang) return stop_gang(turn, *run->gang, reason, requeue_kind);
    if (run->phase == Run::Phase::queued) {
        switch (run->kind) {
            case domain::RunKind::node_setup:
            case domain::RunKind::start_task:
                return close_run(turn, id);
            case domain::RunKind::task:
            case domain::RunKind::coordination:
                return end_queued_task(turn, *run, reason, requeue_kind);
            case domain::RunKind::job_preparation:
            case domain::RunKind::job_release:
                return end_queued_job_node_task(turn, *run, reason);
        }
    }
    if (!is_stronger(reason, run->stop)) return;
    run->stop = reason;
    run->requeue_kind = requeue_kind;
    turn.outbox.others.push_back([id, reason](domain::Nodes& nodes) { nodes.stop(id, reason); });
}

void close_run(Turn& turn, domain::RunId id) {
    World& world = turn.world;
    Run const run = std::move(world.runs.at(id));
    world.runs.erase(id);
    if (run.wall_clock_at) world.timers.remove({*run.wall_clock_at, Timer::Kind::run_wall_clock, id});
    NodeEntry& node = world.nodes.at(run.node);
    node.runs.remove(id);
    if (!domain::is_of_node(run.kind)) {
        JobEntry& job = world.jobs.at(run.job);
        job.runs.remove(id);
        if (run.kind == domain::RunKind::job_release) job.releases.erase(run.node);
        if (job.state != domain::JobState::active || job.ends_with_its_tasks)
            world.unsettled_jobs.insert(run.job);
    }
    if (run.kind == domain::RunKind::task) {
        world.runs_by_task.erase(task_key(run.job, run.task_id));
        world.placement.release(run.node, run.job, run.slots);
        if (run.successor) world.placement.put_back(run.job, *run.successor);
    } else if (run.slots > 0) {
        world.placement.release_slots(run.node, run.slots);
    }
    if (is_of_task(run) && run.slots > 0) {
        give_back_slots(node.row, run.task.required_slots);
        if (node.row.running_tasks_count == 0) node.row.state_transition_time = turn.now;
        world.note_unwritten(node, Unwritten::work);
    }
    node_run_closed(turn, node);
}

void take_report(Turn& turn, domain::RunReport report) {
    Run* const run = turn.world.find_run(report.run);
    if (run == nullptr || run->phase != Run::Phase::out) return;
    if (run->kind != domain::RunKind::coordination) --turn.world.runs_out;
    if (report.stopped && run->stop) report.stopped = run->stop;
    switch (run->kind) {
        case domain::RunKind::node_setup:
            return take_node_setup_report(turn, *run, report);
        case domain::RunKind::start_task:
            return take_start_task_report(turn, *run, report);
        case domain::RunKind::task:
            return run->gang ? take_primary_report(turn, *run, report) : take_task_report(turn, *run, report);
        case domain::RunKind::coordination:
            return take_coordination_report(turn, *run, report);
        case domain::RunKind::job_preparation:
        case domain::RunKind::job_release:
            return take_job_node_report(turn, *run, report);
    }
}

}  // namespace bluebatch::emulator::scheduler
