#include "emulator/scheduler/schedule_rules.hpp"

#include <algorithm>

namespace bluebatch::emulator::scheduler {

namespace {

using base::Ticks;
using base::TimePoint;
using domain::Recurrence;

// The one after `due`, if there is one before the deadline.
std::optional<TimePoint> next_after(Recurrence const& recurrence, TimePoint due) {
    if (!recurrence.interval || *recurrence.interval > TimePoint::max() - due) return std::nullopt;
    auto const next = due + *recurrence.interval;
    bool const is_late = recurrence.do_not_run_after && next > *recurrence.do_not_run_after;
    return is_late ? std::nullopt : std::optional{next};
}

// Jobs that are due never accumulate: of several, the last one counts. Batch: SCH-6
TimePoint last_due(Recurrence const& recurrence, TimePoint due, TimePoint now) {
    if (!recurrence.interval || now < due) return due;
    auto const until = std::min(now, recurrence.do_not_run_after.value_or(now));
    return until < due ? due : due + (until - due) / *recurrence.interval * *recurrence.interval;
}

bool is_missed(Recurrence const& recurrence, TimePoint due, TimePoint now) {
    // A window beyond the next time is as good as none, since that time begins its own. Batch: SCH-6
    return recurrence.start_window < now - due;
}

}  // namespace

ScheduleStep plan_schedule(domain::JobSchedule const& schedule, JobIsActive job_is_active, TimePoint now) {
    Recurrence const& recurrence = schedule.recurrence;
    bool const is_busy = job_is_active == JobIsActive::yes;
    bool const is_past = recurrence.do_not_run_after && now > *recurrence.do_not_run_after;
    ScheduleStep step;
    if (schedule.next_run_time && !is_past) {
        TimePoint const due = last_due(recurrence, *schedule.next_run_time, now);
        bool const is_due = due <= now;
        bool const is_dropped = is_due && is_missed(recurrence, due, now);
        step.create_job = is_due && !is_dropped && !is_busy;
        step.next_run_time = step.create_job || is_dropped ? next_after(recurrence, due) : due;
    }
    if (step.next_run_time && *step.next_run_time > now) step.look_again = step.next_run_time;
    // One that only its deadline ends waits for that. Batch: SCH-7
    bool const awaits_deadline = recurrence.interval && recurrence.do_not_run_after && !is_past;
    step.complete = !step.next_run_time && !awaits_deadline && !step.create_job && !is_busy;
    if (awaits_deadline && !step.look_again) step.look_again = *recurrence.do_not_run_after + Ticks{1};
    return step;
}

}  // namespace bluebatch::emulator::scheduler
