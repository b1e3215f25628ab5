#pragma once

#include "emulator/batch/service/conditions.hpp"
#include "emulator/batch/wire/api_version.hpp"
#include "emulator/batch/wire/json.hpp"

namespace bluebatch::emulator::batch::service {

// Bodies are in the newest shape and have passed their rules.

// JobExists, ActiveJobAndScheduleQuotaReached.
// Defaults of an auto pool are those of the version.
Result<domain::Job> add_job(Context const& context, wire::Json body, wire::ApiVersion version);
// JobNotFound.
Result<domain::Job> get_job(Context const& context, std::string_view id, Conditions const& conditions);
std::vector<domain::Job> list_jobs(Context const& context, storage::ListQuery const& query);
Result<domain::TaskCounts> count_tasks(Context const& context, std::string_view id);

// All of these: JobNotFound, ConditionNotMet, and JobBeingDeleted, JobBeingTerminated or JobCompleted where
// the job is past what is asked.
Result<domain::Job> terminate_job(
    Context const& context, std::string_view id, Conditions const& conditions, std::string reason
);
Result<domain::Job> disable_job(
    Context const& context,
    std::string_view id,
    Conditions const& conditions,
    domain::DisableTasks running_tasks
);
Result<domain::Job> enable_job(Context const& context, std::string_view id, Conditions const& conditions);
Result<domain::Job> delete_job(Context const& context, std::string_view id, Conditions const& conditions);
// Batch: JOB-16
Result<domain::Job> patch_job(
    Context const& context, std::string_view id, Conditions const& conditions, wire::Json const& body
);
Result<domain::Job> replace_job(
    Context const& context, std::string_view id, Conditions const& conditions, wire::Json const& body
);

// Why a job that is on its way out refuses; nothing for one that is not. Batch: TASK-6, JOB-18, JOB-36
std::optional<BatchError> refusal_of(domain::JobState state);

}  // namespace bluebatch::emulator::batch::service
