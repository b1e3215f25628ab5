#include "emulator/batch/wire/entities.hpp"
#include "emulator/batch/wire/parts.hpp"

namespace bluebatch::emulator::batch::wire {
namespace {

// The node agent is part of the emulator, so this is the emulator's.
constexpr std::string_view kNodeAgentVersion = "0.1.0";

// Batch: NODE-7
Json to_json(std::vector<domain::RecentTask> const& tasks, Urls const& urls) {
    Json list = Json::array();
    for (auto const& task : tasks) {
        Json json{
            {"taskUrl", urls.task(task.job_id, task.task_id)},
            {"jobId", task.job_id},
            {"taskId", task.task_id},
            {"taskState", domain::to_word(task.state)},
            {"executionInfo", wire::to_json(task.execution)}};
        if (task.subtask_id) json["subtaskId"] = *task.subtask_id;
        list.push_back(std::move(json));
    }
    return list;
}

// Batch: NODE-16
Json to_node_error(domain::FailureInfo const& error) {
    Json json{{"code", error.code}, {"message", error.message}};
    if (!error.details.empty()) json["errorDetails"] = wire::to_json(error.details);
    return json;
}

}  // namespace

Json to_json(
    domain::Node const& node, std::string_view vm_size, Json const& pool_document, Urls const& urls
) {
    Json json{
        {"id", node.id},
        {"url", urls.node(node.pool_id, node.id)},
        {"state", domain::to_word(node.state)},
        {"schedulingState", domain::to_word(node.scheduling_state)},
        {"stateTransitionTime", base::to_iso8601(node.state_transition_time)}};
    put(json, "lastBootTime", node.last_boot_time);
    json["allocationTime"] = base::to_iso8601(node.allocation_time);
    json["ipAddress"] = node.ip_address;
    json["affinityId"] = "TVM:" + node.id;  // Batch: NODE-6
    json["vmSize"] = vm_size;
    json["totalTasksRun"] = node.total_tasks_run;
    json["totalTasksSucceeded"] = node.total_tasks_succeeded;
    json["runningTasksCount"] = node.running_tasks_count;
    json["runningTaskSlotsCount"] = node.running_task_slots_count;
    if (!node.recent_tasks.empty()) json["recentTasks"] = to_json(node.recent_tasks, urls);
    if (auto const* const start_task = find(pool_document, "startTask")) json["startTask"] = *start_task;
    if (node.start_task_info) json["startTaskInfo"] = to_json(*node.start_task_info);
    if (node.error) json["errors"] = Json::array({to_node_error(*node.error)});
    json["isDedicated"] = node.is_dedicated;
    if (node.last_boot_time) {
        auto const* const certificates = find(pool_document, "certificateReferences");
        json["certificateReferences"] = certificates != nullptr ? *certificates : Json::array();
        json["nodeAgentInfo"] = {
            {"version", kNodeAgentVersion}, {"lastUpdateTime", base::to_iso8601(*node.last_boot_time)}};
    }
    auto const* const machine = find(pool_document, "virtualMachineConfiguration");
    auto const* const image = machine != nullptr ? find(*machine, "imageReference") : nullptr;
    if (image != nullptr) json["virtualMachineInfo"] = {{"imageReference", *image}};
    return json;
}

}  // namespace bluebatch::emulator::batch::wire
