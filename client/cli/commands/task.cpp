#include "client/cli/commands/context.hpp"
#include "client/cli/commands/document.hpp"
#include "client/cli/commands/each.hpp"
#include "client/cli/commands/groups.hpp"
#include "client/cli/commands/task_logs.hpp"
#include "client/cli/commands/task_watch.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace bluebatch::cli {
namespace {

using Json = nlohmann::json;

// How long it ran, or has been running.
std::string duration_of(Json const& task, base::TimePoint now) {
    auto const start = base::parse_iso8601(text_at(task, "executionInfo/startTime"));
    if (!start) return {};
    auto const end = base::parse_iso8601(text_at(task, "executionInfo/endTime")).value_or(now);
    return fmt::format("{:.1f}s", std::chrono::duration<double>(end - *start).count());
}

std::string filter_of(Values const& values) {
    auto filter = values.text("--filter");
    auto const also = [&filter](std::string_view more) {
        filter = filter.empty() ? std::string(more) : fmt::format("({}) and {}", filter, more);
    };
    if (auto const state = values.find("--state")) also(fmt::format("state eq '{}'", *state));
    if (values.has("--failed")) also("executionInfo/result eq 'failure'");
    return filter;
}

Outcome<ExitStatus> list_tasks(CommandContext const& context) {
    auto const& job = context.values.text("JOB");
    auto const tasks = context.batch.task_documents(job, filter_of(context.values));
    if (!tasks) return context.batch_failure(tasks.error(), fmt::format("list the tasks of job {}", job));
    if (context.wants_json()) {
        context.print(*tasks);
        return ExitStatus::success;
    }
    Table table(
        {{"TASK"},
         {"STATE"},
         {"RESULT"},
         {"EXIT", Align::right},
         {"RETRIES", Align::right},
         {"TIME", Align::right},
         {"NODE"},
         {"COMMAND"}}
    );
    for (auto const& task : *tasks) {
        table.add(
            {text_at(task, "id"),
             text_at(task, "state"),
             text_at(task, "executionInfo/result"),
             text_at(task, "executionInfo/exitCode"),
             text_at(task, "executionInfo/retryCount"),
             duration_of(task, context.world.clock.now()),
             text_at(task, "nodeInfo/nodeId"),
             text_at(task, "commandLine")}
        );
    }
    context.print(table, fmt::format("No such tasks in job {}.", job));
    return ExitStatus::success;
}

Outcome<ExitStatus> show_task(CommandContext const& context) {
    auto const& job = context.values.text("JOB");
    auto const& id = context.values.text("TASK");
    auto const task = context.batch.task_document(job, id);
    if (!task) return context.batch_failure(task.error(), fmt::format("show task {} of job {}", id, job));
    context.print_members(*task, {"id", "state", "commandLine", "executionInfo", "nodeInfo"});
    return ExitStatus::success;
}

Outcome<Json> make_task_document(CommandContext const& context) {
    auto const& values = context.values;
    auto document = read_specification(context);
    if (!document) return document;
    auto& task = *document;
    task["id"] = values.text("TASK");
    if (auto const command = values.find("--command")) task["commandLine"] = *command;
    if (!task.contains("commandLine")) {
        return Failure{ExitStatus::usage, "What shall it run? Give --command 'echo hello'."};
    }
    auto const wrong_type = [](std::string_view member, std::string_view type) {
        return Failure{ExitStatus::usage, fmt::format("--file: {} is not {}.", member, type)};
    };
    auto& settings = task["environmentSettings"];
    if (!settings.is_null() && !settings.is_array()) return wrong_type("environmentSettings", "an array");
    auto& constraints = task["constraints"];
    if (!constraints.is_null() && !constraints.is_object()) return wrong_type("constraints", "an object");
    for (auto const& setting : values.all("--env")) {
        auto const equals = setting.find('=');
        if (equals == std::string::npos || equals == 0) {
            return Failure{ExitStatus::usage, fmt::format("--env {}: give NAME=VALUE.", setting)};
        }
        settings.push_back({{"name", setting.substr(0, equals)}, {"value", setting.substr(equals + 1)}});
    }
    if (auto const retries = values.count("--retries")) constraints["maxTaskRetryCount"] = *retries;
    if (settings.is_null()) task.erase("environmentSettings");
    if (constraints.is_null()) task.erase("constraints");
    return document;
}

Outcome<ExitStatus> create_task(CommandContext const& context) {
    auto const& job = context.values.text("JOB");
    auto const& id = context.values.text("TASK");
    auto const document = make_task_document(context);
    if (!document) return document.error();
    auto const doing = fmt::format("create task {} of job {}", id, job);
    auto const added = context.batch.add_task(job, *document);
    if (!added) return context.batch_failure(added.error(), doing);
    if (!context.wants_json()) {
        context.console().line(fmt::format("Task {} created.", id));
        return ExitStatus::success;
    }
    auto const task = context.batch.task_document(job, id);
    if (!task) return context.batch_failure(task.error(), doing);
    context.print(*task);
    return ExitStatus::success;
}

Outcome<ExitStatus> wait_tasks(CommandContext const& context) {
    auto const& job = context.values.text("JOB");
    auto const& ids = context.values.all("TASK");
    auto ended = Json::array();
    bool has_failures = false;
    std::vector<TaskWatch> watches;
    for (auto const& id : ids)
        watches.emplace_back(context, job, id);
    auto const status = wait_for(
        context,
        fmt::format("The end of task {}", fmt::join(ids, ", ")),
        [&]() -> Outcome<std::optional<ExitStatus>> {
            while (ended.size() < watches.size()) {
                auto const task = watches[ended.size()].look();
                if (!task) return task.error();
                if (text_at(*task, "state") != "completed") return std::optional<ExitStatus>{};
                has_failures = has_failures || text_at(*task, "executionInfo/result") != "success";
                ended.push_back(*task);
            }
            return std::optional(has_failures ? ExitStatus::task_failed : ExitStatus::success);
        }
    );
    if (!status) return status;
    if (context.wants_json()) {
        context.print(ended);
        return status;
    }
    for (auto const& task : ended) {
        context.console().line(fmt::format(
            "Task {}: {}, exit code {}",
            text_at(task, "id"),
            text_at(task, "executionInfo/result"),
            text_at(task, "executionInfo/exitCode")
        ));
    }
    return status;
}

// One request for each task that was named, and the same word for all of them.
Outcome<ExitStatus> act_on_tasks(
    CommandContext const& context,
    std::string_view verb,
    std::string_view done,
    client::ApiResult<void> (client::BatchClient::*act)(std::string_view, std::string_view) const
) {
    auto const& job = context.values.text("JOB");
    Each tasks(context, context.values.all("TASK"), done);
    auto const act_on_one = [&](std::string const& id) -> Outcome<void> {
        auto const acted = (context.batch.*act)(job, id);
        if (acted) return {};
        return context.batch_failure(acted.error(), fmt::format("{} task {} of job {}", verb, id, job));
    };
    tasks.carry_out(act_on_one, [done](auto const& id) { return fmt::format("Task {} {}.", id, done); });
    return tasks.finish();
}

Outcome<ExitStatus> delete_tasks(CommandContext const& context) {
    auto const& values = context.values;
    auto const what =
        fmt::format("task {} of job {}", fmt::join(values.all("TASK"), ", "), values.text("JOB"));
    if (auto const declined = context.declined(what)) return *declined;
    return act_on_tasks(context, "delete", "deleted", &client::BatchClient::delete_task);
}

Outcome<ExitStatus> terminate_tasks(CommandContext const& context) {
    return act_on_tasks(context, "terminate", "terminated", &client::BatchClient::terminate_task);
}

Outcome<ExitStatus> reactivate_tasks(CommandContext const& context) {
    return act_on_tasks(context, "reactivate", "reactivated", &client::BatchClient::reactivate_task);
}

Parameter follow_timeout_option() {
    auto option = timeout_option("24h");
    option.help = "With --follow: how long, as in 90s, 30m, 2h. Exit status 3 when it is over";
    return option;
}

}  // namespace

CommandGroup task_commands() {
    Parameter const job{"JOB", Use::argument, "The job's id"};
    Parameter const task{"TASK", Use::argument, "The task's id"};
    Parameter const tasks{"TASK", Use::arguments, "Their ids"};
    return {
        "task",
        "Tasks of a job and what they said",
        {
            {"list",
             "List the tasks of a job",
             {job,
              {"--state",
               Use::option,
               "Only those in that state",
               "active|preparing|running|completed",
               Kind::text},
              {"--failed", Use::flag, "Only those that failed"},
              filter_option()},
             "bluebatch task list myjob\nbluebatch task list myjob --failed --json",
             Services::batch,
             &list_tasks},
            {"show",
             "Show everything about a task",
             {job, task},
             "bluebatch task show myjob mytask",
             Services::batch,
             &show_task},
            {"create",
             "Add a task to a job",
             {job,
              task,
              {"--command,-c",
               Use::option,
               "What it runs; shells must be named, as in \"/bin/bash -c '...'\"",
               "COMMAND"},
              {"--env,-e", Use::repeatable_option, "A variable of its environment", "NAME=VALUE"},
              {"--retries",
               Use::option,
               "How often it is tried again when it fails; -1 for ever",
               "N",
               Kind::count},
              specification_option()},
             "bluebatch task create myjob mytask --command \"/bin/bash -c 'echo hello'\"",
             Services::batch,
             &create_task},
            {"logs",
             "Show what a task wrote to standard output and error",
             {job,
              task,
              {"--follow,-f", Use::flag, "Go on until the task ends; exit status 1 when it failed"},
              {"--stdout", Use::flag, "Only its standard output"},
              {"--stderr", Use::flag, "Only its standard error"},
              {"--lines,-n",
               Use::option,
               "Begin with the last N lines instead of the first",
               "N",
               Kind::count},
              follow_timeout_option()},
             "bluebatch task logs myjob mytask\nbluebatch task logs myjob mytask -f --stderr",
             Services::batch,
             &show_task_logs,
             Output::content},
            {"wait",
             "Wait until tasks have ended; exit status 1 when one failed",
             {job, tasks, timeout_option()},
             "bluebatch task wait myjob mytask --timeout 5m",
             Services::batch,
             &wait_tasks},
            {"terminate",
             "End tasks",
             {job, tasks},
             "bluebatch task terminate myjob mytask",
             Services::batch,
             &terminate_tasks},
            {"reactivate",
             "Run tasks that failed again",
             {job, tasks},
             "bluebatch task reactivate myjob mytask",
             Services::batch,
             &reactivate_tasks},
            {"delete",
             "Delete tasks",
             {job, tasks, yes_flag()},
             "bluebatch task delete myjob mytask --yes",
             Services::batch,
             &delete_tasks},
        }};
}

}  // namespace bluebatch::cli
