#include "emulator/batch/wire/entities.hpp"
#include "emulator/batch/wire/parts.hpp"
#include "emulator/domain/node_directories.hpp"

namespace bluebatch::emulator::batch::wire {
namespace {

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

}  // namespace bluebatch::emulator::batch::wire
