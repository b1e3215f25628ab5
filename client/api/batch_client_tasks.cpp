#include "client/api/batch_client.hpp"
#include "client/api/batch_json.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <utility>

namespace bluebatch::client {
namespace {

// Batch: TASK-9
constexpr std::size_t kMostTasksInCollection = 100;
// Collections in which the same task may fail on the service's side before it is given up.
constexpr int kMostTries = 6;
constexpr std::string_view kTaskMembers = "id,state,stateTransitionTime,executionInfo,nodeInfo";

std::string tasks_path(std::string_view job_id) {
    return "/jobs/" + http::percent_encode(job_id) + "/tasks";
}

}  // namespace

struct BatchClient::CollectionOutcome {
    std::vector<RefusedTask> refused;
    std::vector<AddTaskResult> to_repeat;
};

ApiResult<BatchClient::CollectionOutcome> BatchClient::add_collection(
    std::string_view job_id, std::span<TaskSpecification const* const> tasks
) const {
    auto value = nlohmann::ordered_json::array();
    for (auto const* task : tasks)
        value.push_back(to_json(*task));
    auto const body = nlohmann::ordered_json{{"value", std::move(value)}}.dump();
    auto const path = "/jobs/" + http::percent_encode(job_id) + "/addtaskcollection";
    auto const reply = send_json(http::Verb::post, path, body);
    if (!reply) return reply.error();
    auto const json = nlohmann::json::parse(reply->response.body, nullptr, false);
    if (!json.is_object() || !json.contains("value") || !json["value"].is_array()) {
        return make_protocol_error("The Batch service answered added tasks with something else.");
    }
    CollectionOutcome outcome;
    for (auto const& item : json["value"]) {
        auto result = read_add_task_result(item);
        if (result.status == AddTaskStatus::success) continue;
        if (base::equal_ignoring_case(result.code, "TaskExists")) continue;
        if (result.status == AddTaskStatus::server_error) {
            outcome.to_repeat.push_back(std::move(result));
        } else {
            outcome.refused.push_back({result.id, result.code, result.message});
        }
    }
    return outcome;
}

ApiResult<std::vector<RefusedTask>> BatchClient::add_tasks(
    std::string_view job_id, std::span<TaskSpecification const> tasks
) const {
    std::vector<RefusedTask> refused;
    std::vector<TaskSpecification const*> pending;
    std::map<std::string, TaskSpecification const*, std::less<>> by_id;
    std::map<std::string, int, std::less<>> tries;
    for (auto const& task : tasks) {
        pending.push_back(&task);
        by_id.emplace(task.id, &task);
    }
    std::size_t chunk = kMostTasksInCollection;
    while (!pending.empty()) {
        auto const size = std::min(chunk, pending.size());
        auto const outcome = add_collection(job_id, std::span(pending).first(size));
        if (!outcome) {
            bool const too_large = has_status(outcome.error(), 413) && size > 1;
            if (!too_large) return outcome.error();
            chunk = size / 2;
            continue;
        }
        pending.erase(pending.begin(), pending.begin() + static_cast<std::ptrdiff_t>(size));
        refused.insert(refused.end(), outcome->refused.begin(), outcome->refused.end());
        for (auto const& result : outcome->to_repeat) {
            auto const task = by_id.find(result.id);
            if (task != by_id.end() && ++tries[result.id] < kMostTries) {
                pending.push_back(task->second);
            } else {
                refused.push_back({result.id, result.code, result.message});
            }
        }
        if (!outcome->to_repeat.empty()) pipeline_->waiter().wait(options_.retry.base, options_.stop);
    }
    return refused;
}

ApiResult<std::vector<Task>> BatchClient::list_completed_tasks(
    std::string_view job_id, std::optional<base::TimePoint> since
) const {
    std::string filter = "state eq 'completed'";
    if (since) filter += fmt::format(" and stateTransitionTime ge DateTime'{}'", base::to_iso8601(*since));
    auto const query =
        fmt::format("&maxresults=1000&$filter={}&$select={}", http::percent_encode(filter), kTaskMembers);
    auto const items = list(tasks_path(job_id), query);
    if (!items) return items.error();
    std::vector<Task> tasks;
    tasks.reserve(items->size());
    for (auto const& item : *items)
        tasks.push_back(read_task(item));
    return tasks;
}

ApiResult<TaskCounts> BatchClient::count_tasks(std::string_view job_id) const {
    auto const json = get_json("/jobs/" + http::percent_encode(job_id) + "/taskcounts");
    if (!json) return json.error();
    return read_task_counts(*json);
}

ApiResult<std::string> BatchClient::read_task_file_end(
    std::string_view job_id, std::string_view task_id, std::string_view path, std::uint64_t bytes
) const {
    auto const file = fmt::format(
        "{}/{}/files/{}", tasks_path(job_id), http::percent_encode(task_id), http::percent_encode(path)
    );
    auto const properties = pipeline_->send(make_call(http::Verb::head, file), options_);
    if (!properties) return properties.error();
    auto const size =
        base::parse_number<std::uint64_t>(properties->response.headers.get("Content-Length")).value_or(0);
    if (size == 0) return std::string{};
    auto call = make_call(http::Verb::get, file);
    auto const first = size > bytes ? size - bytes : 0;
    call.request.headers.set("ocp-range", fmt::format("bytes={}-{}", first, size - 1));
    std::string text;
    call.before_attempt = [&text] { text.clear(); };
    call.sink = [&text, bytes](std::span<std::byte const> piece) {
        text.append(reinterpret_cast<char const*>(piece.data()), piece.size());
        // A service that ignores the range sends everything; the end is what counts.
        if (text.size() > 2 * bytes) text.erase(0, text.size() - bytes);
        return true;
    };
    auto const reply = pipeline_->send(call, options_);
    if (!reply) return reply.error();
    if (text.size() > bytes) text.erase(0, text.size() - bytes);
    return text;
}

}  // namespace bluebatch::client
