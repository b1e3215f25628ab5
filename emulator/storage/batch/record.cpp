#include "emulator/storage/batch/record.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>

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

// Where the members of a recent task stand in its list.
struct Member {
    enum Place : std::size_t {
        job,
        task,
        state,
        retries,
        requeues,
        start,
        end,
        exit,
        result,
        last_retry,
        last_requeue,
        failure,
        subtask  // only where it is one
    };
};

// As it was written before there were lists.
domain::TaskExecution read_execution_object(Json const& json) {
    domain::TaskExecution execution;
    execution.retry_count = json.at("retries").get<int>();
    execution.requeue_count = json.at("requeues").get<int>();
    take(json, "start", execution.start_time);
    take(json, "end", execution.end_time);
    take(json, "exit", execution.exit_code);
    take(json, "result", execution.result);
    take(json, "failure", execution.failure);
    take(json, "last_retry", execution.last_retry_time);
    take(json, "last_requeue", execution.last_requeue_time);
    return execution;
}

template <class T>
std::optional<T> optional_of(Json const& json) {
    return json.is_null() ? std::nullopt : std::optional{json.get<T>()};
}
std::optional<base::TimePoint> optional_time_of(Json const& json) {
    return json.is_null() ? std::nullopt : std::optional{to_time(json)};
}

domain::RecentTask read_recent_task(Json const& list) {
    domain::RecentTask recent{
        list.at(Member::job).get<std::string>(),
        list.at(Member::task).get<std::string>(),
        static_cast<domain::TaskState>(list.at(Member::state).get<int>()),
        {}};
    auto& execution = recent.execution;
    execution.retry_count = list.at(Member::retries).get<int>();
    execution.requeue_count = list.at(Member::requeues).get<int>();
    execution.start_time = optional_time_of(list.at(Member::start));
    execution.end_time = optional_time_of(list.at(Member::end));
    execution.exit_code = optional_of<int>(list.at(Member::exit));
    if (auto const value = optional_of<int>(list.at(Member::result)))
        execution.result = static_cast<domain::TaskResult>(*value);
    execution.last_retry_time = optional_time_of(list.at(Member::last_retry));
    execution.last_requeue_time = optional_time_of(list.at(Member::last_requeue));
    if (!list.at(Member::failure).is_null()) execution.failure = read_failure_json(list.at(Member::failure));
    if (list.size() > Member::subtask) recent.subtask_id = list.at(Member::subtask).get<int>();
    return recent;
}

void append_text(std::string& out, std::string_view text) {
    bool const needs_escapes =
        std::ranges::any_of(text, [](char c) { return c < ' ' || c > '~' || c == '"' || c == '\\'; });
    if (needs_escapes) {
        out += Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
    } else {
        out.append("\"").append(text).append("\"");
    }
}

void append_number(std::string& out, std::int64_t number) {
    std::array<char, 24> digits;
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(",").append(digits.data(), end);
}
void append_number(std::string& out, std::optional<std::int64_t> const& number) {
    if (number) return append_number(out, *number);
    out += ",null";
}

// By hand, because each change of a node writes ten of them.
void append_recent_task(std::string& out, domain::RecentTask const& recent) {
    auto const& execution = recent.execution;
    out += '[';
    append_text(out, recent.job_id);
    out += ',';
    append_text(out, recent.task_id);
    append_number(out, static_cast<std::int64_t>(recent.state));
    append_number(out, std::int64_t{execution.retry_count});
    append_number(out, std::int64_t{execution.requeue_count});
    append_number(out, column(execution.start_time));
    append_number(out, column(execution.end_time));
    append_number(out, std::optional<std::int64_t>(execution.exit_code));
    auto const& result = execution.result;
    append_number(out, result ? std::optional{static_cast<std::int64_t>(*result)} : std::nullopt);
    append_number(out, column(execution.last_retry_time));
    append_number(out, column(execution.last_requeue_time));
    out += ',';
    out += execution.failure ? write_failure(*execution.failure) : "null";
    if (recent.subtask_id) append_number(out, std::int64_t{*recent.subtask_id});
    out += ']';
}

// Texts come from commands and clients; what is not UTF-8 is replaced rather than refused.
std::string dump(Json const& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
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

std::string write_recent_tasks(std::vector<domain::RecentTask> const& tasks) {
    std::string out = "[";
    for (auto const& recent : tasks) {
        if (out.size() > 1) out += ',';
        append_recent_task(out, recent);
    }
    return out + ']';
}

std::vector<domain::RecentTask> read_recent_tasks(std::string_view json) {
    std::vector<domain::RecentTask> tasks;
    for (auto const& task : Json::parse(json)) {
        if (task.is_array()) {
            tasks.push_back(read_recent_task(task));
            continue;
        }
        tasks.push_back(
            {task.at("job").get<std::string>(),
             task.at("task").get<std::string>(),
             static_cast<domain::TaskState>(task.at("state").get<int>()),
             read_execution_object(task.at("execution"))}
        );
        if (task.contains("subtask")) tasks.back().subtask_id = task.at("subtask").get<int>();
    }
    return tasks;
}

}  // namespace bluebatch::emulator::storage::record
