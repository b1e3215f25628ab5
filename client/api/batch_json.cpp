#include "client/api/batch_json.hpp"

#include "shared/base/text.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace bluebatch::client {
namespace {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;

std::string text_of(Json const& object, char const* name) {
    auto const member = object.is_object() ? object.find(name) : object.end();
    return member != object.end() && member->is_string() ? member->get<std::string>() : std::string{};
}

std::optional<int> number_of(Json const& object, char const* name) {
    auto const member = object.is_object() ? object.find(name) : object.end();
    if (member == object.end() || !member->is_number_integer()) return std::nullopt;
    return member->get<int>();
}

std::int64_t count_of(Json const& object, char const* name) {
    auto const member = object.is_object() ? object.find(name) : object.end();
    return member != object.end() && member->is_number_integer() ? member->get<std::int64_t>() : 0;
}

Json const& part_of(Json const& object, char const* name) {
    static Json const kNothing;
    auto const member = object.is_object() ? object.find(name) : object.end();
    return member != object.end() ? *member : kNothing;
}

std::vector<MetadataItem> items_of(Json const& object, char const* name) {
    std::vector<MetadataItem> items;
    for (auto const& item : part_of(object, name))
        items.push_back({text_of(item, "name"), text_of(item, "value")});
    return items;
}

OrderedJson to_json(std::vector<MetadataItem> const& items) {
    auto json = OrderedJson::array();
    for (auto const& [name, value] : items)
        json.push_back({{"name", name}, {"value", value}});
    return json;
}

OrderedJson to_json(StartTaskSpecification const& task) {
    bool const admin = task.elevation_level == ElevationLevel::admin;
    return {
        {"commandLine", task.command_line},
        {"userIdentity",
         {{"autoUser", {{"scope", "pool"}, {"elevationLevel", admin ? "admin" : "nonadmin"}}}}},
        {"maxTaskRetryCount", task.max_task_retry_count},
        {"waitForSuccess", task.wait_for_success},
    };
}

std::optional<FailureInfo> read_failure(Json const& owner) {
    auto const& json = part_of(owner, "failureInfo");
    if (!json.is_object()) return std::nullopt;
    FailureInfo failure;
    failure.category = text_of(json, "category");
    failure.code = text_of(json, "code");
    failure.message = text_of(json, "message");
    failure.details = items_of(json, "details");
    return failure;
}

}  // namespace

OrderedJson to_json(PoolSpecification const& pool) {
    auto const& image = pool.image_reference;
    OrderedJson json{
        {"id", pool.id},
        {"vmSize", pool.vm_size},
        {"virtualMachineConfiguration",
         {{"imageReference",
           {{"publisher", image.publisher},
            {"offer", image.offer},
            {"sku", image.sku},
            {"version", image.version}}},
          {"nodeAgentSKUId", pool.node_agent_sku_id}}},
        {"targetDedicatedNodes", pool.target_dedicated_nodes},
        {"targetLowPriorityNodes", pool.target_low_priority_nodes},
    };
    if (pool.start_task) json["startTask"] = to_json(*pool.start_task);
    if (!pool.metadata.empty()) json["metadata"] = to_json(pool.metadata);
    if (pool.task_slots_per_node != 1) json["taskSlotsPerNode"] = pool.task_slots_per_node;
    return json;
}

OrderedJson to_json(JobSpecification const& job) {
    OrderedJson json{{"id", job.id}, {"poolInfo", {{"poolId", job.pool_id}}}};
    if (!job.metadata.empty()) json["metadata"] = to_json(job.metadata);
    return json;
}

OrderedJson to_json(TaskSpecification const& task) {
    OrderedJson json{{"id", task.id}, {"commandLine", task.command_line}};
    auto resources = OrderedJson::array();
    for (auto const& file : task.resource_files) {
        resources.push_back({{"httpUrl", file.http_url}, {"filePath", file.file_path}});
    }
    auto outputs = OrderedJson::array();
    for (auto const& file : task.output_files) {
        outputs.push_back({
            {"filePattern", file.file_pattern},
            {"destination", {{"container", {{"path", file.path}, {"containerUrl", file.container_url}}}}},
            {"uploadOptions", {{"uploadCondition", "tasksuccess"}}},
        });
    }
    if (!resources.empty()) json["resourceFiles"] = std::move(resources);
    if (!outputs.empty()) json["outputFiles"] = std::move(outputs);
    return json;
}

Pool read_pool(Json const& json) {
    Pool pool;
    pool.id = text_of(json, "id");
    pool.state = text_of(json, "state");
    pool.allocation_state = text_of(json, "allocationState");
    pool.current_nodes = number_of(json, "currentDedicatedNodes").value_or(0) +
                         number_of(json, "currentLowPriorityNodes").value_or(0);
    pool.target_nodes = number_of(json, "targetDedicatedNodes").value_or(0) +
                        number_of(json, "targetLowPriorityNodes").value_or(0);
    for (auto const& error : part_of(json, "resizeErrors")) {
        pool.resize_errors.push_back({text_of(error, "code"), text_of(error, "message")});
    }
    pool.metadata = items_of(json, "metadata");
    return pool;
}

Job read_job(Json const& json) {
    return Job{
        .id = text_of(json, "id"),
        .state = text_of(json, "state"),
        .pool_id = text_of(part_of(json, "poolInfo"), "poolId"),
        .metadata = items_of(json, "metadata"),
    };
}

Node read_node(Json const& json) {
    auto const& start_task = part_of(json, "startTaskInfo");
    return Node{
        .id = text_of(json, "id"),
        .state = text_of(json, "state"),
        .start_task_exit_code = number_of(start_task, "exitCode"),
        .start_task_failure = read_failure(start_task),
    };
}

Task read_task(Json const& json) {
    auto const& execution = part_of(json, "executionInfo");
    Task task;
    task.id = text_of(json, "id");
    task.state = text_of(json, "state");
    task.state_transition_time = base::parse_iso8601(text_of(json, "stateTransitionTime"));
    auto const result = text_of(execution, "result");
    if (base::equal_ignoring_case(result, "success")) task.result = TaskResult::success;
    if (base::equal_ignoring_case(result, "failure")) task.result = TaskResult::failure;
    task.exit_code = number_of(execution, "exitCode");
    task.failure = read_failure(execution);
    task.start_time = base::parse_iso8601(text_of(execution, "startTime"));
    task.end_time = base::parse_iso8601(text_of(execution, "endTime"));
    task.node_id = text_of(part_of(json, "nodeInfo"), "nodeId");
    return task;
}

TaskCounts read_task_counts(Json const& json) {
    auto const& nested = part_of(json, "taskCounts");
    auto const& counts = nested.is_object() ? nested : json;
    return TaskCounts{
        .active = count_of(counts, "active"),
        .running = count_of(counts, "running"),
        .completed = count_of(counts, "completed"),
        .succeeded = count_of(counts, "succeeded"),
        .failed = count_of(counts, "failed"),
    };
}

AddTaskResult read_add_task_result(Json const& json) {
    AddTaskResult result;
    result.id = text_of(json, "taskId");
    auto const status = text_of(json, "status");
    if (base::equal_ignoring_case(status, "clienterror")) result.status = AddTaskStatus::client_error;
    if (base::equal_ignoring_case(status, "servererror")) result.status = AddTaskStatus::server_error;
    auto const& error = part_of(json, "error");
    result.code = text_of(error, "code");
    auto const message = text_of(part_of(error, "message"), "value");
    result.message = message.substr(0, message.find('\n'));
    for (auto const& value : part_of(error, "values")) {
        result.message += " " + text_of(value, "key") + ": " + text_of(value, "value") + ".";
    }
    return result;
}

}  // namespace bluebatch::client
