#include "emulator/batch/wire/parts.hpp"

namespace bluebatch::emulator::batch::wire {

Json to_json(std::vector<domain::NameValue> const& pairs) {
    Json list = Json::array();
    for (auto const& [name, value] : pairs)
        list.push_back({{"name", name}, {"value", value}});
    return list;
}

Json to_json(domain::FailureInfo const& failure) {
    Json json{
        {"category", domain::to_word(failure.category)},
        {"code", failure.code},
        {"message", failure.message}};
    if (!failure.details.empty()) json["details"] = to_json(failure.details);
    return json;
}

// Batch: TASK-13
Json to_json(domain::TaskExecution const& execution) {
    Json json = Json::object();
    put(json, "startTime", execution.start_time);
    put(json, "endTime", execution.end_time);
    if (execution.exit_code) json["exitCode"] = *execution.exit_code;
    if (execution.failure) json["failureInfo"] = to_json(*execution.failure);
    put_word(json, "result", execution.result);
    json["retryCount"] = execution.retry_count;
    put(json, "lastRetryTime", execution.last_retry_time);
    json["requeueCount"] = execution.requeue_count;
    put(json, "lastRequeueTime", execution.last_requeue_time);
    return json;
}

Json default_user_identity() {
    return {{"autoUser", {{"scope", "pool"}, {"elevationLevel", "nonadmin"}}}};
}

Json to_json(domain::NodeTaskInfo const& info) {
    Json json{{"state", domain::to_word(info.state)}, {"startTime", base::to_iso8601(info.start_time)}};
    put(json, "endTime", info.end_time);
    if (info.exit_code) json["exitCode"] = *info.exit_code;
    if (info.failure) json["failureInfo"] = to_json(*info.failure);
    put_word(json, "result", info.result);
    json["retryCount"] = info.retry_count;
    put(json, "lastRetryTime", info.last_retry_time);
    return json;
}

}  // namespace bluebatch::emulator::batch::wire
