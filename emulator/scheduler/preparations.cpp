#include "emulator/scheduler/preparations.hpp"

#include "emulator/scheduler/runs.hpp"
#include "emulator/scheduler/tasks.hpp"
#include "emulator/storage/batch/batch_store.hpp"
#include "emulator/storage/batch/job_node_store.hpp"
#include "shared/base/text.hpp"

#include <utility>

namespace bluebatch::emulator::scheduler {

namespace {

using Phase = Preparation::Phase;

domain::JobOnNode status_of(JobEntry const& job, NodeEntry const& node, Preparation const& preparation) {
    return {job.id, node.row.pool_id, node.row.id, preparation.info, std::nullopt};
}

void begin_preparation(Turn& turn, JobEntry& job, NodeEntry& node) {
    Preparation& preparation = node.preparations[job.key];
    preparation.info = begin_node_task(turn.now);
    storage::put_job_on_node(turn.transaction, status_of(job, node, preparation));
    add_job_node_run(
        turn, job, node, domain::RunKind::job_preparation, node_tasks_of(turn, job).preparation_id
    );
}

// What was prepared before the node's last boot may still hold. Batch: PREP-5
bool take_up_earlier(Turn& turn, JobEntry& job, NodeEntry& node) {
    if (node_tasks_of(turn, job).reruns_after_reboot) return false;
    auto const status = storage::find_job_on_node(turn.store(), job.id, node.row.pool_id, node.row.id);
    bool const holds =
        status && !status->files_lost && status->preparation.result == domain::TaskResult::success;
    if (holds) node.preparations[job.key] = {Phase::over, status->preparation, {}};
    return holds;
}

// Batch: PREP-3; the service tries the tasks on other nodes, and this one serves the job no more.
void give_up_waiting(Turn& turn, std::vector<domain::RunId> const& waiting) {
    for (domain::RunId const id : waiting)
        stop_run(turn, id, domain::StopReason::requeued, RequeueKind::recovered);
}

void end_preparation(Turn& turn, Run& run, domain::RunReport const& report) {
    World& world = turn.world;
    JobEntry& job = world.jobs.at(run.job);
    NodeEntry& node = world.nodes.at(run.node);
    JobNodeTasks const& tasks = node_tasks_of(turn, job);
    Preparation& preparation = node.preparations.at(job.key);
    auto const verdict =
        finish_node_task(preparation.info, report, tasks.preparation.constraints.max_task_retry_count);
    // Whoever wanted it to stop wants no further try, even where the stop came too late.
    bool const is_unwanted = run.stop && *run.stop != domain::StopReason::wall_clock;
    bool const was_interrupted =
        is_unwanted || (report.stopped && *report.stopped != domain::StopReason::wall_clock);
    bool const runs_again = verdict == NodeTaskVerdict::run_again && !was_interrupted;
    if (runs_again) retry_node_task(preparation.info, turn.now);
    storage::put_job_on_node(turn.transaction, status_of(job, node, preparation));
    if (runs_again) {
        add_job_node_run(turn, job, node, domain::RunKind::job_preparation, tasks.preparation_id);
        return;
    }
    auto const waiting = std::exchange(preparation.waiting, {});
    if (was_interrupted && verdict != NodeTaskVerdict::succeeded) {
        node.preparations.erase(job.key);
        give_up_waiting(turn, waiting);
    } else if (verdict == NodeTaskVerdict::failed && tasks.wait_for_success == WaitForSuccess::yes) {
        preparation.phase = Phase::failed;
        world.placement.bar(job.key, node.key);
        give_up_waiting(turn, waiting);
    } else {
        preparation.phase = Phase::over;
        world.queued.insert(world.queued.end(), waiting.begin(), waiting.end());
    }
}

void end_release(Turn& turn, Run const& run, domain::RunReport const& report) {
    NodeEntry const& node = turn.world.nodes.at(run.node);
    auto status = storage::find_job_on_node(
        turn.store(), turn.world.jobs.at(run.job).id, node.row.pool_id, node.row.id
    );
    if (!status || !status->release) return;
    // After a reboot it runs once more. Batch: REL-5
    if (report.stopped == domain::StopReason::requeued) {
        status->release.reset();
    } else {
        finish_node_task(*status->release, report, 0);
    }
    storage::put_job_on_node(turn.transaction, *status);
}

enum class Readiness : std::uint8_t { ready, soon, never };

Readiness readiness_of(NodeEntry const& node) {
    switch (node.row.state) {
        case domain::NodeState::idle:
        case domain::NodeState::running:
        case domain::NodeState::offline:
            return Readiness::ready;
        case domain::NodeState::rebooting:
        case domain::NodeState::starting:
        case domain::NodeState::waiting_for_start_task:
            return Readiness::soon;
        default:
            return Readiness::never;
    }
}

}  // namespace

JobNodeTasks const& node_tasks_of(Turn& turn, JobEntry& job) {
    if (!job.node_tasks) {
        auto const row = storage::find_job(turn.store(), job.id);
        auto tasks = row ? turn.readers.read_job_node_tasks(row->document) : JobNodeTasks{};
        job.node_tasks = std::make_shared<JobNodeTasks const>(std::move(tasks));
    }
    return *job.node_tasks;
}

bool is_prepared(Turn& turn, JobEntry& job, NodeEntry& node) {
    if (!job.has_preparation) return true;
    if (!node.preparations.contains(job.key) && !take_up_earlier(turn, job, node))
        begin_preparation(turn, job, node);
    // Batch: PREP-4
    if (node_tasks_of(turn, job).wait_for_success == WaitForSuccess::no) return true;
    return node.preparations.at(job.key).phase == Phase::over;
}

void wait_for_preparation(NodeEntry& node, Run const& run) {
    node.preparations.at(run.job).waiting.push_back(run.id);
}

bool release_nodes(Turn& turn, JobEntry& job) {
    if (!job.has_preparation) return true;
    auto const& release_id = node_tasks_of(turn, job).release_id;
    if (release_id.empty()) return true;
    bool waits_for_node = false;
    for (auto& status : storage::list_unreleased_nodes(turn.store(), job.id)) {
        NodeEntry* const node = turn.world.find_node(status.node_id);
        if (node == nullptr || job.releases.contains(node->key)) continue;
        auto const readiness = readiness_of(*node);
        waits_for_node = waits_for_node || readiness == Readiness::soon;
        if (readiness != Readiness::ready) continue;
        status.release = begin_node_task(turn.now);
        storage::put_job_on_node(turn.transaction, status);
        Run const& run = add_job_node_run(turn, job, *node, domain::RunKind::job_release, release_id);
        job.releases[node->key] = run.id;
    }
    if (waits_for_node) return false;
    return job.releases.empty();
}

void send_job_node_task(Turn& turn, Run& run) {
    JobNodeTasks const& tasks = node_tasks_of(turn, turn.world.jobs.at(run.job));
    bool const is_preparation = run.kind == domain::RunKind::job_preparation;
    send_out(turn, run, is_preparation ? tasks.preparation : tasks.release);
}

void take_job_node_report(Turn& turn, Run& run, domain::RunReport const& report) {
    if (run.kind == domain::RunKind::job_preparation) {
        end_preparation(turn, run, report);
    } else {
        end_release(turn, run, report);
    }
    close_run(turn, run.id);
}

void end_queued_job_node_task(Turn& turn, Run& run, domain::StopReason reason) {
    JobEntry const& job = turn.world.jobs.at(run.job);
    NodeEntry const& node = turn.world.nodes.at(run.node);
    domain::JobOnNode const status{job.id, node.row.pool_id, node.row.id, {}, std::nullopt};
    bool const is_preparation = run.kind == domain::RunKind::job_preparation;
    domain::RunReport report;
    report.run = run.id;
    report.start_time = report.end_time = turn.now;
    report.stopped = reason;
    take_job_node_report(turn, run, report);
    // What never ran need not be released. Batch: REL-2
    if (is_preparation) storage::delete_job_on_node(turn.transaction, status);
}

}  // namespace bluebatch::emulator::scheduler
