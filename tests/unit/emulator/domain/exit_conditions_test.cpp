#include "emulator/domain/exit_conditions.hpp"

#include <gtest/gtest.h>

namespace bluebatch::emulator::domain {
namespace {

constexpr ExitOptions kDisables{JobAction::disable, std::nullopt};
constexpr ExitOptions kSatisfies{std::nullopt, DependencyAction::satisfy};
constexpr ExitOptions kNothing{JobAction::none, DependencyAction::satisfy};

TaskExecution exited(int code) {
    TaskExecution execution;
    execution.exit_code = code;
    if (code != 0) execution.failure = failure_exit_code();
    return execution;
}

TaskExecution failed_with(std::string code, std::optional<int> exit_code = std::nullopt) {
    TaskExecution execution;
    execution.exit_code = exit_code;
    execution.failure = FailureInfo{ErrorCategory::user_error, std::move(code), "", {}};
    return execution;
}

// Batch: TASK-39
TEST(ExitActions, SuccessLetsOthersGoOnAndFailureDoesNot) {
    EXPECT_EQ(exit_actions(exited(0), {}), (ExitActions{JobAction::none, DependencyAction::satisfy}));
    EXPECT_EQ(exit_actions(exited(1), {}), (ExitActions{JobAction::terminate, DependencyAction::block}));
}

// Batch: TASK-37, TASK-38, TASK-40
TEST(ExitActions, ACodeGoesBeforeARangeAndARangeBeforeTheDefault) {
    ExitConditions conditions;
    conditions.exit_codes = {{3, 3, kSatisfies}};
    conditions.exit_code_ranges = {{1, 5, kDisables}, {5, 9, kNothing}};
    conditions.otherwise = kNothing;
    EXPECT_EQ(
        exit_actions(exited(3), conditions), (ExitActions{JobAction::terminate, DependencyAction::satisfy})
    );
    EXPECT_EQ(
        exit_actions(exited(5), conditions), (ExitActions{JobAction::disable, DependencyAction::block})
    );
    EXPECT_EQ(exit_actions(exited(9), conditions), (ExitActions{JobAction::none, DependencyAction::satisfy}));
    EXPECT_EQ(
        exit_actions(exited(10), conditions), (ExitActions{JobAction::none, DependencyAction::satisfy})
    );
}

// Batch: TASK-38; the default is for failures.
TEST(ExitActions, TheDefaultDoesNotConcernSuccess) {
    ExitConditions conditions;
    conditions.otherwise = kDisables;
    EXPECT_EQ(exit_actions(exited(0), conditions).job, JobAction::none);
    conditions.exit_codes = {{0, 0, kDisables}};
    EXPECT_EQ(exit_actions(exited(0), conditions).job, JobAction::disable);
}

TEST(ExitActions, ErrorsBeforeAndAfterTheCommandHaveTheirOwn) {
    ExitConditions conditions;
    conditions.pre_processing_error = kDisables;
    conditions.file_upload_error = kNothing;
    EXPECT_EQ(exit_actions(failed_with("BlobNotFound"), conditions).job, JobAction::disable);
    EXPECT_EQ(exit_actions(failed_with("FileUploadAccessDenied", 0), conditions).job, JobAction::none);
    conditions.exit_codes = {{0, 0, kDisables}};
    EXPECT_EQ(exit_actions(failed_with("FileUploadAccessDenied", 0), conditions).job, JobAction::disable);
}

TEST(ExitActions, AStoppedTaskHasTheDefault) {
    ExitConditions conditions;
    conditions.pre_processing_error = kNothing;
    conditions.otherwise = kDisables;
    TaskExecution execution;
    execution.failure = task_ended();
    EXPECT_EQ(exit_actions(execution, conditions).job, JobAction::disable);
}

// Batch: JOB-26, JOB-27
TEST(TakeExitAction, ChangesAJobThatWantsItAndIsNotEnding) {
    Job job;
    EXPECT_FALSE(take_exit_action(job, JobAction::terminate, {}));
    job.on_task_failure = OnTaskFailure::perform_exit_options_job_action;
    EXPECT_FALSE(take_exit_action(job, JobAction::none, {}));
    EXPECT_TRUE(take_exit_action(job, JobAction::disable, {}));
    EXPECT_EQ(job.state, JobState::disabling);
    EXPECT_EQ(job.disable_tasks, DisableTasks::requeue);
    EXPECT_FALSE(take_exit_action(job, JobAction::disable, {}));
    EXPECT_TRUE(take_exit_action(job, JobAction::terminate, {}));
    EXPECT_EQ(job.state, JobState::terminating);
    EXPECT_EQ(job.terminate_reason, "TaskFailed");
    EXPECT_FALSE(take_exit_action(job, JobAction::terminate, {}));
}

}  // namespace
}  // namespace bluebatch::emulator::domain
