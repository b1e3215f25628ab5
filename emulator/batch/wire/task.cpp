#include "emulator/batch/wire/entities.hpp"
#include "emulator/batch/wire/parts.hpp"

#include <algorithm>
#include <array>

namespace bluebatch::emulator::batch::wire {
namespace {

constexpr auto kOutsideDocument = std::to_array<std::string_view>({
    "id",
    "url",
    "eTag",
    "creationTime",
    "lastModified",
    "state",
    "stateTransitionTime",
    "previousState",
    "previousStateTransitionTime",
    "constraints",
    "requiredSlots",
    "executionInfo",
    "nodeInfo",
    "stats",
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
    auto const root = "workitems/" + task.job_id + "/job-1/" + task.id;
    return {
        {"affinityId", "TVM:" + place.node_id},
        {"nodeUrl", node_url},
        {"poolId", place.pool_id},
        {"nodeId", place.node_id},
        {"taskRootDirectory", root},
        {"taskRootDirectoryUrl", node_url + "/files/" + root}};
}

}  // namespace

bool is_outside_document(std::string_view task_member) {
    return std::ranges::find(kOutsideDocument, task_member) != kOutsideDocument.end();
}

Json to_json(domain::Task const& task, Urls const& urls, Documents documents) {
    auto json = documents == Documents::read ? Json::parse(task.document) : Json::object();
    json["id"] = task.id;
    json["url"] = urls.task(task.job_id, task.id);
    json["eTag"] = base::to_etag(task.last_modified);
    json["creationTime"] = base::to_iso8601(task.creation_time);
    json["lastModified"] = base::to_iso8601(task.last_modified);
    json["state"] = domain::to_word(task.state);
    json["stateTransitionTime"] = base::to_iso8601(task.state_transition_time);
    put_word(json, "previousState", task.previous_state);
    put(json, "previousStateTransitionTime", task.previous_state_transition_time);
    if (!json.contains("userIdentity")) json["userIdentity"] = default_user_identity();
    json["constraints"] = constraints_of(task);
    json["requiredSlots"] = task.required_slots;
    json["executionInfo"] = to_json(task.execution);
    if (task.place) {
        json["nodeInfo"] = node_info(task, *task.place, urls);
    } else if (task.state == domain::TaskState::completed) {
        json["nodeInfo"] = Json::object();
    }
    return json;
}

}  // namespace bluebatch::emulator::batch::wire
