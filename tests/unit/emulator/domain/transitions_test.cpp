#include "emulator/domain/failure.hpp"
#include "emulator/domain/job.hpp"
#include "emulator/domain/node.hpp"
#include "emulator/domain/node_directories.hpp"
#include "emulator/domain/pool.hpp"
#include "emulator/domain/task.hpp"

#include <gtest/gtest.h>

namespace bluebatch::emulator::domain {
namespace {

base::TimePoint at(int seconds) {
    return base::TimePoint{std::chrono::seconds{seconds}};
}

// Batch: REST-45
TEST(TaskStates, ThePreviousTimeIsWhenThePreviousStateWasEntered) {
    Task task;
    task.state_transition_time = at(1);

    move_to(task, TaskState::running, at(5));
    move_to(task, TaskState::completed, at(9));

    EXPECT_EQ(task.state, TaskState::completed);
    EXPECT_EQ(task.state_transition_time, at(9));
    EXPECT_EQ(task.previous_state, TaskState::running);
    EXPECT_EQ(task.previous_state_transition_time, at(5));
}

TEST(JobStates, APassingStateIsNeverThePreviousOne) {
    Job job;
    job.state_transition_time = at(1);

    move_to(job, JobState::terminating, at(5));
    move_to(job, JobState::completed, at(9));

    EXPECT_EQ(job.previous_state, JobState::active);
    EXPECT_EQ(job.previous_state_transition_time, at(1));
    EXPECT_EQ(job.state_transition_time, at(9));
}

struct NodeCase {
    NodeState state;
    SchedulingState scheduling;
    bool takes_tasks;
};
class NodeTakesTasks : public testing::TestWithParam<NodeCase> {};

// Batch: SLOT-13
TEST_P(NodeTakesTasks, OnlyWhenReadyAndEnabled) {
    Node node;
    node.state = GetParam().state;
    node.scheduling_state = GetParam().scheduling;

    EXPECT_EQ(takes_new_tasks(node), GetParam().takes_tasks);
}

INSTANTIATE_TEST_SUITE_P(
    States,
    NodeTakesTasks,
    testing::Values(
        NodeCase{NodeState::idle, SchedulingState::enabled, true},
        NodeCase{NodeState::running, SchedulingState::enabled, true},
        NodeCase{NodeState::idle, SchedulingState::disabled, false},
        NodeCase{NodeState::creating, SchedulingState::enabled, false},
        NodeCase{NodeState::waiting_for_start_task, SchedulingState::enabled, false},
        NodeCase{NodeState::start_task_failed, SchedulingState::enabled, false},
        NodeCase{NodeState::leaving_pool, SchedulingState::enabled, false},
        NodeCase{NodeState::preempted, SchedulingState::enabled, false}
    )
);

// Batch: REST-43
TEST(Words, AreReadWithoutCaseAndWrittenAsTheServiceDoes) {
    EXPECT_EQ(to_word(NodeState::waiting_for_start_task), "waitingforstarttask");
    EXPECT_EQ(to_word(NodeFillType::spread), "Spread");
    EXPECT_EQ(parse_word<NodeDeallocationOption>("TaskCompletion"), NodeDeallocationOption::task_completion);
    EXPECT_EQ(parse_word<TaskState>("done"), std::nullopt);
}

// Batch: ENV-2, ENV-3
TEST(NodeDirectories, FollowTheLayoutOfTheService) {
    auto const node = node_directories("/data", "account", "MyPool", "tvmps_1_d");

    EXPECT_EQ(node.root, "/data/nodes/account/mypool/tvmps_1_d");
    EXPECT_EQ(node.task("job", "task"), node.root / "workitems/job/job-1/task");
    EXPECT_EQ(node.startup(), node.root / "startup");
    EXPECT_EQ(task_root_directory("job", "task"), "workitems/job/job-1/task");
}

TEST(Failures, AnExitCodeIsExplainedTwice) {
    auto const failure = failure_exit_code();

    EXPECT_EQ(failure.category, ErrorCategory::user_error);
    EXPECT_EQ(failure.code, "FailureExitCode");
    ASSERT_EQ(failure.details.size(), 2U);
    EXPECT_EQ(failure.details[0].name, "Message");
    EXPECT_EQ(failure.details[1], (NameValue{"AdditionalErrorCode", "FailureExitCode"}));
}

}  // namespace
}  // namespace bluebatch::emulator::domain
