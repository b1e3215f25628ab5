#include "emulator/batch/service/tasks.hpp"

#include "emulator/batch/rules/rules.hpp"
#include "emulator/batch/service/jobs.hpp"
#include "emulator/batch/service/subtasks.hpp"
#include "emulator/batch/wire/task_conditions.hpp"
#include "emulator/batch/wire/task_specification.hpp"
#include "emulator/storage/batch/dependency_store.hpp"
#include "emulator/storage/batch/subtask_store.hpp"
#include "shared/base/text.hpp"

#include <array>

namespace bluebatch::emulator::batch::service {
namespace {

using domain::TaskState;
using wire::Json;

// Members that are kept apart, and those that concern a job manager as such.
constexpr auto kNotInDocument = std::to_array<char const*>({
    "id",
    "constraints",
    "requiredSlots",
    "killJobOnCompletion",
    "runExclusive",
    "allowLowPriorityNode",
});

Result<domain::Job> load_job(storage::Connection& connection, std::string_view id) {
    auto job = storage::find_job(connection, id);
    if (!job) return BatchError{BatchErrorCode::job_not_found, {}};
    return std::move(*job);
}

Result<domain::Task> load_task(
    storage::Connection& connection, std::string_view job_id, std::string_view id
) {
    if (auto task = storage::find_task(connection, job_id, id)) return std::move(*task);
    auto const job = load_job(connection, job_id);
    if (!job) return job.error();
    return BatchError{BatchErrorCode::task_not_found, {}};
}

// Retries default to what the job says. Batch: TASK-12, TASK-19
domain::TaskConstraints read_constraints(Json const* json, domain::Job const& job) {
    auto constraints = wire::read_task_constraints(json);
    bool const says_retries = json != nullptr && wire::find(*json, "maxTaskRetryCount") != nullptr;
    if (!says_retries) constraints.max_task_retry_count = job.max_task_retry_count;
    return constraints;
}

domain::Task make_task(Json& body, domain::Job const& job, base::TimePoint now) {
    domain::Task task;
    task.job_id = job.id;
    task.id = wire::text_of(body, "id");
    task.creation_time = task.last_modified = task.state_transition_time = now;
    task.constraints = read_constraints(wire::find(body, "constraints"), job);
    if (auto const* const slots = wire::find(body, "requiredSlots")) task.required_slots = slots->get<int>();
    if (auto const* const settings = wire::find(body, "multiInstanceSettings"))
        task.instances = settings->at("numberOfInstances").get<int>();
    if (auto const* const affinity = wire::find(body, "affinityInfo"))
        task.affinity_id = wire::text_of(*affinity, "affinityId");
    for (auto const* name : kNotInDocument)
        body.erase(name);
    task.document = wire::dump(body);
    return task;
}

void announce_task(
    storage::Transaction& transaction,
    Context const& context,
    domain::Task const& task,
    std::optional<domain::TaskPlace> place = std::nullopt,
    std::vector<domain::TaskPlace> subtask_places = {}
) {
    announce(
        transaction,
        context,
        {domain::Change::Kind::task, task.job_id, task.id, std::move(place), std::move(subtask_places)}
    );
}

template <class Change>
Result<domain::Task> change_task(
    Context const& context,
    std::string_view job_id,
    std::string_view id,
    Conditions const& conditions,
    Change change
) {
    storage::Transaction transaction(context.database);
    auto task = load_task(transaction.connection(), job_id, id);
    if (!task) return task;
    if (auto const fault = check(conditions, task->last_modified, Access::write)) return *fault;
    auto subtask_places = subtask_places_of(transaction.connection(), *task);
    std::optional<BatchError> const fault = change(*task, transaction);
    if (fault) return *fault;
    announce_task(transaction, context, *task, task->place, std::move(subtask_places));
    transaction.commit();
    return task;
}

// Batch: TASK-28
void end_before_it_ran(domain::Task& task, base::TimePoint now) {
    domain::move_to(task, TaskState::completed, now);
    task.execution.end_time = now;
    task.execution.result = domain::TaskResult::failure;
    task.execution.failure = domain::FailureInfo{
        domain::ErrorCategory::user_error, "TaskEnded", "Task was ended by user request", {}};
}

// What follows for others from a task that ended before it ran. Batch: JOB-26, TASK-44
void act_on_end(storage::Transaction& transaction, Context const& context, domain::Task const& task) {
    auto job = storage::find_job(transaction.connection(), task.job_id);
    if (!job) return;
    auto const conditions = wire::read_exit_conditions(task.document);
    auto const actions = domain::exit_actions(task.execution, conditions);
    if (job->uses_task_dependencies && actions.dependency == domain::DependencyAction::satisfy) {
        auto const unblocked =
            storage::satisfy_dependents(transaction, job->id, task.id, &wire::read_dependencies);
        for (auto const& other : unblocked)
            announce(transaction, context, {domain::Change::Kind::task, job->id, other.id, std::nullopt});
    }
    bool const is_over = domain::take_manager_end(*job, task.id, context.now);
    if (is_over || domain::take_exit_action(*job, actions.job, context.now)) {
        storage::update_job(transaction, *job);
        announce(transaction, context, {domain::Change::Kind::job, job->id, {}});
    }
}

}  // namespace

ReservedIds reserved_ids(domain::Job const& job) {
    if (!job.has_preparation_task) return {};
    auto tasks = wire::read_job_node_tasks(job.document);
    return {std::move(tasks.preparation_id), std::move(tasks.release_id)};
}

// Batch: PREP-2, REL-1
std::optional<BatchError> check_reserved_id(ReservedIds const& reserved, std::string_view id) {
    if (base::equal_ignoring_case(id, reserved.preparation))
        return BatchError{BatchErrorCode::task_id_same_as_job_preparation_task, {}};
    if (base::equal_ignoring_case(id, reserved.release))
        return BatchError{BatchErrorCode::task_id_same_as_job_release_task, {}};
    return std::nullopt;
}

Result<domain::Task> insert_task(
    storage::Transaction& transaction,
    Json body,
    domain::Job const& job,
    ReservedIds const& reserved,
    base::TimePoint now
) {
    if (auto fault = check_reserved_id(reserved, wire::text_of(body, "id"))) return *fault;
    if (auto fault = rules::check_task_in_job(body, job)) return *fault;
    auto task = make_task(body, job, now);
    std::optional<storage::Wait> wait;
    if (job.uses_task_dependencies) {
        auto const dependencies = wire::read_dependencies(task.document);
        wait = storage::find_wait(transaction.connection(), job.id, dependencies);
    }
    task.is_blocked = wait.has_value();
    if (!storage::insert_task(transaction, task)) return BatchError{BatchErrorCode::task_exists, {}};
    if (wait) storage::insert_wait(transaction, job.id, task.sequence, *wait);
    return task;
}

Result<std::vector<Result<domain::Task>>> add_tasks(
    Context const& context, std::string_view job_id, std::vector<NewTask> tasks
) {
    storage::Transaction transaction(context.database);
    auto const job = load_job(transaction.connection(), job_id);
    if (!job) return job.error();
    if (auto const refusal = refusal_of(job->state)) return *refusal;
    auto const reserved = reserved_ids(*job);
    std::vector<Result<domain::Task>> results;
    bool any = false;
    for (auto& body : tasks) {
        if (!body) {
            results.emplace_back(body.error());
            continue;
        }
        results.push_back(insert_task(transaction, std::move(*body), *job, reserved, context.now));
        any = any || results.back().has_value();
    }
    if (any) announce(transaction, context, {domain::Change::Kind::tasks_added, job->id, {}});
    transaction.commit();
    return results;
}

Result<domain::Task> get_task(
    Context const& context, std::string_view job_id, std::string_view id, Conditions const& conditions
) {
    storage::Snapshot snapshot(context.database);
    auto task = load_task(snapshot.connection(), job_id, id);
    if (!task) return task;
    if (auto const fault = check(conditions, task->last_modified, Access::read)) return *fault;
    return task;
}

Result<std::vector<domain::Task>> list_tasks(
    Context const& context, std::string_view job_id, storage::ListQuery const& query
) {
    storage::Snapshot snapshot(context.database);
    auto const job = load_job(snapshot.connection(), job_id);
    if (!job) return job.error();
    return storage::list_tasks(snapshot.connection(), job_id, query);
}

Result<domain::Task> terminate_task(
    Context const& context, std::string_view job_id, std::string_view id, Conditions const& conditions
) {
    auto const terminate = [&](domain::Task& task,
                               storage::Transaction& transaction) -> std::optional<BatchError> {
        if (task.state == TaskState::completed) return BatchError{BatchErrorCode::task_completed, {}};
        if (task.state == TaskState::active) {
            end_before_it_ran(task, context.now);
            act_on_end(transaction, context, task);
        } else {
            task.termination_requested = true;
        }
        touch(task, context.now);
        storage::update_task(transaction, task);
        return std::nullopt;
    };
    return change_task(context, job_id, id, conditions, terminate);
}

Result<domain::Task> reactivate_task(
    Context const& context, std::string_view job_id, std::string_view id, Conditions const& conditions
) {
    storage::Transaction transaction(context.database);
    auto task = load_task(transaction.connection(), job_id, id);
    if (!task) return task;
    if (auto const fault = check(conditions, task->last_modified, Access::write)) return *fault;
    auto const job = load_job(transaction.connection(), job_id);
    if (!job) return job.error();
    if (auto const refusal = refusal_of(job->state)) return *refusal;
    if (task->state != TaskState::completed) return BatchError{BatchErrorCode::task_not_completed, {}};
    if (task->execution.result == domain::TaskResult::success)
        return BatchError{BatchErrorCode::task_succeeded, {}};
    auto place = std::exchange(task->place, std::nullopt);
    auto subtask_places = subtask_places_of(transaction.connection(), *task);
    storage::delete_subtasks(transaction, task->sequence);
    task->execution = {};
    domain::move_to(*task, TaskState::active, context.now);
    touch(*task, context.now);
    storage::update_task(transaction, *task);
    announce_task(transaction, context, *task, std::move(place), std::move(subtask_places));
    transaction.commit();
    return task;
}

Result<domain::Task> delete_task(
    Context const& context, std::string_view job_id, std::string_view id, Conditions const& conditions
) {
    auto const remove = [](domain::Task& task,
                           storage::Transaction& transaction) -> std::optional<BatchError> {
        storage::delete_task(transaction, task.job_id, task.id);
        return std::nullopt;
    };
    return change_task(context, job_id, id, conditions, remove);
}

Result<domain::Task> replace_task(
    Context const& context,
    std::string_view job_id,
    std::string_view id,
    Conditions const& conditions,
    Json const& body
) {
    auto const replace = [&](domain::Task& task,
                             storage::Transaction& transaction) -> std::optional<BatchError> {
        auto const job = load_job(transaction.connection(), job_id);
        if (!job) return job.error();
        if (auto const refusal = refusal_of(job->state)) return refusal;
        if (task.state == TaskState::completed) return BatchError{BatchErrorCode::task_completed, {}};
        task.constraints = read_constraints(wire::find(body, "constraints"), *job);
        touch(task, context.now);
        storage::update_task(transaction, task);
        return std::nullopt;
    };
    return change_task(context, job_id, id, conditions, replace);
}

}  // namespace bluebatch::emulator::batch::service
