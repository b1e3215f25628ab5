#include "emulator/batch/service/job_members.hpp"

#include "shared/base/time.hpp"

#include <array>

namespace bluebatch::emulator::batch::service {

using wire::Json;

namespace {

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
// Of an auto pool only keepAlive ever changes. Batch: AUTO-6
void take_pool_info(domain::Job& job, Json const& pool_info) {
    if (auto const* const auto_pool = wire::find(pool_info, "autoPoolSpecification")) {
        if (job.auto_pool) take(*auto_pool, "keepAlive", job.auto_pool->keep_alive);
    } else {
        job.pool_id = wire::text_of(pool_info, "poolId");
    }
}

}  // namespace

Json const* find_auto_pool(Json const& body) {
    auto const* const pool_info = wire::find(body, "poolInfo");
    return pool_info != nullptr ? wire::find(*pool_info, "autoPoolSpecification") : nullptr;
}

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

}  // namespace bluebatch::emulator::batch::service
