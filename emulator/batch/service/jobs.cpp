#include "emulator/batch/service/jobs.hpp"

#include "emulator/batch/wire/reader.hpp"
#include "emulator/storage/batch/quota_store.hpp"
#include "shared/base/text.hpp"

namespace bluebatch::emulator::batch::service {
namespace {

using domain::JobState;
using wire::Json;

constexpr std::string_view kUserTerminate = "UserTerminate";  // Batch: JOB-35

template <class Change>
Result<domain::Job> change_job(
    Context const& context, std::string_view id, Conditions const& conditions, Change change
) {
    storage::Transaction transaction(context.database);
    auto job = storage::find_job(transaction.connection(), id);
    if (!job) return BatchError{BatchErrorCode::job_not_found, {}};
    if (auto const fault = check(conditions, job->last_modified, Access::write)) return *fault;
    std::optional<BatchError> const fault = change(*job);
    if (fault) return *fault;
    touch(*job, context.now);
    storage::update_job(transaction, *job);
    announce(transaction, context, {domain::Change::Kind::job, job->id, {}});
    transaction.commit();
    return std::move(*job);
}

template <class Number>
void take(Json const& body, std::string_view name, Number& number) {
    if (auto const* const member = wire::find(body, name)) number = member->get<Number>();
}

// Constraints are replaced as a whole: what they do not say is the default.
void take_constraints(domain::Job& job, Json const& constraints) {
    auto const duration = base::parse_iso8601_duration(wire::text_of(constraints, "maxWallClockTime"));
    job.max_wall_clock_time = duration.value_or(base::kUnlimited);
    job.max_task_retry_count = 0;
    take(constraints, "maxTaskRetryCount", job.max_task_retry_count);
}

void take_members(domain::Job& job, Json const& body) {
    take(body, "priority", job.priority);
    take(body, "maxParallelTasks", job.max_parallel_tasks);
    if (auto const* const constraints = wire::find(body, "constraints")) take_constraints(job, *constraints);
    if (auto const* const pool_info = wire::find(body, "poolInfo"))
        job.pool_id = wire::text_of(*pool_info, "poolId");
    auto const action = wire::text_of(body, "onAllTasksComplete");
    if (auto const known = domain::parse_word<domain::OnAllTasksComplete>(action))
        job.on_all_tasks_complete = *known;
}

// Members that stay as the user gave them.
void take_document(domain::Job& job, Json const& body) {
    Json document = Json::object();
    for (auto const* name :
         {"displayName", "commonEnvironmentSettings", "metadata", "networkConfiguration"}) {
        auto const* const member = wire::find(body, name);
        bool const is_empty = member != nullptr && member->is_array() && member->empty();
        if (member != nullptr && !is_empty) document[name] = *member;
    }
    job.document = wire::dump(document);
}

// Batch: JOB-17
std::optional<BatchError> check_same_pool(domain::Job const& job, Json const& body) {
    auto const* const pool_info = wire::find(body, "poolInfo");
    if (pool_info == nullptr || job.state == JobState::disabled) return std::nullopt;
    if (base::equal_ignoring_case(wire::text_of(*pool_info, "poolId"), job.pool_id)) return std::nullopt;
    return invalid_state("The pool of a job can be changed only while the job is disabled");
}

// Batch: JOB-21
std::optional<BatchError> check_action(domain::Job const& job, domain::OnAllTasksComplete wanted) {
    bool const goes_back = job.on_all_tasks_complete == domain::OnAllTasksComplete::terminate_job &&
                           wanted == domain::OnAllTasksComplete::no_action;
    if (!goes_back) return std::nullopt;
    return wire::invalid_property(
        "onAllTasksComplete", "noaction", "Once set to terminatejob it cannot be changed back"
    );
}

domain::OnAllTasksComplete action_of(Json const& body, domain::OnAllTasksComplete otherwise) {
    auto const text = wire::text_of(body, "onAllTasksComplete");
    return domain::parse_word<domain::OnAllTasksComplete>(text).value_or(otherwise);
}

}  // namespace

std::optional<BatchError> refusal_of(JobState state) {
    switch (state) {
        case JobState::terminating:
            return BatchError{BatchErrorCode::job_being_terminated, {}};
        case JobState::completed:
            return BatchError{BatchErrorCode::job_completed, {}};
        case JobState::deleting:
            return BatchError{BatchErrorCode::job_being_deleted, {}};
        default:
            return std::nullopt;
    }
}

Result<domain::Job> add_job(Context const& context, Json body) {
    domain::Job job;
    job.id = wire::text_of(body, "id");
    job.creation_time = job.last_modified = job.state_transition_time = context.now;
    job.start_time = context.now;  // Batch: JOB-2
    take_members(job, body);
    take_document(job, body);

    storage::Transaction transaction(context.database);
    if (storage::find_job(transaction.connection(), job.id))
        return BatchError{BatchErrorCode::job_exists, {}};
    auto const quota = context.quotas.active_jobs_and_schedules;
    if (quota && storage::count_active_jobs(transaction.connection()) >= *quota)
        return BatchError{BatchErrorCode::active_job_and_schedule_quota_reached, {}};
    storage::insert_job(transaction, job);
    announce(transaction, context, {domain::Change::Kind::job, job.id, {}});
    transaction.commit();
    return job;
}

Result<domain::Job> get_job(Context const& context, std::string_view id, Conditions const& conditions) {
    storage::Snapshot snapshot(context.database);
    auto job = storage::find_job(snapshot.connection(), id);
    if (!job) return BatchError{BatchErrorCode::job_not_found, {}};
    if (auto const fault = check(conditions, job->last_modified, Access::read)) return *fault;
    return std::move(*job);
}

std::vector<domain::Job> list_jobs(Context const& context, storage::ListQuery const& query) {
    storage::Snapshot snapshot(context.database);
    return storage::list_jobs(snapshot.connection(), query);
}

Result<domain::TaskCounts> count_tasks(Context const& context, std::string_view id) {
    storage::Snapshot snapshot(context.database);
    if (!storage::find_job(snapshot.connection(), id)) return BatchError{BatchErrorCode::job_not_found, {}};
    return storage::count_tasks(snapshot.connection(), id);
}

// Batch: JOB-34
Result<domain::Job> terminate_job(
    Context const& context, std::string_view id, Conditions const& conditions, std::string reason
) {
    return change_job(context, id, conditions, [&](domain::Job& job) {
        auto const refusal = refusal_of(job.state);
        if (refusal) return refusal;
        domain::move_to(job, JobState::terminating, context.now);
        job.terminate_reason = reason.empty() ? std::string(kUserTerminate) : std::move(reason);
        return refusal;
    });
}

// Batch: JOB-38
Result<domain::Job> delete_job(Context const& context, std::string_view id, Conditions const& conditions) {
    return change_job(context, id, conditions, [&](domain::Job& job) -> std::optional<BatchError> {
        if (job.state == JobState::deleting) return refusal_of(job.state);
        domain::move_to(job, JobState::deleting, context.now);
        return std::nullopt;
    });
}

Result<domain::Job> patch_job(
    Context const& context, std::string_view id, Conditions const& conditions, Json const& body
) {
    return change_job(context, id, conditions, [&](domain::Job& job) -> std::optional<BatchError> {
        if (auto const refusal = refusal_of(job.state)) return refusal;
        if (auto const fault = check_same_pool(job, body)) return fault;
        if (auto const fault = check_action(job, action_of(body, job.on_all_tasks_complete))) return fault;
        take_members(job, body);
        auto document = Json::parse(job.document);
        for (auto const* name : {"metadata", "networkConfiguration"}) {
            if (body.contains(name)) document[name] = body.at(name);
        }
        take_document(job, document);
        return std::nullopt;
    });
}

Result<domain::Job> replace_job(
    Context const& context, std::string_view id, Conditions const& conditions, Json const& body
) {
    return change_job(context, id, conditions, [&](domain::Job& job) -> std::optional<BatchError> {
        if (auto const refusal = refusal_of(job.state)) return refusal;
        if (auto const fault = check_same_pool(job, body)) return fault;
        auto const action = action_of(body, domain::OnAllTasksComplete::no_action);
        if (auto const fault = check_action(job, action)) return fault;
        domain::Job const defaults;
        job.priority = defaults.priority;
        job.max_parallel_tasks = defaults.max_parallel_tasks;
        take_constraints(job, Json::object());
        take_members(job, body);
        auto document = Json::parse(job.document);
        document.erase("metadata");
        if (body.contains("metadata")) document["metadata"] = body.at("metadata");
        take_document(job, document);
        return std::nullopt;
    });
}

}  // namespace bluebatch::emulator::batch::service
