#include "emulator/scheduler/node_task_rules.hpp"

namespace bluebatch::emulator::scheduler {

domain::NodeState state_after_boot(std::optional<WaitForSuccess> start_task) {
    return start_task == WaitForSuccess::yes ? domain::NodeState::waiting_for_start_task
                                             : domain::NodeState::idle;
}

domain::NodeTaskInfo begin_node_task(base::TimePoint now) {
    domain::NodeTaskInfo info;
    info.start_time = now;
    return info;
}

void retry_node_task(domain::NodeTaskInfo& info, base::TimePoint now) {
    info.state = domain::NodeTaskState::running;
    info.start_time = now;
    ++info.retry_count;
    info.last_retry_time = now;
    // Shown only while it is completed. Batch: START-5
    info.end_time.reset();
    info.exit_code.reset();
    info.failure.reset();
    info.result.reset();
}

NodeTaskVerdict finish_node_task(
    domain::NodeTaskInfo& info, domain::RunReport const& report, int max_task_retry_count
) {
    info.state = domain::NodeTaskState::completed;
    info.end_time = report.end_time;
    info.exit_code = report.exit_code;
    info.failure = report.failure;
    if (report.stopped) {
        bool const is_late = *report.stopped == domain::StopReason::wall_clock;
        info.failure = is_late ? domain::max_wall_clock_time_exceeded() : domain::task_ended();
    }
    info.result = info.failure ? domain::TaskResult::failure : domain::TaskResult::success;
    if (!info.failure) return NodeTaskVerdict::succeeded;
    bool const retries_left =
        max_task_retry_count == domain::kUnlimitedRetries || info.retry_count < max_task_retry_count;
    // Only a non-zero exit is tried again. Batch: START-2
    return report.retryable && !report.stopped && retries_left ? NodeTaskVerdict::run_again
                                                               : NodeTaskVerdict::failed;
}

}  // namespace bluebatch::emulator::scheduler
