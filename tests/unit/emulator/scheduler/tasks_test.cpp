#include "tests/unit/emulator/scheduler/scheduler_fixture.hpp"

namespace bluebatch::emulator::scheduler {
namespace {

using domain::TaskState;

class ScheduleTasks : public SchedulerTest {};

TEST_F(ScheduleTasks, ATaskRunsOnANodeAndCompletes) {
    start_with_idle_node();
    add_task("job", "a");
    ASSERT_TRUE(eventually([&] { return nodes_.find_task("a").has_value(); }));
    auto const command = *nodes_.find_task("a");
    EXPECT_EQ(command.specification.command_line, "job|task a");
    EXPECT_EQ(task("job", "a")->state, TaskState::running);
    EXPECT_EQ(task("job", "a")->place->node_id, command.node_id);
    EXPECT_EQ(nodes("pool").at(0).state, domain::NodeState::running);

    nodes_.finish_run(command.run, 0);

    ASSERT_TRUE(eventually([&] { return has_state("job", "a", TaskState::completed); }));
    auto const node = nodes("pool").at(0);
    EXPECT_EQ(node.state, domain::NodeState::idle);
    EXPECT_EQ(node.total_tasks_run, 1);
    EXPECT_EQ(node.recent_tasks.at(0).task_id, "a");
    EXPECT_EQ(node.recent_tasks.at(0).state, TaskState::completed);
}

TEST_F(ScheduleTasks, BeyondMaxParallelTheyWaitAsPreparing) {
    start({.max_parallel = 2});
    add_pool(a_pool("pool", 5));
    add_job(a_job("job", "pool"));
    for (auto const* id : {"a", "b", "c"})
        add_task("job", id);
    ASSERT_TRUE(eventually([&] { return has_state("job", "c", TaskState::preparing); }));
    EXPECT_EQ(nodes_.out().size(), 2U);
    EXPECT_FALSE(task("job", "c")->execution.start_time);

    nodes_.finish_run(nodes_.find_task("a")->run, 0);

    ASSERT_TRUE(eventually([&] { return nodes_.find_task("c").has_value(); }));
    EXPECT_EQ(task("job", "c")->state, TaskState::running);
    EXPECT_EQ(nodes_.most_out(), 2U);
}

TEST_F(ScheduleTasks, ManyTasksAllCompleteWithinTheirLimits) {
    nodes_.exit_at_once = [](auto const&) { return std::optional{0}; };
    start({.max_parallel = 3});
    auto row = a_pool("pool", 5);
    row.task_slots_per_node = 2;
    add_pool(row);
    add_job(a_job("job", "pool"));
    std::vector<domain::Task> tasks;
    for (int i = 0; i < 1000; ++i)
        tasks.push_back(a_task("job", "t" + std::to_string(i)));

    add_tasks("job", tasks);

    ASSERT_TRUE(eventually([&] {
        return read([&](auto& connection) { return storage::count_tasks(connection, "job"); }
               ).tasks.succeeded == 1000;
    }));
    EXPECT_LE(nodes_.most_out(), 3U);
    int total = 0;
    for (auto const& node : nodes("pool")) {
        total += node.total_tasks_run;
        EXPECT_EQ(node.running_tasks_count, 0);
        EXPECT_EQ(node.state, domain::NodeState::idle);
    }
    EXPECT_EQ(total, 1000);
}

// Batch: TASK-14, TASK-21
TEST_F(ScheduleTasks, AFailedTryGoesThroughActiveAndRunsAgain) {
    start_with_idle_node();
    auto row = a_task("job", "a");
    row.constraints.max_task_retry_count = 1;
    add_tasks("job", {row});
    ASSERT_TRUE(eventually([&] { return nodes_.started() == 1; }));
    nodes_.finish_run(nodes_.find_task("a")->run, 7);
    ASSERT_TRUE(eventually([&] { return nodes_.started() == 2; }));
    EXPECT_EQ(task("job", "a")->execution.retry_count, 1);
    EXPECT_EQ(task("job", "a")->previous_state, TaskState::active);

    nodes_.finish_run(nodes_.find_task("a")->run, 7);

    ASSERT_TRUE(eventually([&] { return has_state("job", "a", TaskState::completed); }));
    EXPECT_EQ(task("job", "a")->execution.exit_code, 7);
    EXPECT_EQ(task("job", "a")->execution.failure->code, "FailureExitCode");
}

TEST_F(ScheduleTasks, MaxWallClockTimeStopsTheRun) {
    start_with_idle_node();
    auto row = a_task("job", "a");
    row.constraints.max_wall_clock_time = std::chrono::minutes{5};
    add_tasks("job", {row});
    ASSERT_TRUE(eventually([&] { return nodes_.started() == 1; }));

    advance(std::chrono::minutes{5});

    ASSERT_TRUE(eventually([&] { return has_state("job", "a", TaskState::completed); }));
    EXPECT_EQ(task("job", "a")->execution.failure->code, "MaxWallClockTimeExceeded");
    EXPECT_EQ(nodes_.stopped().at(0).second, domain::StopReason::wall_clock);
}

TEST_F(ScheduleTasks, ATerminatedTaskIsStoppedAndFreesItsSlot) {
    start_with_idle_node();
    add_tasks("job", {a_task("job", "a"), a_task("job", "b")});
    ASSERT_TRUE(eventually([&] { return nodes_.find_task("a").has_value(); }));

    write([&](auto& transaction) {
        auto row = storage::find_task(transaction.connection(), "job", "a");
        row->termination_requested = true;
        storage::update_task(transaction, *row);
    });
    notify(domain::Change::Kind::task, "job", "a");

    ASSERT_TRUE(eventually([&] { return has_state("job", "a", TaskState::completed); }));
    EXPECT_EQ(task("job", "a")->execution.failure->code, "TaskEnded");
    EXPECT_TRUE(eventually([&] { return nodes_.find_task("b").has_value(); }));
}

TEST_F(ScheduleTasks, ATaskTerminatedWhilePreparingNeverRuns) {
    start({.max_parallel = 1});
    add_pool(a_pool("pool", 2));
    add_job(a_job("job", "pool"));
    add_tasks("job", {a_task("job", "a"), a_task("job", "b")});
    ASSERT_TRUE(eventually([&] { return has_state("job", "b", TaskState::preparing); }));

    write([&](auto& transaction) {
        auto row = storage::find_task(transaction.connection(), "job", "b");
        row->termination_requested = true;
        storage::update_task(transaction, *row);
    });
    notify(domain::Change::Kind::task, "job", "b");

    ASSERT_TRUE(eventually([&] { return has_state("job", "b", TaskState::completed); }));
    EXPECT_FALSE(task("job", "b")->execution.exit_code);
    nodes_.finish_run(nodes_.find_task("a")->run, 0);
    ASSERT_TRUE(eventually([&] { return has_state("job", "a", TaskState::completed); }));
    EXPECT_EQ(nodes_.started(), 1U);
}

TEST_F(ScheduleTasks, ADeletedTaskIsStoppedAndItsFilesRemovedBeforeItsIdRunsAgain) {
    nodes_.stops_at_once = false;
    start();
    add_pool(a_pool("pool", 2));
    add_job(a_job("job", "pool"));
    add_task("job", "a");
    ASSERT_TRUE(eventually([&] { return nodes_.find_task("a").has_value(); }));
    auto const first = nodes_.find_task("a")->run;

    write([&](auto& transaction) { storage::delete_task(transaction, "job", "a"); });
    notify(domain::Change::Kind::task, "job", "a");
    add_task("job", "A");
    settle();
    EXPECT_EQ(nodes_.started(), 1U);
    EXPECT_EQ(nodes_.stopped().size(), 1U);

    nodes_.report_stop(first, domain::StopReason::terminated);

    ASSERT_TRUE(eventually([&] { return nodes_.find_task("A").has_value(); }));
    EXPECT_EQ(nodes_.removed(), std::vector<std::string>{"task job/a"});
    ASSERT_EQ(nodes("pool").size(), 2U);
    for (auto const& node : nodes("pool"))
        for (auto const& recent : node.recent_tasks)
            EXPECT_NE(recent.task_id, "a");
}

TEST_F(ScheduleTasks, ADeletedCompletedTaskLosesItsFiles) {
    nodes_.exit_at_once = [](auto const&) { return std::optional{0}; };
    start_with_idle_node();
    add_task("job", "a");
    ASSERT_TRUE(eventually([&] { return has_state("job", "a", TaskState::completed); }));
    auto const place = task("job", "a")->place;

    write([&](auto& transaction) { storage::delete_task(transaction, "job", "a"); });
    scheduler_->notify({domain::Change::Kind::task, "job", "a", place});

    EXPECT_TRUE(eventually([&] { return nodes_.removed() == std::vector<std::string>{"task job/a"}; }));
}

TEST_F(ScheduleTasks, AChangedWallClockTimeCountsFromTheStartOfTheRun) {
    start_with_idle_node();
    add_task("job", "a");
    ASSERT_TRUE(eventually([&] { return nodes_.started() == 1; }));
    advance(std::chrono::minutes{3});

    write([&](auto& transaction) {
        auto row = storage::find_task(transaction.connection(), "job", "a");
        row->constraints.max_wall_clock_time = std::chrono::minutes{2};
        storage::update_task(transaction, *row);
    });
    notify(domain::Change::Kind::task, "job", "a");

    ASSERT_TRUE(eventually([&] { return has_state("job", "a", TaskState::completed); }));
    EXPECT_EQ(task("job", "a")->execution.failure->code, "MaxWallClockTimeExceeded");
}

TEST_F(ScheduleTasks, ATaskDeletedWhileItWaitsNeverRuns) {
    start_with_idle_node();
    add_tasks("job", {a_task("job", "a"), a_task("job", "b"), a_task("job", "c")});
    ASSERT_TRUE(eventually([&] { return nodes_.find_task("a").has_value(); }));

    write([&](auto& transaction) { storage::delete_task(transaction, "job", "b"); });
    nodes_.finish_run(nodes_.find_task("a")->run, 0);

    ASSERT_TRUE(eventually([&] { return nodes_.find_task("c").has_value(); }));
    EXPECT_EQ(nodes_.started(), 2U);
}

TEST_F(ScheduleTasks, AReactivatedTaskRunsAgain) {
    start_with_idle_node();
    add_task("job", "a");
    ASSERT_TRUE(eventually([&] { return nodes_.started() == 1; }));
    nodes_.finish_run(nodes_.find_task("a")->run, 1);
    ASSERT_TRUE(eventually([&] { return has_state("job", "a", TaskState::completed); }));

    write([&](auto& transaction) {
        auto row = storage::find_task(transaction.connection(), "job", "a");
        move_to(*row, TaskState::active, clock_.now());
        storage::update_task(transaction, *row);
    });
    notify(domain::Change::Kind::task, "job", "a");

    EXPECT_TRUE(eventually([&] { return nodes_.started() == 2; }));
}

TEST_F(ScheduleTasks, FilesGoWhenTheirRetentionIsOver) {
    nodes_.exit_at_once = [](auto const&) { return std::optional{0}; };
    start_with_idle_node();
    auto row = a_task("job", "a");
    row.constraints.retention_time = std::chrono::hours{1};
    add_tasks("job", {row});
    ASSERT_TRUE(eventually([&] { return has_state("job", "a", TaskState::completed); }));
    settle();
    EXPECT_TRUE(nodes_.removed().empty());

    advance(std::chrono::minutes{62});

    ASSERT_TRUE(eventually([&] { return !nodes_.removed().empty(); }));
    auto const sequence = task("job", "a")->sequence;
    EXPECT_TRUE(read([&](auto& connection) { return storage::files_removed(connection, sequence); }));
}

// Batch: NODE-15
TEST_F(ScheduleTasks, ARestartRunsAgainWhatWasRunningWithoutCounting) {
    start({.max_parallel = 1});
    add_pool(a_pool("pool", 2));
    add_job(a_job("job", "pool"));
    add_tasks("job", {a_task("job", "a"), a_task("job", "b")});
    ASSERT_TRUE(eventually([&] { return has_state("job", "b", TaskState::preparing); }));
    auto const nodes_before = nodes("pool");

    restart();

    ASSERT_TRUE(eventually([&] { return nodes_.out().size() == 2; }));
    EXPECT_EQ(task("job", "a")->execution.retry_count, 0);
    EXPECT_EQ(task("job", "a")->execution.requeue_count, 0);
    ASSERT_EQ(nodes("pool").size(), 2U);
    EXPECT_EQ(nodes("pool")[0].id, nodes_before[0].id);
    EXPECT_EQ(nodes("pool")[0].ip_address, nodes_before[0].ip_address);
    EXPECT_EQ(nodes("pool")[0].running_tasks_count, 1);
}

TEST_F(ScheduleTasks, ARestartKeepsFinishedTasks) {
    nodes_.exit_at_once = [](auto const&) { return std::optional{0}; };
    start_with_idle_node();
    add_task("job", "a");
    ASSERT_TRUE(eventually([&] { return has_state("job", "a", TaskState::completed); }));

    restart();
    settle();

    EXPECT_EQ(task("job", "a")->execution.result, domain::TaskResult::success);
    EXPECT_EQ(nodes_.started(), 1U);
    EXPECT_EQ(nodes("pool").at(0).total_tasks_run, 1);
}

TEST_F(ScheduleTasks, AStoreThatFailsForAWhileOnlyDelays) {
    start_with_idle_node(2);
    add_tasks("job", {a_task("job", "a"), a_task("job", "b")});
    ASSERT_TRUE(eventually([&] { return nodes_.out().size() == 2; }));
    write([](auto& transaction) {
        transaction.connection().run_script(
            "CREATE TRIGGER broken BEFORE UPDATE ON tasks BEGIN SELECT RAISE(ABORT, 'broken'); END"
        );
    });
    nodes_.finish_run(nodes_.find_task("a")->run, 0);
    ASSERT_TRUE(eventually([&] { return nodes_.out().empty(); }));
    add_pool(a_pool("another", 1));

    write([](auto& transaction) { transaction.connection().run_script("DROP TRIGGER broken"); });

    ASSERT_TRUE(eventually([&] { return nodes_.out().size() == 2 && is_steady("another"); }));
    EXPECT_EQ(task("job", "a")->execution.retry_count, 0);
}

}  // namespace
}  // namespace bluebatch::emulator::scheduler
