#include "client/cli/commands/task_watch.hpp"

#include "client/cli/commands/document.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace bluebatch::cli {
namespace {

bool is_job_over(std::string_view state) {
    return state == "terminating" || state == "completed" || state == "deleting";
}

}  // namespace

Outcome<nlohmann::json> TaskWatch::look() {
    auto task = context_.batch.task_document(job_, id_);
    if (!task) return lost(task.error());
    was_there_ = true;
    if (text_at(*task, "state") == "active") {
        auto const job = context_.batch.job_document(job_);
        if (!job) return lost(job.error());
        if (is_job_over(text_at(*job, "state"))) {
            // It may have run between the two looks.
            task = context_.batch.task_document(job_, id_);
            if (!task) return lost(task.error());
            if (text_at(*task, "state") == "active")
                return job_has_ended(text_at(*job, "executionInfo/terminateReason"));
        }
    }
    return Outcome<nlohmann::json>(boost::system::in_place_value, *std::move(task));
}

Failure TaskWatch::lost(client::ApiError const& error) const {
    bool const is_going = client::has_code(error, "JobBeingDeleted");
    if (!was_there_ || !(is_going || client::has_status(error, 404)))
        return context_.batch_failure(error, fmt::format("find task {} of job {}", id_, job_));
    if (client::has_code(error, "TaskNotFound")) {
        return {
            ExitStatus::unreachable,
            fmt::format("Task {} of job {} was deleted before it ended.", id_, job_)};
    }
    return job_has_ended("it is gone");
}

Failure TaskWatch::job_has_ended(std::string const& how) const {
    return {
        ExitStatus::unreachable,
        fmt::format(
            "Task {} can't run any more: the job has ended{}.\n  'bluebatch job show {}' tells when.",
            id_,
            how.empty() ? how : fmt::format(" ({})", printable(how)),
            job_
        )};
}

}  // namespace bluebatch::cli
