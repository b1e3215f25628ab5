#include "emulator/scheduler/jobs.hpp"

#include "emulator/scheduler/pools.hpp"
#include "emulator/scheduler/preparations.hpp"
#include "emulator/scheduler/runs.hpp"
#include "emulator/scheduler/schedules.hpp"
#include "emulator/storage/batch/batch_store.hpp"
#include "shared/base/text.hpp"

#include <utility>

namespace bluebatch::emulator::scheduler {

namespace {

using domain::JobState;

void set_timer(Turn& turn, JobEntry& job, std::optional<base::TimePoint> at) {
    if (job.timer_at == at) return;
    auto const key = static_cast<std::uint64_t>(job.key);
    if (job.timer_at) turn.world.timers.remove({*job.timer_at, Timer::Kind::job, key});
    if (at) turn.world.timers.add({*at, Timer::Kind::job, key});
    job.timer_at = at;
}

void forget_job(Turn& turn, JobEntry& job) {
    World& world = turn.world;
    set_timer(turn, job, std::nullopt);
    world.placement.remove_job(job.key);
    PoolEntry& pool = world.pools.at(job.pool);
    pool.jobs.erase(job.key);
    if (job.has_preparation) {
        for (NodeKey const node : pool.nodes)
            world.nodes.at(node).preparations.erase(job.key);
    }
    auto const named = world.job_keys.find(base::to_lower(job.id));
    if (named != world.job_keys.end() && named->second == job.key) world.job_keys.erase(named);
    world.unsettled_jobs.erase(job.key);
    world.jobs.erase(job.key);
}

JobEntry& entry_of(Turn& turn, domain::Job const& row) {
    World& world = turn.world;
    JobKey const key{row.sequence};
    auto const [found, is_new] = world.jobs.try_emplace(key);
    JobEntry& job = found->second;
    if (is_new) {
        job.key = key;
        job.id = row.id;
        world.job_keys[base::to_lower(row.id)] = key;
    } else {
        world.pools.at(job.pool).jobs.erase(key);
    }
    PoolEntry& pool = world.pool(row.pool_id);
    job.pool = pool.key;
    pool.jobs.insert(key);
    return job;
}

std::optional<ManagerTask> manager_of(Turn& turn, domain::Job const& row) {
    if (!row.manager) return std::nullopt;
    auto const task = storage::find_task(turn.store(), row.id, row.manager->task_id);
    if (!task) return std::nullopt;
    return ManagerTask{task->sequence, row.manager->is_alone, row.manager->allows_low_priority};
}

void take_over(Turn& turn, JobEntry& job, domain::Job const& row) {
    job.state = row.state;
    job.ends_with_its_tasks = row.on_all_tasks_complete == domain::OnAllTasksComplete::terminate_job;
    job.acts_on_ends = row.uses_task_dependencies || row.manager.has_value() ||
                       row.on_task_failure != domain::OnTaskFailure::no_action;
    job.has_preparation = row.has_preparation_task;
    job.document.reset();
    auto const admission = row.state == JobState::active ? Admission::open : Admission::closed;
    turn.world.placement.set_job(
        job.key, {job.pool, row.priority, row.max_parallel_tasks, admission, manager_of(turn, row)}
    );
}

bool is_idle(JobEntry const& job) {
    return job.runs.empty() && job.releases.empty();
}

void stop_runs(Turn& turn, JobEntry& job, domain::StopReason reason) {
    for (domain::RunId const run : in_stopping_order(turn.world, job.runs))
        stop_run(turn, run, reason, RequeueKind::counted);
}

std::optional<base::TimePoint> deadline_of(domain::Job const& row) {
    bool const unlimited = row.max_wall_clock_time >= base::TimePoint::max() - row.creation_time;
    if (unlimited) return std::nullopt;
    return row.creation_time + row.max_wall_clock_time;  // Batch: JOB-10
}

void terminate(Turn& turn, domain::Job& row, std::string reason) {
    row.terminate_reason = std::move(reason);
    move_to(row, JobState::terminating, turn.now);
    storage::update_job(turn.transaction, row);
}

bool all_tasks_complete(Turn& turn, domain::Job const& row) {
    domain::TaskCounts const counts = storage::count_tasks(turn.store(), row.id);
    return counts.tasks.active == 0 && counts.tasks.running == 0;
}

// Batch: JOB-19, JOB-22, JOB-10
void end_when_due(Turn& turn, domain::Job& row) {
    auto const deadline = deadline_of(row);
    if (deadline && *deadline <= turn.now) {
        terminate(turn, row, "MaxWallClockTimeExpiry");
    } else if (row.state == JobState::active && row.on_all_tasks_complete == domain::OnAllTasksComplete::terminate_job && all_tasks_complete(turn, row)) {
        terminate(turn, row, "AllTasksComplete");
    }
}

// Batch: AUTO-3
void delete_auto_pool(Turn& turn, domain::Job const& row) {
    bool const goes_with_job =
        row.auto_pool && !row.auto_pool->keep_alive && row.auto_pool->lifetime == domain::PoolLifetime::job;
    if (goes_with_job) delete_pool(turn, row.pool_id);
}

// It may be time for the next one, or for the schedule to end. Batch: SCH-6, SCH-10
void tell_schedule(Turn& turn, domain::Job const& row) {
    if (!row.schedule_id.empty()) schedule_changed(turn, row.schedule_id);
}

// Batch: JOB-34; tasks that have not begun stay active.
void settle_terminating(Turn& turn, JobEntry& job, domain::Job& row) {
    stop_runs(turn, job, domain::StopReason::terminated);
    if (!job.runs.empty() || !release_nodes(turn, job)) return;
    row.end_time = turn.now;
    move_to(row, JobState::completed, turn.now);
    storage::update_job(turn.transaction, row);
    delete_auto_pool(turn, row);
    tell_schedule(turn, row);
    forget_job(turn, job);
}

// Batch: JOB-38
void settle_deleting(Turn& turn, JobEntry& job, domain::Job const& row) {
    stop_runs(turn, job, domain::StopReason::terminated);
    if (!job.runs.empty() || !release_nodes(turn, job)) return;
    delete_auto_pool(turn, row);
    storage::delete_job(turn.transaction, row.id);
    tell_schedule(turn, row);
    turn.outbox.others.push_back([pool_id = row.pool_id, job_id = row.id](domain::Nodes& nodes) {
        nodes.remove_job_files(pool_id, job_id);
    });
    forget_job(turn, job);
}

// Batch: JOB-30
void settle_disabling(Turn& turn, JobEntry& job, domain::Job& row) {
    if (row.disable_tasks == domain::DisableTasks::requeue)
        stop_runs(turn, job, domain::StopReason::requeued);
    if (row.disable_tasks == domain::DisableTasks::terminate)
        stop_runs(turn, job, domain::StopReason::terminated);
    // What ended with those runs may have changed the job.
    bool const has_changed = turn.world.unsettled_jobs.contains(job.key);
    if (!job.runs.empty() || has_changed) return;
    move_to(row, JobState::disabled, turn.now);
    storage::update_job(turn.transaction, row);
    job.state = row.state;
}

void settle_enabling(Turn& turn, JobEntry& job, domain::Job& row) {
    move_to(row, JobState::active, turn.now);
    storage::update_job(turn.transaction, row);
    take_over(turn, job, row);
    // All its tasks may have been completed meanwhile. Batch: JOB-19
    turn.world.unsettled_jobs.insert(job.key);
}

}  // namespace

void job_changed(Turn& turn, std::string_view job_id) {
    auto const row = storage::find_job(turn.store(), job_id);
    JobEntry* const known = turn.world.find_job(job_id);
    if (known != nullptr && (!row || JobKey{row->sequence} != known->key)) {
        // Its row went without us. Nothing of it may go on.
        stop_runs(turn, *known, domain::StopReason::terminated);
        if (is_idle(*known)) forget_job(turn, *known);
    }
    if (!row || row->state == JobState::completed) return;
    JobEntry const& job = entry_of(turn, *row);
    turn.world.unsettled_jobs.insert(job.key);
}

void tasks_added(Turn& turn, std::string_view job_id) {
    JobEntry const* const job = turn.world.find_job(job_id);
    if (job == nullptr) {
        job_changed(turn, job_id);
    } else {
        turn.world.placement.tasks_added(job->key);
    }
}

void terminate_job(Turn& turn, domain::Job& row, std::string reason) {
    terminate(turn, row, std::move(reason));
    job_changed(turn, row.id);
}

void delete_job(Turn& turn, domain::Job& row) {
    if (row.state == JobState::deleting) return;
    move_to(row, JobState::deleting, turn.now);
    storage::update_job(turn.transaction, row);
    job_changed(turn, row.id);
}

void settle_job(Turn& turn, JobKey key) {
    auto const found = turn.world.jobs.find(key);
    if (found == turn.world.jobs.end()) return;
    JobEntry& job = found->second;
    auto row = storage::find_job(turn.store(), job.id);
    if (!row || JobKey{row->sequence} != key) {
        if (is_idle(job)) forget_job(turn, job);
        return;
    }
    bool const may_end = !domain::is_ending(row->state);
    if (may_end) end_when_due(turn, *row);
    set_timer(turn, job, may_end ? deadline_of(*row) : std::nullopt);
    take_over(turn, job, *row);
    switch (row->state) {
        case JobState::terminating:
            return settle_terminating(turn, job, *row);
        case JobState::deleting:
            return settle_deleting(turn, job, *row);
        case JobState::disabling:
            return settle_disabling(turn, job, *row);
        case JobState::enabling:
            return settle_enabling(turn, job, *row);
        case JobState::completed:
            if (is_idle(job)) forget_job(turn, job);
            return;
        case JobState::active:
        case JobState::disabled:
            return;
    }
}

}  // namespace bluebatch::emulator::scheduler
