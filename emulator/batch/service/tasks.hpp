#pragma once

#include "emulator/batch/service/conditions.hpp"
#include "emulator/batch/wire/json.hpp"

namespace bluebatch::emulator::batch::service {

// Tasks of a request, in the newest shape; each has passed its rules or says why not.
using NewTask = Result<wire::Json>;

// Ids that tasks of a job can't have; empty where there are none. Batch: PREP-2, REL-1
struct ReservedIds {
    std::string preparation;
    std::string release;
};
ReservedIds reserved_ids(domain::Job const& job);
// TaskIdSameAsJobPreparationTask, TaskIdSameAsJobReleaseTask.
std::optional<BatchError> check_reserved_id(ReservedIds const& reserved, std::string_view id);

// One task of a job, blocked if it waits for others. TaskExists, and what the job does not allow.
Result<domain::Task> insert_task(
    storage::Transaction& transaction,
    wire::Json body,
    domain::Job const& job,
    ReservedIds const& reserved,
    base::TimePoint now
);

// Adds what can be added, in one transaction. JobNotFound, and JobCompleted and its like, fail the whole
// request; TaskExists one task. Batch: TASK-8, TASK-9
Result<std::vector<Result<domain::Task>>> add_tasks(
    Context const& context, std::string_view job_id, std::vector<NewTask> tasks
);

// JobNotFound, TaskNotFound.
Result<domain::Task> get_task(
    Context const& context, std::string_view job_id, std::string_view id, Conditions const& conditions
);
Result<std::vector<domain::Task>> list_tasks(
    Context const& context, std::string_view job_id, storage::ListQuery const& query
);

// TaskCompleted. Batch: TASK-28, TASK-30
Result<domain::Task> terminate_task(
    Context const& context, std::string_view job_id, std::string_view id, Conditions const& conditions
);
// Runs it once more, as if for the first time. TaskNotCompleted, TaskSucceeded, JobCompleted and its like.
// Batch: TASK-32
Result<domain::Task> reactivate_task(
    Context const& context, std::string_view job_id, std::string_view id, Conditions const& conditions
);
// Batch: TASK-31
Result<domain::Task> delete_task(
    Context const& context, std::string_view job_id, std::string_view id, Conditions const& conditions
);
// Replaces the constraints; those that the body leaves out become the defaults. Batch: TASK-11
Result<domain::Task> replace_task(
    Context const& context,
    std::string_view job_id,
    std::string_view id,
    Conditions const& conditions,
    wire::Json const& body
);

}  // namespace bluebatch::emulator::batch::service
