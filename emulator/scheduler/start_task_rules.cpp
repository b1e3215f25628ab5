#include "emulator/scheduler/start_task_rules.hpp"

namespace bluebatch::emulator::scheduler {

domain::NodeState state_after_boot(std::optional<WaitForSuccess> start_task) {
    return start_task == WaitForSuccess::yes ? domain::NodeState::waiting_for_start_task
                                             : domain::NodeState::idle;
}

void begin_start_task(domain::Node& node, base::TimePoint now) {
    node.start_task_info = domain::StartTaskInfo{};
    node.start_task_info->start_time = now;
}

void retry_start_task(domain::Node& node, base::TimePoint now) {
    domain::StartTaskInfo& info = *node.start_task_info;
    info.state = domain::StartTaskState::running;
    info.start_time = now;
    ++info.retry_count;
    info.last_retry_time = now;
    // Shown only while it is completed. Batch: START-5
    info.end_time.reset();
    info.exit_code.reset();
    info.failure.reset();
    info.result.reset();
}

StartTaskVerdict finish_start_task(
    domain::Node& node, domain::RunReport const& report, int max_task_retry_count
) {
    if (!node.start_task_info) node.start_task_info = domain::StartTaskInfo{};
    domain::StartTaskInfo& info = *node.start_task_info;
    info.state = domain::StartTaskState::completed;
    info.end_time = report.end_time;
    info.exit_code = report.exit_code;
    info.failure = report.stopped ? domain::task_ended() : report.failure;
    info.result = info.failure ? domain::TaskResult::failure : domain::TaskResult::success;
    if (!info.failure) return StartTaskVerdict::succeeded;
    bool const retries_left =
        max_task_retry_count == domain::kUnlimitedRetries || info.retry_count < max_task_retry_count;
    // Only a non-zero exit is tried again. Batch: START-2
    return report.retryable && !report.stopped && retries_left ? StartTaskVerdict::run_again
                                                               : StartTaskVerdict::failed;
}

}  // namespace bluebatch::emulator::scheduler
