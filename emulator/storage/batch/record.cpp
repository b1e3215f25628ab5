#include "emulator/storage/batch/record.hpp"

#include "emulator/storage/batch/recent_tasks.hpp"

#include <nlohmann/json.hpp>

namespace bluebatch::emulator::storage::record {
namespace {

using Json = nlohmann::json;

Json to_json(std::vector<domain::NameValue> const& pairs) {
    auto array = Json::array();
    for (auto const& [name, value] : pairs)
        array.push_back({name, value});
    return array;
}

std::vector<domain::NameValue> read_pairs(Json const& array) {
    std::vector<domain::NameValue> pairs;
    for (auto const& pair : array)
        pairs.push_back({pair.at(0).get<std::string>(), pair.at(1).get<std::string>()});
    return pairs;
}

Json to_json(domain::FailureInfo const& failure) {
    return {
        {"category", static_cast<int>(failure.category)},
        {"code", failure.code},
        {"message", failure.message},
        {"details", to_json(failure.details)},
    };
}

domain::FailureInfo read_failure_json(Json const& json) {
    return {
        static_cast<domain::ErrorCategory>(json.at("category").get<int>()),
        json.at("code").get<std::string>(),
        json.at("message").get<std::string>(),
        read_pairs(json.at("details")),
    };
}

void put(Json& json, char const* name, std::optional<base::TimePoint> const& time) {
    if (time) json[name] = column(*time);
}
void put(Json& json, char const* name, std::optional<int> const& number) {
    if (number) json[name] = *number;
}
void put(Json& json, char const* name, std::optional<domain::TaskResult> const& result) {
    if (result) json[name] = static_cast<int>(*result);
}
void put(Json& json, char const* name, std::optional<domain::FailureInfo> const& failure) {
    if (failure) json[name] = to_json(*failure);
}

base::TimePoint to_time(Json const& json) {
    return base::TimePoint{base::Ticks{json.get<std::int64_t>()}};
}
void take(Json const& json, char const* name, std::optional<base::TimePoint>& time) {
    if (auto const it = json.find(name); it != json.end()) time = to_time(*it);
}
void take(Json const& json, char const* name, std::optional<int>& number) {
    if (auto const it = json.find(name); it != json.end()) number = it->get<int>();
}
void take(Json const& json, char const* name, std::optional<domain::TaskResult>& result) {
    if (auto const it = json.find(name); it != json.end())
        result = static_cast<domain::TaskResult>(it->get<int>());
}
void take(Json const& json, char const* name, std::optional<domain::FailureInfo>& failure) {
    if (auto const it = json.find(name); it != json.end()) failure = read_failure_json(*it);
}

// Texts come from commands and clients; what is not UTF-8 is replaced rather than refused.
std::string dump(Json const& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

template <class T>
std::optional<T> optional_of(Json const& json) {
    return json.is_null() ? std::nullopt : std::optional{json.get<T>()};
}
std::optional<base::TimePoint> optional_time_of(Json const& json) {
    return json.is_null() ? std::nullopt : std::optional{to_time(json)};
}

// Of earlier versions: its members by name, or by place in a list.
domain::RecentTask read_json_task(Json const& json) {
    bool const is_list = json.is_array();
    auto const& more = is_list ? json : json.at("execution");
    auto const member = [&](Json const& of, char const* name, std::size_t place) {
        if (is_list) return place < of.size() ? of.at(place) : Json{};
        return of.value(name, Json{});
    };
    domain::RecentTask task{
        member(json, "job", 0).get<std::string>(),
        member(json, "task", 1).get<std::string>(),
        static_cast<domain::TaskState>(member(json, "state", 2).get<int>()),
        {}};
    auto& execution = task.execution;
    execution.retry_count = member(more, "retries", 3).get<int>();
    execution.requeue_count = member(more, "requeues", 4).get<int>();
    execution.start_time = optional_time_of(member(more, "start", 5));
    execution.end_time = optional_time_of(member(more, "end", 6));
    execution.exit_code = optional_of<int>(member(more, "exit", 7));
    if (auto const result = optional_of<int>(member(more, "result", 8)))
        execution.result = static_cast<domain::TaskResult>(*result);
    execution.last_retry_time = optional_time_of(member(more, "last_retry", 9));
    execution.last_requeue_time = optional_time_of(member(more, "last_requeue", 10));
    if (auto const failure = member(more, "failure", 11); !failure.is_null())
        execution.failure = read_failure(failure.dump());
    task.subtask_id = optional_of<int>(member(json, "subtask", 12));
    return task;
}

}  // namespace

std::string write_failure(domain::FailureInfo const& failure) {
    return dump(to_json(failure));
}

domain::FailureInfo read_failure(std::string_view json) {
    return read_failure_json(Json::parse(json));
}

std::string write_auto_scale(domain::AutoScale const& auto_scale) {
    Json json{
        {"formula", auto_scale.formula},
        {"interval", auto_scale.interval.count()},
        {"enabled", column(auto_scale.enabled)},
        {"due", column(auto_scale.due)}};
    if (auto const& run = auto_scale.run) {
        json["run"] = {{"time", column(run->timestamp)}, {"results", run->results}};
        if (run->error) {
            json["run"]["error"] = {
                {"code", run->error->code},
                {"message", run->error->message},
                {"values", to_json(run->error->values)}};
        }
    }
    return dump(json);
}

domain::AutoScale read_auto_scale(std::string_view text) {
    auto const json = Json::parse(text);
    auto const time_of = [](Json const& value) {
        return base::TimePoint{base::Ticks{value.get<std::int64_t>()}};
    };
    domain::AutoScale auto_scale;
    auto_scale.formula = json.at("formula").get<std::string>();
    auto_scale.interval = base::Ticks{json.at("interval").get<std::int64_t>()};
    auto_scale.enabled = time_of(json.at("enabled"));
    auto_scale.due = time_of(json.at("due"));
    if (auto const run = json.find("run"); run != json.end()) {
        auto_scale.run =
            domain::AutoScaleRun{time_of(run->at("time")), run->at("results").get<std::string>(), {}};
        if (auto const error = run->find("error"); error != run->end()) {
            auto_scale.run->error = domain::AutoScaleError{
                error->at("code").get<std::string>(),
                error->at("message").get<std::string>(),
                read_pairs(error->at("values"))};
        }
    }
    return auto_scale;
}

std::string write_resize_errors(std::vector<domain::ResizeError> const& errors) {
    auto array = Json::array();
    for (auto const& [code, message, values] : errors)
        array.push_back({{"code", code}, {"message", message}, {"values", to_json(values)}});
    return dump(array);
}

std::vector<domain::ResizeError> read_resize_errors(std::string_view json) {
    std::vector<domain::ResizeError> errors;
    for (auto const& error : Json::parse(json)) {
        errors.push_back(
            {error.at("code").get<std::string>(),
             error.at("message").get<std::string>(),
             read_pairs(error.at("values"))}
        );
    }
    return errors;
}

std::string write_node_task_info(domain::NodeTaskInfo const& info) {
    Json json{
        {"state", static_cast<int>(info.state)},
        {"start", column(info.start_time)},
        {"retries", info.retry_count},
    };
    put(json, "end", info.end_time);
    put(json, "exit", info.exit_code);
    put(json, "failure", info.failure);
    put(json, "result", info.result);
    put(json, "last_retry", info.last_retry_time);
    return dump(json);
}

domain::NodeTaskInfo read_node_task_info(std::string_view text) {
    auto const json = Json::parse(text);
    domain::NodeTaskInfo info;
    info.state = static_cast<domain::NodeTaskState>(json.at("state").get<int>());
    info.start_time = to_time(json.at("start"));
    info.retry_count = json.at("retries").get<int>();
    take(json, "end", info.end_time);
    take(json, "exit", info.exit_code);
    take(json, "failure", info.failure);
    take(json, "result", info.result);
    take(json, "last_retry", info.last_retry_time);
    return info;
}

std::vector<domain::RecentTask> read_json_of_recent_tasks(std::string_view json) {
    std::vector<domain::RecentTask> tasks;
    for (auto const& task : Json::parse(json))
        tasks.push_back(read_json_task(task));
    return tasks;
}

}  // namespace bluebatch::emulator::storage::record
