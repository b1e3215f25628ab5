#include "emulator/scheduler/start_task_rules.hpp"

#include <gtest/gtest.h>

namespace bluebatch::emulator::scheduler {
namespace {

constexpr base::TimePoint kNow{base::Ticks{17'095'464'000'000'000}};

domain::RunReport exited(int code) {
    domain::RunReport report;
    report.end_time = kNow;
    report.exit_code = code;
    if (code != 0) report.failure = domain::failure_exit_code();
    report.retryable = code != 0;
    return report;
}

TEST(StartTask, HoldsTheNodeOnlyWhenItIsWaitedFor) {
    EXPECT_EQ(state_after_boot(std::nullopt), domain::NodeState::idle);
    EXPECT_EQ(state_after_boot(WaitForSuccess::no), domain::NodeState::idle);
    EXPECT_EQ(state_after_boot(WaitForSuccess::yes), domain::NodeState::waiting_for_start_task);
}

TEST(StartTask, SuccessIsRecorded) {
    domain::Node node;
    begin_start_task(node, kNow);

    EXPECT_EQ(finish_start_task(node, exited(0), 0), StartTaskVerdict::succeeded);

    EXPECT_EQ(node.start_task_info->state, domain::StartTaskState::completed);
    EXPECT_EQ(node.start_task_info->result, domain::TaskResult::success);
    EXPECT_EQ(node.start_task_info->exit_code, 0);
}

TEST(StartTask, ANonZeroExitIsRetriedAsOftenAsAllowed) {
    domain::Node node;
    begin_start_task(node, kNow);

    EXPECT_EQ(finish_start_task(node, exited(1), 2), StartTaskVerdict::run_again);
    retry_start_task(node, kNow);
    EXPECT_FALSE(node.start_task_info->exit_code);
    EXPECT_EQ(finish_start_task(node, exited(1), 2), StartTaskVerdict::run_again);
    retry_start_task(node, kNow);
    EXPECT_EQ(finish_start_task(node, exited(1), 2), StartTaskVerdict::failed);

    EXPECT_EQ(node.start_task_info->retry_count, 2);
    EXPECT_EQ(node.start_task_info->failure->code, "FailureExitCode");
}

TEST(StartTask, AMissingResourceFileIsNotRetried) {
    domain::Node node;
    begin_start_task(node, kNow);
    domain::RunReport report;
    report.failure = domain::FailureInfo{domain::ErrorCategory::user_error, "BlobNotFound", "", {}};

    EXPECT_EQ(finish_start_task(node, report, 5), StartTaskVerdict::failed);
}

}  // namespace
}  // namespace bluebatch::emulator::scheduler
