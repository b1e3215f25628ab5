#include "tests/unit/emulator/scheduler/scheduler_fixture.hpp"

namespace bluebatch::emulator::scheduler {
namespace {

using domain::JobState;
using domain::TaskState;

class ScheduleJobs : public SchedulerTest {
protected:
    void start_with_two_tasks() {
        start_with_idle_node();
        add_tasks("job", {a_task("job", "a"), a_task("job", "b")});
        ASSERT_TRUE(eventually([&] { return nodes_.find_task("a").has_value(); }));
    }
};

TEST_F(ScheduleJobs, TerminationEndsRunningTasksAndLeavesActiveOnesActive) {
    start_with_two_tasks();

    change_job("job", [&](auto& row) {
        row.terminate_reason = "UserTerminate";
        move_to(row, JobState::terminating, clock_.now());
    });

    ASSERT_TRUE(eventually([&] { return has_state("job", JobState::completed); }));
    EXPECT_EQ(task("job", "a")->execution.failure->code, "TaskEnded");
    EXPECT_EQ(task("job", "b")->state, TaskState::active);
    EXPECT_EQ(job("job")->end_time, clock_.now());
    EXPECT_EQ(job("job")->previous_state, JobState::active);
    EXPECT_EQ(nodes_.started(), 1U);
}

TEST_F(ScheduleJobs, DeletionStopsRunsRemovesFilesAndThenTheJob) {
    nodes_.stops_at_once = false;
    start_with_two_tasks();
    auto const run = nodes_.find_task("a")->run;

    change_job("job", [&](auto& row) { move_to(row, JobState::deleting, clock_.now()); });
    settle();
    EXPECT_TRUE(job("job"));
    nodes_.report_stop(run, domain::StopReason::terminated);

    ASSERT_TRUE(eventually([&] { return !job("job"); }));
    EXPECT_FALSE(task("job", "b"));
    EXPECT_TRUE(eventually([&] { return nodes_.removed() == std::vector<std::string>{"job pool/job"}; }));
}

// Batch: JOB-22
TEST_F(ScheduleJobs, OnAllTasksCompleteEndsTheJobAfterItsLastTask) {
    start();
    add_pool(a_pool("pool", 1));
    add_job(a_job("job", "pool"));
    add_tasks("job", {a_task("job", "a"), a_task("job", "b")});
    change_job("job", [](auto& row) {
        row.on_all_tasks_complete = domain::OnAllTasksComplete::terminate_job;
    });
    ASSERT_TRUE(eventually([&] { return nodes_.find_task("a").has_value(); }));
    nodes_.finish_run(nodes_.find_task("a")->run, 1);
    ASSERT_TRUE(eventually([&] { return nodes_.find_task("b").has_value(); }));
    EXPECT_EQ(job("job")->state, JobState::active);

    nodes_.finish_run(nodes_.find_task("b")->run, 0);

    ASSERT_TRUE(eventually([&] { return has_state("job", JobState::completed); }));
    EXPECT_EQ(job("job")->terminate_reason, "AllTasksComplete");
}

TEST_F(ScheduleJobs, OnAllTasksCompleteEndsAnEmptyJobAtOnce) {
    start();
    auto row = a_job("job", "pool");
    row.on_all_tasks_complete = domain::OnAllTasksComplete::terminate_job;

    add_job(row);

    EXPECT_TRUE(eventually([&] { return has_state("job", JobState::completed); }));
}

TEST_F(ScheduleJobs, MaxWallClockTimeCountsFromCreationAndEndsTheJob) {
    start();
    add_pool(a_pool("pool", 1));
    auto row = a_job("job", "pool");
    row.max_wall_clock_time = std::chrono::minutes{10};
    add_job(row);
    add_task("job", "a");
    ASSERT_TRUE(eventually([&] { return nodes_.find_task("a").has_value(); }));

    advance(std::chrono::minutes{10});

    ASSERT_TRUE(eventually([&] { return has_state("job", JobState::completed); }));
    EXPECT_EQ(job("job")->terminate_reason, "MaxWallClockTimeExpiry");
    EXPECT_EQ(task("job", "a")->execution.failure->code, "TaskEnded");
}

TEST_F(ScheduleJobs, AJobWaitsForAPoolThatComesLater) {
    start();
    add_job(a_job("job", "pool"));
    add_task("job", "a");
    settle();
    EXPECT_EQ(task("job", "a")->state, TaskState::active);

    add_pool(a_pool("POOL", 1));

    EXPECT_TRUE(eventually([&] { return nodes_.find_task("a").has_value(); }));
}

TEST_F(ScheduleJobs, DisablingRequeuesAndEnablingRunsAgain) {
    start_with_two_tasks();

    change_job("job", [&](auto& row) { move_to(row, JobState::disabling, clock_.now()); });
    ASSERT_TRUE(eventually([&] { return has_state("job", JobState::disabled); }));
    EXPECT_EQ(task("job", "a")->state, TaskState::active);
    EXPECT_EQ(task("job", "a")->execution.requeue_count, 1);
    change_job("job", [&](auto& row) { move_to(row, JobState::enabling, clock_.now()); });

    ASSERT_TRUE(eventually([&] { return has_state("job", JobState::active); }));
    EXPECT_TRUE(eventually([&] { return nodes_.find_task("a").has_value(); }));
}

TEST_F(ScheduleJobs, ADeletionThatARestartInterruptedGoesOn) {
    start_with_two_tasks();
    scheduler_->stop();
    write([&](auto& transaction) {
        auto row = storage::find_job(transaction.connection(), "job");
        move_to(*row, JobState::deleting, clock_.now());
        storage::update_job(transaction, *row);
        auto pool_row = storage::find_pool(transaction.connection(), "pool");
        pool_row->state = domain::PoolState::deleting;
        storage::update_pool(transaction, *pool_row);
    });

    restart();

    EXPECT_TRUE(eventually([&] { return !job("job") && !pool("pool"); }));
}

}  // namespace
}  // namespace bluebatch::emulator::scheduler
