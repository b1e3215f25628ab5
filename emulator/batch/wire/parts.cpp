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

Json to_json(domain::TaskExecution const& execution) {
    std::string text;
    append_execution(text, execution);
    return Json::parse(text);
}

// Batch: TASK-13
void append_execution(std::string& out, domain::TaskExecution const& execution) {
    auto const begin = out.size();
    auto const put_name = [&](std::string_view name) {
        out.append(out.size() == begin ? "{\"" : ",\"").append(name).append("\":");
    };
    auto const put_time = [&](std::string_view name, std::optional<base::TimePoint> const& time) {
        if (!time) return;
        put_name(name);
        out.append("\"").append(base::to_iso8601(*time)).append("\"");
    };
    auto const put_number = [&](std::string_view name, int number) {
        put_name(name);
        out += std::to_string(number);
    };
    put_time("startTime", execution.start_time);
    put_time("endTime", execution.end_time);
    if (execution.exit_code) put_number("exitCode", *execution.exit_code);
    if (execution.failure) {
        put_name("failureInfo");
        out += dump(to_json(*execution.failure));
    }
    if (execution.result) {
        put_name("result");
        append_text(out, domain::to_word(*execution.result));
    }
    put_number("retryCount", execution.retry_count);
    put_time("lastRetryTime", execution.last_retry_time);
    put_number("requeueCount", execution.requeue_count);
    put_time("lastRequeueTime", execution.last_requeue_time);
    out += '}';
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
