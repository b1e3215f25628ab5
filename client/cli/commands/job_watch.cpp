#include "client/cli/commands/job_watch.hpp"

#include "client/cli/commands/document.hpp"
#include "client/cli/commands/live_block.hpp"
#include "client/cli/durations.hpp"
#include "client/cli/progress.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

namespace bluebatch::cli {
namespace {

using Json = nlohmann::json;

// Rows of tasks on the screen, and failures that are named in lines.
constexpr std::size_t kMostRows = 12;
constexpr std::size_t kMostNamed = 100;
constexpr std::size_t kUsualWidth = 79;
constexpr std::size_t kNarrowestWatch = 20;

class Watch {
public:
    Watch(CommandContext const& context, std::string const& job, WatchForm form)
        : context_(context),
          job_(job),
          form_(form),
          screen_(context.console()),
          started_(context.world.clock.now()) {}

    Outcome<std::optional<ExitStatus>> look() {
        auto const job = context_.batch.job_document(job_);
        if (!job) return was_there_ && client::has_status(job.error(), 404) ? gone() : failure(job.error());
        was_there_ = true;
        auto const counts = context_.batch.count_tasks(job_);
        if (!counts) return client::has_status(counts.error(), 404) ? gone() : failure(counts.error());
        auto const left = counts->active + counts->running;
        bool const has_ended = text_at(*job, "state") == "completed";
        if (form_ == WatchForm::live) {
            auto const shown = show(text_at(*job, "state"), *counts);
            if (!shown) return shown.error();
        }
        bool const is_done = has_ended || (left == 0 && counts->completed > 0);
        if (!is_done) {
            // The program's end says what could not be written.
            bool const is_read = form_ == WatchForm::quiet || context_.console().has_reader();
            return is_read ? std::optional<ExitStatus>{} : std::optional(ExitStatus::usage);
        }
        failed_ = counts->failed;
        succeeded_ = counts->succeeded;
        // Tasks that wait stay as they are when their job ends.
        unfinished_ = left;
        reason_ = text_at(*job, "executionInfo/terminateReason");
        if (unfinished_ > 0) return std::optional(ExitStatus::unreachable);
        return std::optional(failed_ > 0 ? ExitStatus::task_failed : ExitStatus::success);
    }

    std::string summary() const {
        auto const total = succeeded_ + failed_ + unfinished_;
        std::string text;
        if (unfinished_ > 0) {
            text = fmt::format(
                "{0} of {1} tasks of job {2} never ran and never will: the job has ended{3}.\n  'bluebatch "
                "task list {2} --state active' names them.",
                unfinished_,
                total,
                job_,
                reason_.empty() ? reason_ : fmt::format(" ({})", printable(reason_))
            );
        }
        if (failed_ > 0) {
            text += fmt::format(
                "{0}{1} of {2} tasks of job {3} failed.\n  'bluebatch task list {3} --failed' names them, "
                "'bluebatch task logs {3} TASK' shows what they said.",
                text.empty() ? "" : "\n",
                failed_,
                total,
                job_
            );
        }
        return text.empty() ? fmt::format("All {} tasks of job {} succeeded.", total, job_) : text;
    }

    Json document() const {
        return {{"id", job_}, {"succeeded", succeeded_}, {"failed", failed_}, {"unfinished", unfinished_}};
    }

private:
    Failure failure(client::ApiError const& error) const {
        return context_.batch_failure(error, fmt::format("watch job {}", job_));
    }

    Failure gone() const {
        return {ExitStatus::unreachable, fmt::format("Job {} was deleted before its tasks were done.", job_)};
    }

    Outcome<void> show(std::string const& state, client::TaskCounts const& counts) {
        auto const line = fmt::format(
            "Job {}: {}; {} waiting, {} running, {} succeeded, {} failed",
            job_,
            state,
            counts.active,
            counts.running,
            counts.succeeded,
            counts.failed
        );
        if (context_.console().is_terminal()) return draw(line, counts);
        if (line == last_line_) return {};
        last_line_ = line;
        context_.console().line(line);
        return name_failures(counts);
    }

    // A job may have very many of them, so the first are listed, and only when there are more.
    client::ApiResult<void> find_failures(client::TaskCounts const& counts, std::size_t most) {
        if (counts.failed == listed_failures_) return {};
        auto tasks = context_.batch.first_task_documents(job_, "executionInfo/result eq 'failure'", most);
        if (!tasks) return tasks.error();
        failures_ = *std::move(tasks);
        listed_failures_ = counts.failed;
        return {};
    }

    Outcome<void> name_failures(client::TaskCounts const& counts) {
        if (auto const found = find_failures(counts, kMostNamed); !found) {
            return failure(found.error());
        }
        for (auto const& task : failures_) {
            if (!named_.insert(text_at(task, "id")).second) continue;
            context_.console().line(fmt::format(
                "Task {} failed: {}",
                printable(text_at(task, "id")),
                printable(text_at(task, "executionInfo/failureInfo/message"))
            ));
        }
        return {};
    }

    Outcome<void> draw(std::string const& title, client::TaskCounts const& counts) {
        auto tasks = context_.batch.first_task_documents(
            job_, "state eq 'running' or state eq 'preparing'", kMostRows
        );
        if (!tasks) return failure(tasks.error());
        if (auto const found = find_failures(counts, kMostRows); !found) {
            return failure(found.error());
        }
        // What runs comes first, because it changes.
        tasks->insert(tasks->end(), failures_.begin(), failures_.end());
        auto const now = context_.world.clock.now();
        auto const total = counts.active + counts.running + counts.completed;
        auto const share =
            total == 0 ? 0.0 : static_cast<double>(counts.completed) / static_cast<double>(total);
        auto const columns = context_.console().width();
        auto const width = columns == 0 ? kUsualWidth : std::max<std::size_t>(columns, kNarrowestWatch) - 1;
        auto const elapsed = to_clock(std::chrono::duration_cast<std::chrono::seconds>(now - started_));
        std::vector<std::string> lines{
            fit(printable(title), width),
            fit(draw_bar(elapsed, share, fmt::format("{}/{} tasks", counts.completed, total)), width),
        };
        Table table({{"TASK"}, {"STATE"}, {"EXIT", Align::right}, {"TIME", Align::right}, {"NODE"}});
        for (auto const& task : std::span(*tasks).first(std::min(tasks->size(), kMostRows))) {
            bool const has_failed = text_at(task, "executionInfo/result") == "failure";
            table.add(
                {text_at(task, "id"),
                 has_failed ? "failed" : text_at(task, "state"),
                 text_at(task, "executionInfo/exitCode"),
                 has_failed ? "" : age_of(text_at(task, "executionInfo/startTime"), now),
                 text_at(task, "nodeInfo/nodeId")}
            );
        }
        if (!table.is_empty()) {
            for (auto& line : table.lines({context_.console().has_colours(), width}))
                lines.push_back(std::move(line));
        }
        auto const shown = static_cast<std::int64_t>(std::min(tasks->size(), kMostRows));
        auto const more = counts.running + counts.failed - shown;
        if (tasks->size() >= kMostRows && more > 0) lines.push_back(fmt::format("... and {} more", more));
        screen_.draw(lines);
        return {};
    }

    CommandContext const& context_;
    std::string const& job_;
    WatchForm form_;
    LiveBlock screen_;
    base::TimePoint started_;
    std::string last_line_;
    std::set<std::string> named_;
    std::vector<Json> failures_;
    std::int64_t listed_failures_ = 0;
    bool was_there_ = false;
    std::int64_t failed_ = 0;
    std::int64_t succeeded_ = 0;
    std::int64_t unfinished_ = 0;
    std::string reason_;  // of the job's end
};

}  // namespace

Outcome<ExitStatus> watch_job(CommandContext const& context, std::string const& id, WatchForm form) {
    Watch watch(context, id, form);
    auto const status =
        wait_for(context, fmt::format("The end of job {}'s tasks", id), [&watch] { return watch.look(); });
    if (!status) return status;
    context.tell(watch.summary(), watch.document());
    return status;
}

}  // namespace bluebatch::cli
