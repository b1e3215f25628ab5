#include "emulator/batch/service/jobs.hpp"

#include "emulator/batch/rules/rules.hpp"
#include "emulator/batch/service/auto_scale.hpp"
#include "emulator/batch/service/pools.hpp"
#include "emulator/batch/service/references.hpp"
#include "emulator/batch/service/tasks.hpp"
#include "emulator/batch/wire/reader.hpp"
#include "emulator/storage/batch/quota_store.hpp"
#include "shared/base/text.hpp"

#include <array>

namespace bluebatch::emulator::batch::service {
namespace {

using domain::JobState;
using wire::Json;

// Members that stay as the user gave them.
constexpr auto kInDocument = std::to_array<char const*>({
    "displayName",
    "commonEnvironmentSettings",
    "metadata",
    "networkConfiguration",
    "jobManagerTask",
    "jobPreparationTask",
    "jobReleaseTask",
    "autoPoolSpecification",
});
constexpr std::string_view kUserTerminate = "UserTerminate";  // Batch: JOB-35

Json const* find_auto_pool(Json const& body) {
    auto const* const pool_info = wire::find(body, "poolInfo");
    return pool_info != nullptr ? wire::find(*pool_info, "autoPoolSpecification") : nullptr;
}

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

template <class Value>
void take(Json const& body, std::string_view name, Value& value) {
    if (auto const* const member = wire::find(body, name)) value = member->get<Value>();
}

// Constraints are replaced as a whole: what they do not say is the default.
void take_constraints(domain::Job& job, Json const& constraints) {
    auto const duration = base::parse_iso8601_duration(wire::text_of(constraints, "maxWallClockTime"));
    job.max_wall_clock_time = duration.value_or(base::kUnlimited);
    job.max_task_retry_count = 0;
    take(constraints, "maxTaskRetryCount", job.max_task_retry_count);
}

// Of an auto pool only keepAlive ever changes. Batch: AUTO-6
void take_pool_info(domain::Job& job, Json const& pool_info) {
    if (auto const* const auto_pool = wire::find(pool_info, "autoPoolSpecification")) {
        if (job.auto_pool) take(*auto_pool, "keepAlive", job.auto_pool->keep_alive);
    } else {
        job.pool_id = wire::text_of(pool_info, "poolId");
    }
}

void end_unstarted(domain::Job& job, std::string code, BatchError const& fault, base::TimePoint now) {
    std::vector<domain::NameValue> details;
    for (auto const& [key, value] : fault.values)
        details.push_back({key, value});
    job.scheduling_error = domain::FailureInfo{
        domain::ErrorCategory::user_error,
        std::move(code),
        "The auto pool of the job could not be created",
        std::move(details)};
    domain::move_to(job, JobState::completed, now);
    job.end_time = now;
}

// Why an auto pool can't be made, and the code that the job tells then. Batch: AUTO-4
struct AutoPoolFault {
    char const* code;
    BatchError fault;
};
std::optional<AutoPoolFault> check_auto_pool(
    storage::Transaction& transaction, Context const& context, Json const& pool
) {
    auto const quota = context.quotas.pools;
    if (quota && storage::count_pools(transaction.connection()) >= *quota)
        return AutoPoolFault{
            "AutoPoolCreationFailedWithQuotaReached", {BatchErrorCode::pool_quota_reached, {}}};
    if (auto fault = rules::check_pool_specification(pool))
        return AutoPoolFault{"InvalidAutoPoolSettings", std::move(*fault)};
    if (auto const* const formula = wire::find(pool, "autoScaleFormula")) {
        if (auto fault = fault_of_formula(formula->get_ref<std::string const&>()))
            return AutoPoolFault{"InvalidAutoScaleFormulaInAutoPool", std::move(*fault)};
    }
    if (auto fault = check_containers(context, pool))
        return AutoPoolFault{"InvalidAutoPoolSettings", std::move(*fault)};
    auto fault = check_references(transaction.connection(), pool);
    if (!fault) return std::nullopt;
    bool const is_certificate = fault->code == BatchErrorCode::invalid_certificate_references;
    return AutoPoolFault{
        is_certificate ? "InvalidCertificatesInAutoPool" : "InvalidApplicationPackageReferencesInAutoPool",
        std::move(*fault)};
}

// The pool of a job that names none. Where it can't be made, the job is over before it began.
// Batch: AUTO-2, AUTO-4
void make_auto_pool(
    storage::Transaction& transaction,
    Context const& context,
    domain::Job& job,
    Json const& specification,
    wire::ApiVersion version
) {
    job.auto_pool.emplace();
    take(specification, "keepAlive", job.auto_pool->keep_alive);
    auto const* const given = wire::find(specification, "pool");
    auto pool = given != nullptr ? *given : Json::object();
    if (auto const fault = check_auto_pool(transaction, context, pool))
        return end_unstarted(job, fault->code, fault->fault, context.now);
    rules::add_pool_defaults(pool, version);
    job.pool_id = wire::text_of(specification, "autoPoolIdPrefix");
    job.pool_id += base::to_upper(context.random.guid());
    auto const made = make_pool(job.pool_id, std::move(pool), context.now);
    storage::insert_pool(transaction, made);
    announce(transaction, context, {domain::Change::Kind::pool, made.id, {}});
}

void take_members(domain::Job& job, Json const& body) {
    take(body, "priority", job.priority);
    take(body, "maxParallelTasks", job.max_parallel_tasks);
    if (auto const* const constraints = wire::find(body, "constraints")) take_constraints(job, *constraints);
    if (auto const* const pool_info = wire::find(body, "poolInfo")) take_pool_info(job, *pool_info);
    auto const action = wire::text_of(body, "onAllTasksComplete");
    if (auto const known = domain::parse_word<domain::OnAllTasksComplete>(action))
        job.on_all_tasks_complete = *known;
    take(body, "usesTaskDependencies", job.uses_task_dependencies);
    auto const on_failure = wire::text_of(body, "onTaskFailure");
    if (auto const known = domain::parse_word<domain::OnTaskFailure>(on_failure))
        job.on_task_failure = *known;
}

void take_document(domain::Job& job, Json const& body) {
    Json document = Json::object();
    if (auto const* const auto_pool = find_auto_pool(body)) document["autoPoolSpecification"] = *auto_pool;
    for (auto const* name : kInDocument) {
        auto const* const member = wire::find(body, name);
        bool const is_empty = member != nullptr && member->is_array() && member->empty();
        if (member != nullptr && !is_empty) document[name] = *member;
    }
    job.document = wire::dump(document);
}

// Batch: JOB-17
std::optional<BatchError> check_same_pool(domain::Job const& job, Json const& body) {
    auto const* const pool_info = wire::find(body, "poolInfo");
    if (pool_info == nullptr) return std::nullopt;
    bool const wants_auto_pool = wire::find(*pool_info, "autoPoolSpecification") != nullptr;
    if (wants_auto_pool != job.auto_pool.has_value())
        return invalid_state("A job cannot change between a pool of its own and one that it names");
    if (wants_auto_pool || job.state == JobState::disabled) return std::nullopt;
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

Result<domain::Job> add_job(Context const& context, Json body, wire::ApiVersion version) {
    domain::Job job;
    job.id = wire::text_of(body, "id");
    job.creation_time = job.last_modified = job.state_transition_time = context.now;
    job.start_time = context.now;  // Batch: JOB-2
    take_members(job, body);
    take_document(job, body);
    auto const* const auto_pool = find_auto_pool(body);
    bool const is_of_schedule = auto_pool != nullptr && domain::parse_word<domain::PoolLifetime>(
                                                            wire::text_of(*auto_pool, "poolLifetimeOption")
                                                        ) == domain::PoolLifetime::job_schedule;
    if (is_of_schedule) {
        // Batch: AUTO-3
        return wire::invalid_property(
            "poolInfo.autoPoolSpecification.poolLifetimeOption",
            "jobschedule",
            "Only a job of a job schedule can have a pool of the schedule"
        );
    }
    job.has_preparation_task = body.contains("jobPreparationTask");
    if (auto const* const manager = wire::find(body, "jobManagerTask")) {
        job.manager.emplace();
        job.manager->task_id = wire::text_of(*manager, "id");
        take(*manager, "killJobOnCompletion", job.manager->kills_job);
        take(*manager, "runExclusive", job.manager->is_alone);
        take(*manager, "allowLowPriorityNode", job.manager->allows_low_priority);
    }

    storage::Transaction transaction(context.database);
    if (storage::find_job(transaction.connection(), job.id))
        return BatchError{BatchErrorCode::job_exists, {}};
    if (auto_pool != nullptr) make_auto_pool(transaction, context, job, *auto_pool, version);
    auto const quota = context.quotas.active_jobs_and_schedules;
    if (quota && storage::count_active_jobs(transaction.connection()) >= *quota)
        return BatchError{BatchErrorCode::active_job_and_schedule_quota_reached, {}};
    storage::insert_job(transaction, job);
    if (auto const* const manager = wire::find(body, "jobManagerTask")) {
        auto const added = insert_task(transaction, *manager, job, reserved_ids(job), context.now);
        if (!added) return added.error();
    }
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

// Batch: JOB-29, JOB-31
Result<domain::Job> disable_job(
    Context const& context,
    std::string_view id,
    Conditions const& conditions,
    domain::DisableTasks running_tasks
) {
    return change_job(context, id, conditions, [&](domain::Job& job) -> std::optional<BatchError> {
        if (auto const refusal = refusal_of(job.state)) return refusal;
        if (job.state == JobState::enabling) return invalid_state("The job is being enabled");
        job.disable_tasks = running_tasks;
        if (job.state == JobState::active) domain::move_to(job, JobState::disabling, context.now);
        return std::nullopt;
    });
}

// Batch: JOB-33
Result<domain::Job> enable_job(Context const& context, std::string_view id, Conditions const& conditions) {
    return change_job(context, id, conditions, [&](domain::Job& job) -> std::optional<BatchError> {
        if (auto const refusal = refusal_of(job.state)) return refusal;
        if (job.state != JobState::disabled) return invalid_state("The job is not disabled");
        domain::move_to(job, JobState::enabling, context.now);
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
