#pragma once

#include "emulator/domain/job_schedule.hpp"

#include <optional>

// When a job schedule makes jobs, and when it is over. Pure functions.
namespace bluebatch::emulator::scheduler {

enum class JobIsActive : bool { no, yes };

struct ScheduleStep {
    bool create_job = false;
    bool complete = false;
    std::optional<base::TimePoint> next_run_time;  // as it is to be from now on
    std::optional<base::TimePoint> look_again;     // then, if nothing happens before
};

// What an active schedule is to do now. Batch: SCH-3, SCH-5 to SCH-7
ScheduleStep plan_schedule(
    domain::JobSchedule const& schedule, JobIsActive job_is_active, base::TimePoint now
);

}  // namespace bluebatch::emulator::scheduler
