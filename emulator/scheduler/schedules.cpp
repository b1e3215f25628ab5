#include "emulator/scheduler/schedules.hpp"

#include "emulator/scheduler/jobs.hpp"
#include "emulator/scheduler/pools.hpp"
#include "emulator/scheduler/schedule_rules.hpp"
#include "emulator/storage/batch/job_schedule_store.hpp"
#include "shared/base/text.hpp"

namespace bluebatch::emulator::scheduler {

namespace {

using domain::JobSchedule;
using domain::JobScheduleState;

// Batch: JOB-35
constexpr char const* kTerminateReason = "TerminateWorkitem";

void set_timer(Turn& turn, JobSchedule const& schedule, std::optional<base::TimePoint> at) {
    auto const key = static_cast<std::uint64_t>(schedule.sequence);
    auto& schedules = turn.world.schedules;
    auto const known = schedules.find(key);
    if (known != schedules.end()) {
        if (known->second.timer_at == at) return;
        turn.world.timers.remove({*known->second.timer_at, Timer::Kind::job_schedule, key});
        schedules.erase(known);
    }
    if (!at) return;
    schedules[key] = {schedule.id, at};
    turn.world.timers.add({*at, Timer::Kind::job_schedule, key});
}

// Batch: AUTO-3
void delete_auto_pool(Turn& turn, JobSchedule const& schedule) {
    if (!schedule.pool_id.empty() && !schedule.keeps_pool) delete_pool(turn, schedule.pool_id);
}

void complete(Turn& turn, JobSchedule& schedule) {
    schedule.end_time = turn.now;
    schedule.next_run_time.reset();
    move_to(schedule, JobScheduleState::completed, turn.now);
    delete_auto_pool(turn, schedule);
}

void create_job(Turn& turn, JobSchedule& schedule) {
    auto const job = turn.readers.make_scheduled_job(turn.transaction, schedule, turn.now);
    // One that could not be made, or was over at once, may have been the last.
    if (!job || job->state == domain::JobState::completed) schedule_changed(turn, schedule.id);
}

void settle_active(Turn& turn, JobSchedule& schedule) {
    auto const job = storage::find_active_job_of_schedule(turn.store(), schedule.id);
    auto const step = plan_schedule(schedule, job ? JobIsActive::yes : JobIsActive::no, turn.now);
    set_timer(turn, schedule, step.look_again);
    bool const stays = !step.create_job && !step.complete && step.next_run_time == schedule.next_run_time;
    if (stays) return;
    schedule.next_run_time = step.next_run_time;
    if (step.create_job) create_job(turn, schedule);
    if (step.complete) complete(turn, schedule);
    storage::update_job_schedule(turn.transaction, schedule);
}

// Batch: SCH-10
void settle_terminating(Turn& turn, JobSchedule& schedule) {
    set_timer(turn, schedule, std::nullopt);
    if (auto job = storage::find_active_job_of_schedule(turn.store(), schedule.id)) {
        if (!domain::is_ending(job->state)) terminate_job(turn, *job, kTerminateReason);
        return;
    }
    complete(turn, schedule);
    storage::update_job_schedule(turn.transaction, schedule);
}

// Batch: SCH-10
void settle_deleting(Turn& turn, JobSchedule const& schedule) {
    set_timer(turn, schedule, std::nullopt);
    auto jobs = storage::list_jobs_of_schedule(turn.store(), schedule.id, {});
    for (auto& job : jobs)
        delete_job(turn, job);
    if (!jobs.empty()) return;
    delete_auto_pool(turn, schedule);
    storage::delete_job_schedule(turn.transaction, schedule.id);
}

}  // namespace

void schedule_changed(Turn& turn, std::string_view schedule_id) {
    turn.world.unsettled_schedules.insert(base::to_lower(schedule_id));
}

void settle_schedule(Turn& turn, std::string const& schedule_id) {
    auto row = storage::find_job_schedule(turn.store(), schedule_id);
    if (!row) return;
    switch (row->state) {
        case JobScheduleState::active:
            return settle_active(turn, *row);
        case JobScheduleState::terminating:
            return settle_terminating(turn, *row);
        case JobScheduleState::deleting:
            return settle_deleting(turn, *row);
        case JobScheduleState::disabled:
        case JobScheduleState::completed:
            return set_timer(turn, *row, std::nullopt);
    }
}

}  // namespace bluebatch::emulator::scheduler
