#include "emulator/batch/service/tasks.hpp"

#include "emulator/batch/errors.hpp"
#include "emulator/batch/routes/statistics.hpp"
#include "emulator/batch/routes/tables.hpp"
#include "emulator/batch/rules/rules.hpp"
#include "emulator/batch/service/subtasks.hpp"
#include "emulator/batch/wire/entities.hpp"
#include "emulator/batch/wire/reader.hpp"
#include "emulator/batch/wire/schema/task.hpp"
#include "emulator/batch/wire/task_writer.hpp"

#include <algorithm>

namespace bluebatch::emulator::batch::routes {
namespace {

using http::Verb;
using wire::schema::kTask;

constexpr std::size_t kMostTasks = 100;  // Batch: TASK-9

constexpr auto kCollectionFields = std::to_array<wire::Field>({wire::objects("value", kTask).needed()});
constexpr wire::Object kCollection{"TaskAddCollectionParameter", kCollectionFields};

// Before there was a default, files stayed as long as their node. Batch: REST-7
void add_retention(wire::Json& constraints, wire::ApiVersion version) {
    if (version < wire::ApiVersion::v2018_12 && !constraints.contains("retentionTime"))
        constraints["retentionTime"] = base::to_iso8601_duration(base::kUnlimited);
}

// The user the task runs as has changed its default, and so has the retention of files. Batch: REST-7
void add_defaults(wire::Json& body, wire::ApiVersion version) {
    if (auto const settings = body.find("multiInstanceSettings"); settings != body.end()) {
        if (!settings->contains("numberOfInstances")) (*settings)["numberOfInstances"] = 1;  // Batch: MI-1
    }
    if (version < wire::ApiVersion::v2018_12) add_retention(body["constraints"], version);
    bool const is_current = version >= wire::ApiVersion::v2019_08;
    if (is_current && !body.contains("userIdentity")) return;
    auto& identity = body["userIdentity"];
    if (identity.contains("username")) return;
    auto& user = identity["autoUser"];
    if (!user.contains("scope")) user["scope"] = is_current ? "pool" : "task";
    if (!user.contains("elevationLevel")) user["elevationLevel"] = "nonadmin";
}

service::NewTask check_task(wire::Json body, wire::ApiVersion version) {
    if (auto const fault = rules::check_new_task(body)) return *fault;
    add_defaults(body, version);
    return wire::succeed(std::move(body));
}

void append_task(
    std::string& out,
    Call const& call,
    wire::Selection const& selection,
    wire::TaskWriter& writer,
    domain::Task const& task
) {
    if (!wants_statistics(call, selection)) return writer.append(out, task);
    auto const url = call.urls.task(task.job_id, task.id) + "/lifetimestats";
    auto const statistics = task_statistics(task, url, call.now);
    writer.append(out, task, statistics ? &*statistics : nullptr);
}

Result<http::Response> add_task(Call const& call) {
    auto body = read_body(call, kTask, wire::kAdd);
    if (!body) return body.error();
    auto task = check_task(std::move(*body), call.version);
    if (!task) return task.error();
    std::vector<service::NewTask> tasks;
    tasks.push_back(std::move(task));
    auto const added = service::add_tasks(call.context(), call.path["jobId"], std::move(tasks));
    if (!added) return added.error();
    auto const& result = added->front();
    if (!result) return result.error();
    return created(call.urls.task(result->job_id, result->id), result->last_modified);
}

wire::Json write_added(Call const& call, std::string_view task_id, Result<domain::Task> const& result) {
    if (!result) {
        return {
            {"status", "ClientError"},
            {"taskId", task_id},
            {"error", error_json(result.error(), call.request_id, call.now)}};
    }
    return {
        {"status", "Success"},
        {"taskId", result->id},
        {"eTag", base::to_etag(result->last_modified)},
        {"lastModified", base::to_iso8601(result->last_modified)},
        {"location", call.urls.task(result->job_id, result->id)}};
}

Result<http::Response> add_task_collection(Call const& call) {
    auto body = read_body(call, kCollection, wire::kAdd);
    if (!body) return body.error();
    auto& values = body->at("value");
    if (values.empty() || values.size() > kMostTasks) {
        return wire::invalid_property(
            "value", std::to_string(values.size()), "A collection has between 1 and 100 tasks"
        );
    }
    std::vector<std::string> ids;
    std::vector<service::NewTask> tasks;
    for (auto& value : values) {
        ids.emplace_back(wire::text_of(value, "id"));
        tasks.push_back(check_task(std::move(value), call.version));
    }
    auto const added = service::add_tasks(call.context(), call.path["jobId"], std::move(tasks));
    if (!added) return added.error();
    auto results = wire::Json::array();
    for (std::size_t i = 0; i < ids.size(); ++i)
        results.push_back(write_added(call, ids[i], (*added)[i]));
    return list_answer(call, "taskaddresult", std::move(results), std::nullopt);
}

Result<http::Response> get_task(Call const& call) {
    auto const selection = read_selection(call, kTask);
    if (!selection) return selection.error();
    auto const conditions = read_conditions(call);
    if (!conditions) return conditions.error();
    auto const task = service::get_task(call.context(), call.path["jobId"], call.path["taskId"], *conditions);
    if (!task) return task.error();
    std::string text;
    wire::TaskWriter writer(call.urls, *selection, call.version);
    append_task(text, call, *selection, writer, *task);
    auto response = text_answer(call, "tasks/@Element", text);
    put_tag(response, task->last_modified);
    return response;
}

Result<http::Response> list_tasks(Call const& call) {
    auto const selection = read_selection(call, kTask);
    if (!selection) return selection.error();
    auto const query = read_list_query(call, storage::ListKind::tasks);
    if (!query) return query.error();
    auto tasks = service::list_tasks(call.context(), call.path["jobId"], *query);
    if (!tasks) return tasks.error();
    bool const more = cut_page(*tasks, *query);
    std::string values;
    wire::TaskWriter writer(call.urls, *selection, call.version);
    for (auto const& task : *tasks) {
        if (!values.empty()) values += ',';
        append_task(values, call, *selection, writer, task);
    }
    auto const next = more ? std::optional{tasks->back().id} : std::nullopt;
    return list_text_answer(call, "tasks", values, next);
}

Result<http::Response> delete_task(Call const& call) {
    auto const conditions = read_conditions(call);
    if (!conditions) return conditions.error();
    auto const task =
        service::delete_task(call.context(), call.path["jobId"], call.path["taskId"], *conditions);
    if (!task) return task.error();
    return empty_answer(200);
}

Result<http::Response> terminate_task(Call const& call) {
    auto const conditions = read_conditions(call);
    if (!conditions) return conditions.error();
    auto const task =
        service::terminate_task(call.context(), call.path["jobId"], call.path["taskId"], *conditions);
    if (!task) return task.error();
    return done(call, 204, task->last_modified);
}

// Without a DataServiceId, as recorded.
Result<http::Response> reactivate_task(Call const& call) {
    auto const conditions = read_conditions(call);
    if (!conditions) return conditions.error();
    auto const task =
        service::reactivate_task(call.context(), call.path["jobId"], call.path["taskId"], *conditions);
    if (!task) return task.error();
    auto response = empty_answer(204);
    put_tag(response, task->last_modified);
    return response;
}

Result<http::Response> replace_task(Call const& call) {
    auto const conditions = read_conditions(call);
    if (!conditions) return conditions.error();
    auto body = read_body(call, kTask, wire::kReplace);
    if (!body) return body.error();
    if (call.version < wire::ApiVersion::v2018_12) add_retention((*body)["constraints"], call.version);
    auto const* const constraints = wire::find(*body, "constraints");
    if (constraints != nullptr) {
        if (auto const fault = rules::check_task_constraints(*constraints)) return *fault;
    }
    auto const task =
        service::replace_task(call.context(), call.path["jobId"], call.path["taskId"], *conditions, *body);
    if (!task) return task.error();
    return done(call, 200, task->last_modified);
}

Result<http::Response> list_subtasks(Call const& call) {
    auto const selection = read_selection(call, wire::schema::kSubtask);
    if (!selection) return selection.error();
    auto const found = service::list_subtasks(call.context(), call.path["jobId"], call.path["taskId"]);
    if (!found) return found.error();
    auto values = wire::Json::array();
    for (auto const& subtask : found->subtasks) {
        auto json = wire::to_json(subtask, found->task, call.urls);
        values.push_back(
            selection->apply(wire::write_object(std::move(json), wire::schema::kSubtask, call.version))
        );
    }
    return list_answer(call, "subtaskinfo", std::move(values), std::nullopt);
}

// clang-format off
constexpr auto kTaskRoutes = std::to_array<Route>({
    {Verb::get,    "/jobs/{jobId}/tasks",                    "", "Task_List",          &list_tasks},
    {Verb::post,   "/jobs/{jobId}/tasks",                    "", "Task_Add",           &add_task},
    {Verb::post,   "/jobs/{jobId}/addtaskcollection",        "", "Task_AddCollection", &add_task_collection},
    {Verb::get,    "/jobs/{jobId}/tasks/{taskId}",           "", "Task_Get",           &get_task},
    {Verb::put,    "/jobs/{jobId}/tasks/{taskId}",           "", "Task_Update",        &replace_task},
    {Verb::remove, "/jobs/{jobId}/tasks/{taskId}",           "", "Task_Delete",        &delete_task},
    {Verb::post,   "/jobs/{jobId}/tasks/{taskId}/terminate", "", "Task_Terminate",     &terminate_task},
    {Verb::post,   "/jobs/{jobId}/tasks/{taskId}/reactivate", "", "Task_Reactivate",   &reactivate_task},
    {Verb::get,    "/jobs/{jobId}/tasks/{taskId}/subtasksinfo", "", "Task_ListSubtasks", &list_subtasks},
});
// clang-format on

}  // namespace

std::span<Route const> task_routes() {
    return kTaskRoutes;
}

}  // namespace bluebatch::emulator::batch::routes
