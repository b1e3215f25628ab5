#include "client/cli/commands/task_logs.hpp"

#include "client/cli/commands/document.hpp"
#include "client/cli/commands/follow.hpp"
#include "client/cli/commands/task_watch.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace bluebatch::cli {
namespace {

using client::ApiError;
using client::ApiResult;

GrowingText text_of(
    client::BatchClient const& batch, client::FileOwner const& task, std::string const& path
) {
    return {
        [batch, task, path]() -> ApiResult<TextState> {
            // Each run of a task writes files of its own.
            auto const document = batch.task_document(task.parent, task.id);
            if (!document) return document.error();
            auto const properties = batch.file_properties(task, path);
            if (!properties) return properties.error();
            return TextState{properties->size, text_at(*document, "executionInfo/startTime")};
        },
        [batch, task, path](std::uint64_t offset, std::uint64_t length) {
            return batch.read_file(task, path, offset, length);
        }};
}

// There are no files before the task has been given to a node.
bool has_no_files_yet(ApiError const& error) {
    return client::has_status(error, 404) || client::has_status(error, 409);
}

class TaskLogs {
public:
    explicit TaskLogs(CommandContext const& context)
        : context_(context),
          job_(context.values.text("JOB")),
          id_(context.values.text("TASK")),
          lines_(context.values.count("--lines")),
          watch_(context, job_, id_) {
        client::FileOwner const task{client::FileOwnerKind::task, job_, id_};
        auto& console = context.console();
        bool const only_one = context.values.has("--stdout") != context.values.has("--stderr");
        if (!only_one || context.values.has("--stdout")) {
            add(task, "stdout.txt", [&console](std::string_view bytes) { return console.write(bytes); });
        }
        if (!only_one || context.values.has("--stderr")) {
            add(task, "stderr.txt", [&console](std::string_view bytes) { return console.write_error(bytes); }
            );
        }
    }

    Outcome<ExitStatus> show() {
        auto const task = find();
        if (!task) return task.error();
        auto const done = catch_up();
        if (done) return ExitStatus::success;
        bool const has_run = !text_at(*task, "nodeInfo/nodeId").empty();
        if (has_run || !has_no_files_yet(done.error())) return failure(done.error());
        return Failure{
            ExitStatus::usage,
            fmt::format(
                "Task {0} has not run on any node, so it has said nothing; it is {1}.\n  'bluebatch task "
                "logs "
                "{2} {0} --follow' waits for what it says.",
                id_,
                text_at(*task, "state"),
                job_
            )};
    }

    // The task is looked at before its files, so that what it wrote last is not missed.
    Outcome<std::optional<ExitStatus>> look() {
        auto const task = watch_.look();
        if (!task) return task.error();
        bool const is_completed = text_at(*task, "state") == "completed";
        auto const done = catch_up();
        if (!done && !(has_no_files_yet(done.error()) && !is_completed)) {
            // Of a task that never ran there is nothing to show.
            bool const never_ran = text_at(*task, "nodeInfo/nodeId").empty();
            if (!has_no_files_yet(done.error()) || !never_ran) return failure(done.error());
        }
        if (is_completed) return std::optional(judge(*task));
        // The program's end says what could not be written.
        if (is_closed()) return std::optional(ExitStatus::usage);
        return std::optional<ExitStatus>{};
    }

private:
    struct Log {
        Follower follower;
        bool has_begun = false;
    };

    void add(client::FileOwner const& task, std::string const& path, Follower::Sink sink) {
        logs_.push_back(Log{Follower(text_of(context_.batch, task, path), std::move(sink))});
    }

    Failure failure(ApiError const& error) const {
        return context_.batch_failure(error, fmt::format("read the output of task {} of job {}", id_, job_));
    }

    Outcome<nlohmann::json> find() const {
        auto task = context_.batch.task_document(job_, id_);
        if (!task)
            return context_.batch_failure(task.error(), fmt::format("find task {} of job {}", id_, job_));
        return Outcome<nlohmann::json>(boost::system::in_place_value, *std::move(task));
    }

    ApiResult<void> catch_up() {
        for (auto& log : logs_) {
            if (!log.has_begun && lines_) {
                auto const skipped = log.follower.skip_to_last_lines(static_cast<std::size_t>(*lines_));
                if (!skipped) return skipped.error();
            }
            if (auto const done = log.follower.catch_up(); !done) return done.error();
            log.has_begun = true;
        }
        return {};
    }

    bool is_closed() const {
        bool const writes_out = !context_.values.has("--stderr") || context_.values.has("--stdout");
        if (writes_out && !context_.console().has_reader()) return true;
        return std::any_of(logs_.begin(), logs_.end(), [](Log const& log) {
            return log.follower.is_closed();
        });
    }

    ExitStatus judge(nlohmann::json const& task) const {
        if (text_at(task, "executionInfo/result") == "success") return ExitStatus::success;
        auto const exit_code = text_at(task, "executionInfo/exitCode");
        auto const why = text_at(task, "executionInfo/failureInfo/message");
        context_.console().error(fmt::format(
            "Task {} failed{}{}",
            id_,
            exit_code.empty() ? std::string{} : fmt::format(" with exit code {}", exit_code),
            why.empty() ? "." : ": " + printable(why)
        ));
        return ExitStatus::task_failed;
    }

    CommandContext const& context_;
    std::string const& job_;
    std::string const& id_;
    std::optional<int> lines_;
    TaskWatch watch_;
    std::vector<Log> logs_;
};

}  // namespace

Outcome<ExitStatus> show_task_logs(CommandContext const& context) {
    TaskLogs logs(context);
    if (!context.values.has("--follow")) return logs.show();
    return wait_for(context, fmt::format("The end of task {}", context.values.text("TASK")), [&logs] {
        return logs.look();
    });
}

}  // namespace bluebatch::cli
