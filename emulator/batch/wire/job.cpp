#include "emulator/batch/wire/entities.hpp"
#include "emulator/batch/wire/parts.hpp"

namespace bluebatch::emulator::batch::wire {
namespace {

Json execution_info(domain::Job const& job) {
    Json json{{"startTime", base::to_iso8601(job.start_time)}};
    put(json, "endTime", job.end_time);
    if (!job.pool_id.empty()) json["poolId"] = job.pool_id;
    if (job.scheduling_error) json["schedulingError"] = wire::to_json(*job.scheduling_error);
    if (!job.terminate_reason.empty()) json["terminateReason"] = job.terminate_reason;
    return json;
}

Json to_json(domain::TaskCounts::Sums const& sums) {
    return {
        {"active", sums.active},
        {"running", sums.running},
        {"completed", sums.completed()},
        {"succeeded", sums.succeeded},
        {"failed", sums.failed}};
}

}  // namespace

Json to_json(domain::Job const& job, Urls const& urls) {
    auto json = Json::parse(job.document);
    json["id"] = job.id;
    json["url"] = urls.job(job.id);
    json["eTag"] = base::to_etag(job.last_modified);
    json["lastModified"] = base::to_iso8601(job.last_modified);
    json["creationTime"] = base::to_iso8601(job.creation_time);
    json["state"] = domain::to_word(job.state);
    json["stateTransitionTime"] = base::to_iso8601(job.state_transition_time);
    put_word(json, "previousState", job.previous_state);
    put(json, "previousStateTransitionTime", job.previous_state_transition_time);
    json["priority"] = job.priority;
    json["maxParallelTasks"] = job.max_parallel_tasks;
    json["allowTaskPreemption"] = job.allow_task_preemption;
    json["usesTaskDependencies"] = job.uses_task_dependencies;
    json["constraints"] = {
        {"maxWallClockTime", base::to_iso8601_duration(job.max_wall_clock_time)},
        {"maxTaskRetryCount", job.max_task_retry_count}};
    // Batch: AUTO-5
    if (job.auto_pool) {
        auto specification = json["autoPoolSpecification"];
        specification["keepAlive"] = job.auto_pool->keep_alive;
        json.erase("autoPoolSpecification");
        json["poolInfo"] = {{"autoPoolSpecification", std::move(specification)}};
    } else {
        json["poolInfo"] = {{"poolId", job.pool_id}};
    }
    json["executionInfo"] = execution_info(job);
    json["onAllTasksComplete"] = domain::to_word(job.on_all_tasks_complete);
    json["onTaskFailure"] = domain::to_word(job.on_task_failure);
    return json;
}

Json to_json(domain::TaskCounts const& counts) {
    return {{"taskCounts", to_json(counts.tasks)}, {"taskSlotCounts", to_json(counts.slots)}};
}

Json to_flat_json(domain::TaskCounts const& counts) {
    return to_json(counts.tasks);
}

}  // namespace bluebatch::emulator::batch::wire
