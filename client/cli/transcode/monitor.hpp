#pragma once

#include "client/cli/transcode/run_context.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bluebatch::cli::transcode {

enum class TaskEnd : std::uint8_t { unfinished, succeeded, failed };

// What became of one conversion, in the order of the plan.
struct TaskReport {
    TaskEnd end = TaskEnd::unfinished;
    std::optional<int> exit_code;
    std::string failure;     // for a person; empty on success
    std::string stderr_end;  // the last of what a failed task wrote
    std::optional<double> seconds;
    std::uint64_t result_size = 0;
};

enum class MonitorEnd : std::uint8_t { all_completed, timed_out, interrupted };

struct MonitorResult {
    MonitorEnd end = MonitorEnd::all_completed;
    std::vector<TaskReport> reports;

    std::size_t count(TaskEnd wanted) const;
};

// Polls until every task is completed or time is up, and fetches each result as soon as its task is done.
// Fails when the service can't be asked any more or the pool will never run a task.
Outcome<MonitorResult> monitor_tasks(
    RunContext const& context, std::vector<client::RefusedTask> const& refused
);

}  // namespace bluebatch::cli::transcode
