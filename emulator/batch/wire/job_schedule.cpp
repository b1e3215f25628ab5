#include "emulator/batch/wire/entities.hpp"
#include "emulator/batch/wire/parts.hpp"

namespace bluebatch::emulator::batch::wire {
namespace {

// What the service fills in when it shows a specification.
void add_shown_defaults(Json& specification) {
    domain::Job const defaults;
    set_default(specification, "priority", defaults.priority);
    set_default(specification, "maxParallelTasks", defaults.max_parallel_tasks);
    set_default(specification, "allowTaskPreemption", false);
    set_default(specification, "usesTaskDependencies", false);
    set_default(specification, "onAllTasksComplete", domain::to_word(defaults.on_all_tasks_complete));
    set_default(specification, "onTaskFailure", domain::to_word(defaults.on_task_failure));
    set_default(specification, "constraints", Json::object());
    auto& constraints = specification["constraints"];
    set_default(constraints, "maxWallClockTime", base::to_iso8601_duration(base::kUnlimited));
    set_default(constraints, "maxTaskRetryCount", 0);
}

// Batch: SCH-8
Json execution_info(domain::JobSchedule const& schedule, Urls const& urls) {
    auto json = Json::object();
    put(json, "nextRunTime", schedule.next_run_time);
    auto const& recent = schedule.recent_job_id;
    if (!recent.empty()) json["recentJob"] = {{"id", recent}, {"url", urls.job(recent)}};
    put(json, "endTime", schedule.end_time);
    return json;
}

}  // namespace

Json to_json(domain::JobSchedule const& schedule, Urls const& urls) {
    auto json = Json::parse(schedule.document);
    add_shown_defaults(json["jobSpecification"]);
    json["id"] = schedule.id;
    json["url"] = urls.job_schedule(schedule.id);
    json["eTag"] = base::to_etag(schedule.last_modified);
    json["lastModified"] = base::to_iso8601(schedule.last_modified);
    json["creationTime"] = base::to_iso8601(schedule.creation_time);
    json["state"] = domain::to_word(schedule.state);
    json["stateTransitionTime"] = base::to_iso8601(schedule.state_transition_time);
    put_word(json, "previousState", schedule.previous_state);
    put(json, "previousStateTransitionTime", schedule.previous_state_transition_time);
    json["executionInfo"] = execution_info(schedule, urls);
    return json;
}

}  // namespace bluebatch::emulator::batch::wire
