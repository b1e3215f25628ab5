#include "emulator/scheduler/task_rules.hpp"

#include <algorithm>
#include <iterator>

namespace bluebatch::emulator::scheduler {

namespace {

using domain::StopReason;
using domain::TaskState;

// Batch: TASK-13, TASK-14
void clear_outcome(domain::TaskExecution& execution) {
    execution.start_time.reset();
    execution.end_time.reset();
    execution.exit_code.reset();
    execution.result.reset();
    execution.failure.reset();
}

void complete(domain::Task& task, std::optional<domain::FailureInfo> failure, base::TimePoint now) {
    task.execution.end_time = now;
    task.execution.result = failure ? domain::TaskResult::failure : domain::TaskResult::success;
    task.execution.failure = std::move(failure);
    task.termination_requested = false;
    move_to(task, TaskState::completed, now);
}

std::optional<domain::FailureInfo> failure_of(domain::RunReport const& report) {
    if (!report.stopped) return report.failure;
    return *report.stopped == StopReason::wall_clock ? domain::max_wall_clock_time_exceeded()
                                                     : domain::task_ended();
}

// Batch: TASK-19, TASK-20
bool wants_retry(domain::Task const& task, domain::RunReport const& report, Retries retries) {
    if (!report.retryable || retries == Retries::none || task.termination_requested) return false;
    int const limit = task.constraints.max_task_retry_count;
    return limit == domain::kUnlimitedRetries || task.execution.retry_count < limit;
}

bool is_of(domain::RecentTask const& recent, std::string_view job_id, std::string_view task_id) {
    return recent.task_id == task_id && recent.job_id == job_id;
}

}  // namespace

void assign(domain::Task& task, domain::TaskPlace place, TaskState state, base::TimePoint now) {
    task.place = std::move(place);
    move_to(task, state, now);
    if (state == TaskState::running) task.execution.start_time = now;
}

void begin_run(domain::Task& task, base::TimePoint now) {
    move_to(task, TaskState::running, now);
    task.execution.start_time = now;
}

void requeue(domain::Task& task, RequeueKind kind, base::TimePoint now) {
    clear_outcome(task.execution);
    if (kind == RequeueKind::counted) {
        ++task.execution.requeue_count;
        task.execution.last_requeue_time = now;
    }
    move_to(task, TaskState::active, now);
}

void finish_run(
    domain::Task& task,
    domain::RunReport const& report,
    RequeueKind requeue_kind,
    Retries retries,
    base::TimePoint now
) {
    if (report.stopped == StopReason::requeued && !task.termination_requested) {
        requeue(task, requeue_kind, now);
        return;
    }
    if (!report.stopped && wants_retry(task, report, retries)) {
        // The outcome of a try that is not the last one is not shown. Batch: TASK-14, TASK-21
        clear_outcome(task.execution);
        ++task.execution.retry_count;
        task.execution.last_retry_time = now;
        move_to(task, TaskState::active, now);
        return;
    }
    task.execution.exit_code = report.exit_code;
    complete(task, failure_of(report), std::max(report.end_time, task.execution.start_time.value_or(now)));
}

void finish_unstarted(domain::Task& task, StopReason reason, RequeueKind requeue_kind, base::TimePoint now) {
    if (reason == StopReason::requeued && !task.termination_requested) {
        requeue(task, requeue_kind, now);
        return;
    }
    task.execution.start_time.reset();
    complete(task, domain::task_ended(), now);
}

void take_slots(domain::Node& node, int slots) {
    ++node.running_tasks_count;
    node.running_task_slots_count += slots;
    if (node.state == domain::NodeState::idle) node.state = domain::NodeState::running;
}

void give_back_slots(domain::Node& node, int slots) {
    --node.running_tasks_count;
    node.running_task_slots_count -= slots;
    if (node.running_tasks_count == 0 && node.state == domain::NodeState::running)
        node.state = domain::NodeState::idle;
}

void note_completed_task(domain::Node& node, domain::Task const& task) {
    ++node.total_tasks_run;
    if (task.execution.result == domain::TaskResult::success) ++node.total_tasks_succeeded;
}

void note_recent_task(domain::Node& node, domain::Task const& task, int subtask) {
    auto& recent = node.recent_tasks;
    auto place =
        std::ranges::find_if(recent, [&](auto const& other) { return is_of(other, task.job_id, task.id); });
    if (place == recent.end()) {
        if (recent.size() < domain::kRecentTasks) recent.emplace_back();
        place = std::prev(recent.end());
    }
    // It comes first, and those before it move on: none of them when it has just begun there.
    std::move_backward(recent.begin(), place, std::next(place));
    auto const subtask_id = task.instances > 0 ? std::optional{subtask} : std::nullopt;
    recent.front() = {task.job_id, task.id, task.state, task.execution, subtask_id};
}

void forget_recent_task(domain::Node& node, std::string_view job_id, std::string_view task_id) {
    std::erase_if(node.recent_tasks, [&](auto const& recent) { return is_of(recent, job_id, task_id); });
}

}  // namespace bluebatch::emulator::scheduler
