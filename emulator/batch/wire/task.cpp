#include "emulator/batch/wire/entities.hpp"
#include "emulator/batch/wire/parts.hpp"
#include "emulator/domain/node_directories.hpp"

#include <algorithm>
#include <array>

namespace bluebatch::emulator::batch::wire {
namespace {

// The members that stand in a task's document.
constexpr auto kInDocument = std::to_array<std::string_view>({
    "displayName",
    "commandLine",
    "resourceFiles",
    "outputFiles",
    "environmentSettings",
    "userIdentity",
    "exitConditions",
    "dependsOn",
    "affinityInfo",
    "multiInstanceSettings",
    "applicationPackageReferences",
    "authenticationTokenSettings",
    "containerSettings",
});

Json constraints_of(domain::Task const& task) {
    return {
        {"maxWallClockTime", base::to_iso8601_duration(task.constraints.max_wall_clock_time)},
        {"retentionTime", base::to_iso8601_duration(task.constraints.retention_time)},
        {"maxTaskRetryCount", task.constraints.max_task_retry_count}};
}

// Batch: TASK-16
Json node_info(domain::Task const& task, domain::TaskPlace const& place, Urls const& urls) {
    auto const node_url = urls.node(place.pool_id, place.node_id);
    auto const root = domain::task_root_directory(task.job_id, task.id);
    return {
        {"affinityId", "TVM:" + place.node_id},
        {"nodeUrl", node_url},
        {"poolId", place.pool_id},
        {"nodeId", place.node_id},
        {"taskRootDirectory", root},
        {"taskRootDirectoryUrl", node_url + "/files/" + root}};
}

}  // namespace

Json to_json(domain::Subtask const& subtask, domain::Task const& task, Urls const& urls) {
    Json json{
        {"id", subtask.id},
        {"state", domain::to_word(subtask.state)},
        {"stateTransitionTime", base::to_iso8601(subtask.state_transition_time)},
        {"nodeInfo", node_info(task, subtask.place, urls)}};
    put(json, "startTime", subtask.start_time);
    put(json, "endTime", subtask.end_time);
    put_word(json, "previousState", subtask.previous_state);
    put(json, "previousStateTransitionTime", subtask.previous_state_transition_time);
    // Like those of a task, they are told once it is over. Batch: TASK-13
    if (subtask.state != domain::SubtaskState::completed) return json;
    put_word(json, "result", subtask.result);
    if (subtask.exit_code) json["exitCode"] = *subtask.exit_code;
    if (subtask.failure) json["failureInfo"] = to_json(*subtask.failure);
    return json;
}

Json to_json(domain::Task const& task, Urls const& urls, Selection const& selection) {
    auto const wants = [&](std::string_view name) { return selection.has(name); };
    bool const wants_document = std::ranges::any_of(kInDocument, wants);
    auto json = wants_document ? Json::parse(task.document) : Json::object();
    auto const put_if_wanted = [&](char const* name, auto make) {
        if (wants(name)) json[name] = make();
    };
    put_if_wanted("id", [&] { return task.id; });
    put_if_wanted("url", [&] { return urls.task(task.job_id, task.id); });
    put_if_wanted("eTag", [&] { return base::to_etag(task.last_modified); });
    put_if_wanted("creationTime", [&] { return base::to_iso8601(task.creation_time); });
    put_if_wanted("lastModified", [&] { return base::to_iso8601(task.last_modified); });
    put_if_wanted("state", [&] { return domain::to_word(task.state); });
    put_if_wanted("stateTransitionTime", [&] { return base::to_iso8601(task.state_transition_time); });
    if (wants("previousState")) put_word(json, "previousState", task.previous_state);
    if (wants("previousStateTransitionTime"))
        put(json, "previousStateTransitionTime", task.previous_state_transition_time);
    if (wants_document && !json.contains("userIdentity")) json["userIdentity"] = default_user_identity();
    put_if_wanted("constraints", [&] { return constraints_of(task); });
    put_if_wanted("requiredSlots", [&] { return task.required_slots; });
    put_if_wanted("executionInfo", [&] { return to_json(task.execution); });
    if (!wants("nodeInfo")) return json;
    if (task.place) {
        json["nodeInfo"] = node_info(task, *task.place, urls);
    } else if (task.state == domain::TaskState::completed) {
        json["nodeInfo"] = Json::object();
    }
    return json;
}

}  // namespace bluebatch::emulator::batch::wire
