#pragma once

#include "emulator/batch/service/conditions.hpp"
#include "emulator/batch/wire/json.hpp"
#include "emulator/domain/job_schedule.hpp"

namespace bluebatch::emulator::batch::service {

// Bodies are in the newest shape, have passed their rules and have the service's defaults.

// JobScheduleExists, JobWithSameIdExists, ActiveJobAndScheduleQuotaReached.
Result<domain::JobSchedule> add_job_schedule(Context const& context, wire::Json body);
// JobScheduleNotFound.
Result<domain::JobSchedule> get_job_schedule(
    Context const& context, std::string_view id, Conditions const& conditions
);
std::vector<domain::JobSchedule> list_job_schedules(Context const& context, storage::ListQuery const& query);
// JobScheduleNotFound.
Result<std::vector<domain::Job>> list_jobs_of_schedule(
    Context const& context, std::string_view id, storage::ListQuery const& query
);

// All of these: JobScheduleNotFound, ConditionNotMet, and JobScheduleBeingDeleted, JobScheduleBeingTerminated
// or JobScheduleCompleted where the schedule is past what is asked. Batch: SCH-9 to SCH-11
Result<domain::JobSchedule> disable_job_schedule(
    Context const& context, std::string_view id, Conditions const& conditions
);
Result<domain::JobSchedule> enable_job_schedule(
    Context const& context, std::string_view id, Conditions const& conditions
);
Result<domain::JobSchedule> terminate_job_schedule(
    Context const& context, std::string_view id, Conditions const& conditions
);
Result<domain::JobSchedule> delete_job_schedule(
    Context const& context, std::string_view id, Conditions const& conditions
);
Result<domain::JobSchedule> patch_job_schedule(
    Context const& context, std::string_view id, Conditions const& conditions, wire::Json const& body
);
Result<domain::JobSchedule> replace_job_schedule(
    Context const& context, std::string_view id, Conditions const& conditions, wire::Json const& body
);

}  // namespace bluebatch::emulator::batch::service
