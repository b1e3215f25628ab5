#include "emulator/batch/service/jobs.hpp"

#include "emulator/batch/service/job_members.hpp"
#include "emulator/batch/service/new_jobs.hpp"
#include "emulator/batch/wire/reader.hpp"
#include "shared/base/text.hpp"

#include <algorithm>

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

// Whether all members are there already, with the same values.
bool says_no_more(Json const& wanted, Json const& had) {
    if (!wanted.is_object() || !had.is_object()) return wanted == had;
    return std::ranges::all_of(wanted.items(), [&had](auto const& member) {
        auto const* const there = wire::find(had, member.key());
        return there != nullptr && says_no_more(member.value(), *there);
    });
}

// Of an auto pool only keepAlive changes, and only where the pool lives for one job. Batch: AUTO-6
std::optional<BatchError> check_auto_pool(domain::Job const& job, Json const& wanted) {
    auto const document = Json::parse(job.document);
    auto const* const had = wire::find(document, "autoPoolSpecification");
    for (std::string_view const name : {"poolLifetimeOption", "autoPoolIdPrefix"}) {
        auto const text = wire::text_of(wanted, name);
        bool const is_same = had != nullptr && base::equal_ignoring_case(text, wire::text_of(*had, name));
        if (wire::find(wanted, name) != nullptr && !is_same)
            return wire::invalid_property(
                std::string{name}, std::string{text}, "Only keepAlive of an auto pool can be changed"
            );
    }
    auto const* const pool = wire::find(wanted, "pool");
    auto const* const had_pool = had != nullptr ? wire::find(*had, "pool") : nullptr;
    if (pool != nullptr && (had_pool == nullptr || !says_no_more(*pool, *had_pool)))
        return wire::invalid_property("pool", "", "Only keepAlive of an auto pool can be changed");
    bool keeps = job.auto_pool->keep_alive;
    take(wanted, "keepAlive", keeps);
    if (job.auto_pool->lifetime == domain::PoolLifetime::job || keeps == job.auto_pool->keep_alive)
        return std::nullopt;
    return wire::invalid_property(
        "keepAlive", keeps ? "true" : "false", "It can be changed only for a pool whose lifetime is job"
    );
}

// Batch: JOB-17
std::optional<BatchError> check_same_pool(domain::Job const& job, Json const& body) {
    auto const* const pool_info = wire::find(body, "poolInfo");
    if (pool_info == nullptr) return std::nullopt;
    auto const* const auto_pool = wire::find(*pool_info, "autoPoolSpecification");
    bool const wants_auto_pool = auto_pool != nullptr;
    if (wants_auto_pool != job.auto_pool.has_value())
        return invalid_state("A job cannot change between a pool of its own and one that it names");
    if (wants_auto_pool) return check_auto_pool(job, *auto_pool);
    if (job.state == JobState::disabled) return std::nullopt;
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
    storage::Transaction transaction(context.database);
    auto job = insert_job(transaction, context, std::move(body), version);
    if (!job) return job.error();
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
        job.allow_task_preemption = defaults.allow_task_preemption;
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
