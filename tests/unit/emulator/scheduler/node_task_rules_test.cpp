#include "emulator/scheduler/node_task_rules.hpp"

#include <gtest/gtest.h>

namespace bluebatch::emulator::scheduler {
namespace {

constexpr base::TimePoint kNoon{base::Ticks{17'095'464'000'000'000}};

domain::RunReport exited(int code) {
    domain::RunReport report;
    report.end_time = kNoon;
    report.exit_code = code;
    if (code != 0) report.failure = domain::failure_exit_code();
    report.retryable = code != 0;
    return report;
}

// Batch: START-3, START-4
TEST(StartTask, HoldsTheNodeOnlyWhenItIsWaitedFor) {
    EXPECT_EQ(state_after_boot(std::nullopt), domain::NodeState::idle);
    EXPECT_EQ(state_after_boot(WaitForSuccess::no), domain::NodeState::idle);
    EXPECT_EQ(state_after_boot(WaitForSuccess::yes), domain::NodeState::waiting_for_start_task);
}

// Batch: START-5
TEST(StartTask, SuccessIsRecorded) {
    auto info = begin_node_task(kNoon);

    EXPECT_EQ(finish_node_task(info, exited(0), 0), NodeTaskVerdict::succeeded);

    EXPECT_EQ(info.state, domain::NodeTaskState::completed);
    EXPECT_EQ(info.result, domain::TaskResult::success);
    EXPECT_EQ(info.exit_code, 0);
}

// Batch: START-2, START-5
TEST(StartTask, ANonZeroExitIsRetriedAsOftenAsAllowed) {
    auto info = begin_node_task(kNoon);

    EXPECT_EQ(finish_node_task(info, exited(1), 2), NodeTaskVerdict::run_again);
    retry_node_task(info, kNoon);
    EXPECT_FALSE(info.exit_code);
    EXPECT_EQ(finish_node_task(info, exited(1), 2), NodeTaskVerdict::run_again);
    retry_node_task(info, kNoon);
    EXPECT_EQ(finish_node_task(info, exited(1), 2), NodeTaskVerdict::failed);

    EXPECT_EQ(info.retry_count, 2);
    EXPECT_EQ(info.failure->code, "FailureExitCode");
}

TEST(StartTask, AMissingResourceFileIsNotRetried) {
    auto info = begin_node_task(kNoon);
    domain::RunReport report;
    report.failure = domain::FailureInfo{domain::ErrorCategory::user_error, "BlobNotFound", "", {}};

    EXPECT_EQ(finish_node_task(info, report, 5), NodeTaskVerdict::failed);
}

}  // namespace
}  // namespace bluebatch::emulator::scheduler
