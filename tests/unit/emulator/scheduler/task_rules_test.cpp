#include "emulator/scheduler/task_rules.hpp"

#include <gtest/gtest.h>

namespace bluebatch::emulator::scheduler {
namespace {

using domain::StopReason;
using domain::TaskState;

constexpr base::TimePoint kNow{base::Ticks{17'095'464'000'000'000}};

domain::Task running_task(int max_retries = 0, int retries = 0) {
    domain::Task task;
    task.state = TaskState::running;
    task.constraints.max_task_retry_count = max_retries;
    task.execution.retry_count = retries;
    task.execution.start_time = kNow;
    return task;
}

domain::RunReport task_exited(int code) {
    domain::RunReport report;
    report.end_time = kNow + std::chrono::seconds{2};
    report.exit_code = code;
    if (code != 0) report.failure = domain::failure_exit_code();
    report.retryable = code != 0;
    return report;
}

domain::RunReport stopped(StopReason reason) {
    domain::RunReport report = task_exited(-9);
    report.stopped = reason;
    return report;
}

void finish(
    domain::Task& task,
    domain::RunReport const& report,
    RequeueKind kind = RequeueKind::counted,
    Retries retries = Retries::allowed
) {
    finish_run(task, report, kind, retries, kNow);
}

TEST(FinishRun, ExitCodeZeroIsSuccess) {
    auto task = running_task();

    finish(task, task_exited(0));

    EXPECT_EQ(task.state, TaskState::completed);
    EXPECT_EQ(task.execution.result, domain::TaskResult::success);
    EXPECT_EQ(task.execution.exit_code, 0);
    EXPECT_EQ(task.execution.end_time, kNow + std::chrono::seconds{2});
    EXPECT_FALSE(task.execution.failure);
}

struct RetryCase {
    int max_retries;
    int retries_so_far;
    TaskState after;
};
class RetryTask : public testing::TestWithParam<RetryCase> {};

// Batch: TASK-14, TASK-19
TEST_P(RetryTask, RunsUntilMaxTaskRetryCount) {
    auto task = running_task(GetParam().max_retries, GetParam().retries_so_far);

    finish(task, task_exited(3));

    EXPECT_EQ(task.state, GetParam().after);
    bool const again = GetParam().after == TaskState::active;
    EXPECT_EQ(task.execution.retry_count, GetParam().retries_so_far + (again ? 1 : 0));
    EXPECT_EQ(task.execution.exit_code.has_value(), !again);
    EXPECT_EQ(task.execution.last_retry_time.has_value(), again);
    if (!again) {
        EXPECT_EQ(task.execution.failure->code, "FailureExitCode");
    }
}

INSTANTIATE_TEST_SUITE_P(
    Counts,
    RetryTask,
    testing::Values(
        RetryCase{0, 0, TaskState::completed},
        RetryCase{1, 0, TaskState::active},
        RetryCase{1, 1, TaskState::completed},
        RetryCase{3, 2, TaskState::active},
        RetryCase{-1, 1000, TaskState::active}
    )
);

// Batch: TASK-36
TEST(FinishRun, APreProcessingFailureIsNotRetried) {
    auto task = running_task(5);
    domain::RunReport report;
    report.end_time = kNow;
    report.failure = domain::FailureInfo{domain::ErrorCategory::user_error, "BlobNotFound", "", {}};

    finish(task, report);

    EXPECT_EQ(task.state, TaskState::completed);
    EXPECT_FALSE(task.execution.exit_code);
    EXPECT_EQ(task.execution.failure->code, "BlobNotFound");
}

// Batch: TASK-15, OUT-11
TEST(FinishRun, AFailedUploadKeepsExitCodeZero) {
    auto task = running_task(5);
    auto report = task_exited(0);
    report.failure = domain::FailureInfo{domain::ErrorCategory::user_error, "FileUploadAccessDenied", "", {}};

    finish(task, report);

    EXPECT_EQ(task.state, TaskState::completed);
    EXPECT_EQ(task.execution.exit_code, 0);
    EXPECT_EQ(task.execution.result, domain::TaskResult::failure);
}

TEST(FinishRun, TerminationEndsWithTaskEndedAndNoRetry) {
    auto task = running_task(5);
    task.termination_requested = true;

    finish(task, stopped(StopReason::terminated));

    EXPECT_EQ(task.state, TaskState::completed);
    EXPECT_EQ(task.execution.exit_code, -9);
    EXPECT_EQ(task.execution.failure->code, "TaskEnded");
    EXPECT_FALSE(task.termination_requested);
}

TEST(FinishRun, WallClockIsAFailureOfItsOwnAndNotRetried) {
    auto task = running_task(5);

    finish(task, stopped(StopReason::wall_clock));

    EXPECT_EQ(task.state, TaskState::completed);
    EXPECT_EQ(task.execution.failure->code, "MaxWallClockTimeExceeded");
}

// Batch: NODE-12
TEST(FinishRun, ARequeueByTheUserIsCounted) {
    auto task = running_task();

    finish(task, stopped(StopReason::requeued));

    EXPECT_EQ(task.state, TaskState::active);
    EXPECT_EQ(task.execution.requeue_count, 1);
    EXPECT_EQ(task.execution.last_requeue_time, kNow);
    EXPECT_EQ(task.execution.retry_count, 0);
    EXPECT_FALSE(task.execution.start_time);
    EXPECT_FALSE(task.execution.failure);
}

// Batch: NODE-15
TEST(FinishRun, ALostNodeIsCountedAsNothing) {
    auto task = running_task();

    finish(task, stopped(StopReason::requeued), RequeueKind::recovered);

    EXPECT_EQ(task.state, TaskState::active);
    EXPECT_EQ(task.execution.requeue_count, 0);
    EXPECT_EQ(task.execution.retry_count, 0);
}

TEST(FinishRun, ARequeuedTaskThatAUserTerminatedEnds) {
    auto task = running_task();
    task.termination_requested = true;

    finish(task, stopped(StopReason::requeued));

    EXPECT_EQ(task.state, TaskState::completed);
    EXPECT_EQ(task.execution.failure->code, "TaskEnded");
}

TEST(FinishRun, AJobThatIsOverAllowsNoRetry) {
    auto task = running_task(5);

    finish(task, task_exited(1), RequeueKind::counted, Retries::none);

    EXPECT_EQ(task.state, TaskState::completed);
}

TEST(FinishUnstarted, HasNeitherStartTimeNorExitCode) {
    domain::Task task;
    task.state = TaskState::preparing;

    finish_unstarted(task, StopReason::terminated, RequeueKind::counted, kNow);

    EXPECT_EQ(task.state, TaskState::completed);
    EXPECT_FALSE(task.execution.start_time);
    EXPECT_FALSE(task.execution.exit_code);
    EXPECT_EQ(task.execution.failure->code, "TaskEnded");
}

// Batch: NODE-7
TEST(NodeCounters, FollowTheTasksOfTheNode) {
    domain::Node node;
    node.state = domain::NodeState::idle;
    auto task = running_task();

    take_slots(node, 2);
    EXPECT_EQ(node.state, domain::NodeState::running);
    EXPECT_EQ(node.running_task_slots_count, 2);
    finish(task, task_exited(0));
    note_completed_task(node, task);
    give_back_slots(node, 2);

    EXPECT_EQ(node.state, domain::NodeState::idle);
    EXPECT_EQ(node.running_tasks_count, 0);
    EXPECT_EQ(node.total_tasks_run, 1);
    EXPECT_EQ(node.total_tasks_succeeded, 1);
}

TEST(RecentTasks, AreTheLatestTenEachOnce) {
    domain::Node node;
    for (int i = 0; i < 12; ++i) {
        domain::Task task = running_task();
        task.id = std::to_string(i);
        note_recent_task(node, task);
        finish(task, task_exited(0));
        note_recent_task(node, task);
    }

    ASSERT_EQ(node.recent_tasks.size(), domain::kRecentTasks);
    EXPECT_EQ(node.recent_tasks.front().task_id, "11");
    EXPECT_EQ(node.recent_tasks.front().state, TaskState::completed);
    EXPECT_EQ(node.recent_tasks.back().task_id, "2");
}

}  // namespace
}  // namespace bluebatch::emulator::scheduler
