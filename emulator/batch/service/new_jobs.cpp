#include "emulator/batch/service/new_jobs.hpp"

#include "emulator/batch/service/auto_pools.hpp"
#include "emulator/batch/service/job_members.hpp"
#include "emulator/batch/service/tasks.hpp"
#include "emulator/batch/wire/reader.hpp"
#include "emulator/storage/batch/job_schedule_store.hpp"
#include "emulator/storage/batch/quota_store.hpp"

namespace bluebatch::emulator::batch::service {

using domain::PoolLifetime;
using wire::Json;

namespace {

domain::JobManager read_manager(Json const& task) {
    domain::JobManager manager;
    manager.task_id = wire::text_of(task, "id");
    take(task, "killJobOnCompletion", manager.kills_job);
    take(task, "runExclusive", manager.is_alone);
    take(task, "allowLowPriorityNode", manager.allows_low_priority);
    return manager;
}

domain::AutoPool read_auto_pool(Json const& specification) {
    domain::AutoPool auto_pool;
    auto const lifetime = wire::text_of(specification, "poolLifetimeOption");
    auto_pool.lifetime = domain::parse_word<PoolLifetime>(lifetime).value_or(PoolLifetime::job);
    take(specification, "keepAlive", auto_pool.keep_alive);
    return auto_pool;
}

domain::Job read_job(Json const& body, base::TimePoint now) {
    domain::Job job;
    job.id = wire::text_of(body, "id");
    job.creation_time = job.last_modified = job.state_transition_time = now;
    job.start_time = now;  // Batch: JOB-2
    if (auto const* const auto_pool = find_auto_pool(body)) job.auto_pool = read_auto_pool(*auto_pool);
    take_members(job, body);
    take_document(job, body);
    job.has_preparation_task = body.contains("jobPreparationTask");
    if (auto const* const manager = wire::find(body, "jobManagerTask")) job.manager = read_manager(*manager);
    return job;
}

std::optional<BatchError> fault_of_manager(domain::Job const& job) {
    if (!job.manager) return std::nullopt;
    return check_reserved_id(reserved_ids(job), job.manager->task_id);
}

// Everything that may speak against it, so that its pool is not made in vain.
std::optional<BatchError> fault_of(
    storage::Transaction& transaction, Context const& context, domain::Job const& job
) {
    if (auto fault = check_quota(transaction, context)) return fault;
    return fault_of_manager(job);
}

// Once its pool is made.
Result<domain::Job> store_job(
    storage::Transaction& transaction, Context const& context, domain::Job job, Json const& body
) {
    storage::insert_job(transaction, job);
    if (auto const* const manager = wire::find(body, "jobManagerTask")) {
        auto const added = insert_task(transaction, *manager, job, reserved_ids(job), context.now);
        if (!added) return added.error();
    }
    announce(transaction, context, {domain::Change::Kind::job, job.id, {}});
    return job;
}

// The pool that the jobs of a schedule share, if it is still there. Batch: AUTO-3
bool take_shared_pool(
    storage::Transaction& transaction, domain::Job& job, domain::JobSchedule const& schedule
) {
    bool const shares = job.auto_pool && job.auto_pool->lifetime == PoolLifetime::job_schedule;
    if (!shares || schedule.pool_id.empty()) return false;
    auto const pool = storage::find_pool(transaction.connection(), schedule.pool_id);
    if (!pool || pool->state == domain::PoolState::deleting) return false;
    job.pool_id = schedule.pool_id;
    return true;
}

void note_shared_pool(domain::JobSchedule& schedule, domain::Job const& job) {
    if (!job.auto_pool || job.auto_pool->lifetime != PoolLifetime::job_schedule) return;
    schedule.pool_id = job.pool_id;
    schedule.keeps_pool = job.auto_pool->keep_alive;
}

}  // namespace

std::optional<BatchError> check_quota(storage::Transaction& transaction, Context const& context) {
    auto const quota = context.quotas.active_jobs_and_schedules;
    if (!quota || storage::count_active_jobs_and_schedules(transaction.connection()) < *quota)
        return std::nullopt;
    return BatchError{BatchErrorCode::active_job_and_schedule_quota_reached, {}};
}

std::optional<BatchError> check_specification(Json const& specification, base::TimePoint now) {
    return fault_of_manager(read_job(specification, now));
}

Result<domain::Job> insert_job(
    storage::Transaction& transaction, Context const& context, Json body, wire::ApiVersion version
) {
    auto job = read_job(body, context.now);
    if (job.auto_pool && job.auto_pool->lifetime == PoolLifetime::job_schedule) {
        // Batch: AUTO-3
        return wire::invalid_property(
            "poolInfo.autoPoolSpecification.poolLifetimeOption",
            "jobschedule",
            "Only a job of a job schedule can have a pool of the schedule"
        );
    }
    if (storage::find_job(transaction.connection(), job.id))
        return BatchError{BatchErrorCode::job_exists, {}};
    // Batch: REST-32
    if (storage::find_job_schedule(transaction.connection(), job.id))
        return BatchError{BatchErrorCode::job_schedule_with_same_id_exists, {}};
    if (auto const fault = fault_of(transaction, context, job)) return *fault;
    if (auto const* const auto_pool = find_auto_pool(body))
        make_auto_pool(transaction, context, job, *auto_pool, version);
    return store_job(transaction, context, std::move(job), body);
}

Result<domain::Job> insert_job_of(
    storage::Transaction& transaction, Context const& context, domain::JobSchedule& schedule
) {
    auto body = Json::parse(schedule.document).at("jobSpecification");
    body["id"] = domain::job_id_of(schedule, schedule.jobs_created + 1);
    auto job = read_job(body, context.now);
    job.schedule_id = schedule.id;
    if (auto const fault = fault_of(transaction, context, job)) return *fault;
    auto const* const auto_pool = find_auto_pool(body);
    if (auto_pool != nullptr && !take_shared_pool(transaction, job, schedule))
        make_auto_pool(transaction, context, job, *auto_pool, wire::kNewest);
    auto added = store_job(transaction, context, std::move(job), body);
    if (!added) return added;
    ++schedule.jobs_created;
    schedule.recent_job_id = added->id;
    note_shared_pool(schedule, *added);
    return added;
}

}  // namespace bluebatch::emulator::batch::service
