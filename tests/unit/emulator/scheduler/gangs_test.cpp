#include "tests/unit/emulator/scheduler/gang_fixture.hpp"

#include <set>

namespace bluebatch::emulator::scheduler {
namespace {

using domain::RunKind;
using domain::StopReason;
using domain::SubtaskState;
using domain::TaskState;

TEST_F(ScheduleGangs, WaitsUntilAllItsNodesAreFree) {
    start_with_nodes(3);
    add_task("job", "small");
    ASSERT_TRUE(eventually([&] { return nodes_.find_task("small").has_value(); }));
    add_tasks("job", {a_gang("gang", 3)});
    settle();
    EXPECT_EQ(task("job", "gang")->state, TaskState::active);
    EXPECT_EQ(nodes_.out().size(), 1U);

    nodes_.finish_run(nodes_.find_task("small")->run, 0);

    ASSERT_TRUE(coordinates("gang", 3));
    auto const runs = out("gang", RunKind::coordination);
    std::set<std::string> nodes;
    for (auto const& run : runs) {
        nodes.insert(run.node_id);
        EXPECT_EQ(run.instance->hosts.size(), 3U);
        EXPECT_EQ(run.instance->hosts[0].ip_address, runs[0].instance->hosts[0].ip_address);
    }
    EXPECT_EQ(nodes.size(), 3U);
    EXPECT_EQ(task("job", "gang")->state, TaskState::running);
    EXPECT_EQ(task("job", "gang")->place->node_id, runs[0].node_id);
    EXPECT_TRUE(all_nodes_are("pool", domain::NodeState::running));
}

TEST_F(ScheduleGangs, RunsItsCommandOnThePrimaryOnceAllHaveCoordinated) {
    start_with_nodes(3);
    add_tasks("job", {a_gang("gang", 3)});
    ASSERT_TRUE(coordinates("gang", 3));
    auto const runs = out("gang", RunKind::coordination);
    nodes_.finish_run(runs[2].run, 0);
    nodes_.finish_run(runs[0].run, 0);
    settle();
    EXPECT_TRUE(out("gang", RunKind::task).empty());

    nodes_.finish_run(runs[1].run, 0);

    ASSERT_TRUE(works("gang"));
    auto const primary = out("gang", RunKind::task).at(0);
    EXPECT_EQ(primary.node_id, runs[0].node_id);
    EXPECT_EQ(primary.instance->number, 0);
    ASSERT_EQ(subtasks("gang").size(), 2U);
    EXPECT_EQ(subtasks("gang")[0].state, SubtaskState::running);
    EXPECT_EQ(subtasks("gang")[0].place.node_id, runs[1].node_id);
    EXPECT_FALSE(subtasks("gang")[0].end_time);
}

TEST_F(ScheduleGangs, EndsEverywhereWithItsPrimary) {
    start_with_nodes(3);
    add_tasks("job", {a_gang("gang", 3)});
    ASSERT_TRUE(coordinates("gang", 3));
    auto const coordinations = out("gang", RunKind::coordination);
    coordinate("gang", 3);
    EXPECT_TRUE(nodes_.stopped().empty());
    advance(std::chrono::seconds{5});

    finish_primary("gang", 0);

    ASSERT_TRUE(is_completed("gang"));
    EXPECT_EQ(task("job", "gang")->execution.exit_code, 0);
    for (auto const& subtask : subtasks("gang")) {
        EXPECT_EQ(subtask.state, SubtaskState::completed);
        EXPECT_EQ(subtask.previous_state, SubtaskState::running);
        EXPECT_EQ(subtask.exit_code, 0);
        EXPECT_EQ(subtask.result, domain::TaskResult::success);
        EXPECT_EQ(*subtask.end_time - *subtask.start_time, std::chrono::seconds{5});
    }
    // What the coordination commands left in the background ends as well.
    EXPECT_TRUE(eventually([&] { return nodes_.stopped().size() == 3; }));
    for (auto const& run : coordinations)
        EXPECT_TRUE(was_stopped(run.run));
    EXPECT_TRUE(eventually([&] { return all_nodes_are("pool", domain::NodeState::idle); }));
    for (auto const& node : nodes("pool")) {
        EXPECT_EQ(node.total_tasks_run, 1);
        EXPECT_EQ(node.running_tasks_count, 0);
        ASSERT_EQ(node.recent_tasks.size(), 1U);
        EXPECT_EQ(node.recent_tasks[0].state, TaskState::completed);
    }
    add_tasks("job", {a_gang("next", 3)});
    EXPECT_TRUE(coordinates("next", 3));
}

TEST_F(ScheduleGangs, NodesShowWhichSubtaskTheyRan) {
    start_with_nodes(2);
    add_tasks("job", {a_gang("gang", 2)});
    coordinate("gang", 2);

    auto const primary = out("gang", RunKind::task).at(0).node_id;
    for (auto const& node : nodes("pool"))
        EXPECT_EQ(node.recent_tasks.at(0).subtask_id, node.id == primary ? 0 : 1);
}

TEST_F(ScheduleGangs, AFailedCoordinationFailsTheTaskWhichIsTriedAgainAsAUnit) {
    start_with_nodes(3);
    auto row = a_gang("gang", 3);
    row.constraints.max_task_retry_count = 1;
    add_tasks("job", {row});
    ASSERT_TRUE(coordinates("gang", 3));
    auto const first = out("gang", RunKind::coordination);

    nodes_.finish_run(first[2].run, 7);

    ASSERT_TRUE(eventually([&] { return task("job", "gang")->execution.retry_count == 1; }));
    ASSERT_TRUE(coordinates("gang", 3));
    auto const second = out("gang", RunKind::coordination);
    EXPECT_NE(second[0].run, first[0].run);
    EXPECT_TRUE(was_stopped(first[0].run));
    EXPECT_TRUE(was_stopped(first[1].run));

    nodes_.finish_run(second[1].run, 0);
    nodes_.finish_run(second[2].run, 7);

    ASSERT_TRUE(is_completed("gang"));
    auto const done = *task("job", "gang");
    EXPECT_FALSE(done.execution.exit_code);
    EXPECT_EQ(done.execution.result, domain::TaskResult::failure);
    EXPECT_EQ(done.execution.failure->code, "FailureExitCode");
    EXPECT_EQ(done.execution.failure->details.back(), (domain::NameValue{"SubtaskId", "2"}));
    auto const parts = subtasks("gang");
    EXPECT_EQ(parts.at(0).result, domain::TaskResult::success);
    EXPECT_EQ(parts.at(1).exit_code, 7);
    EXPECT_EQ(parts.at(1).failure->code, "FailureExitCode");
    EXPECT_TRUE(out("gang", RunKind::task).empty());
}

TEST_F(ScheduleGangs, AFailedCoordinationOfThePrimaryIsTheTasksOwn) {
    start_with_nodes(2);
    add_tasks("job", {a_gang("gang", 2)});
    ASSERT_TRUE(coordinates("gang", 2));

    nodes_.finish_run(out("gang", RunKind::coordination)[0].run, 3);

    ASSERT_TRUE(is_completed("gang"));
    EXPECT_EQ(task("job", "gang")->execution.exit_code, 3);
    EXPECT_EQ(subtasks("gang").at(0).failure->code, "TaskEnded");
}

TEST_F(ScheduleGangs, TheEndWaitsForAllThatIsOut) {
    nodes_.stops_at_once = false;
    start_with_nodes(2);
    add_tasks("job", {a_gang("gang", 2)});
    ASSERT_TRUE(coordinates("gang", 2));
    auto const runs = out("gang", RunKind::coordination);
    nodes_.finish_run(runs[0].run, 1);
    settle();
    EXPECT_EQ(task("job", "gang")->state, TaskState::running);

    nodes_.report_stop(runs[1].run, StopReason::terminated);

    EXPECT_TRUE(is_completed("gang"));
}

TEST_F(ScheduleGangs, TerminationEndsTheCoordination) {
    start_with_nodes(2);
    add_tasks("job", {a_gang("gang", 2)});
    ASSERT_TRUE(coordinates("gang", 2));

    terminate("gang");

    ASSERT_TRUE(is_completed("gang"));
    EXPECT_EQ(task("job", "gang")->execution.failure->code, "TaskEnded");
    EXPECT_EQ(subtasks("gang").at(0).failure->code, "TaskEnded");
    EXPECT_TRUE(nodes_.out().empty());
    EXPECT_TRUE(eventually([&] { return all_nodes_are("pool", domain::NodeState::idle); }));
}

TEST_F(ScheduleGangs, TerminationEndsThePrimaryAndWhatRunsBehindIt) {
    start_with_nodes(2);
    add_tasks("job", {a_gang("gang", 2)});
    ASSERT_TRUE(coordinates("gang", 2));
    auto const subtask = out("gang", RunKind::coordination)[1].run;
    coordinate("gang", 2);

    terminate("gang");

    ASSERT_TRUE(is_completed("gang"));
    EXPECT_EQ(task("job", "gang")->execution.failure->code, "TaskEnded");
    EXPECT_EQ(task("job", "gang")->execution.exit_code, -9);
    EXPECT_TRUE(eventually([&] { return was_stopped(subtask); }));
}

TEST_F(ScheduleGangs, MaxWallClockTimeCountsFromTheCoordinationOn) {
    start_with_nodes(2);
    auto row = a_gang("gang", 2);
    row.constraints.max_wall_clock_time = std::chrono::minutes{10};
    add_tasks("job", {row});
    ASSERT_TRUE(coordinates("gang", 2));
    advance(std::chrono::minutes{6});
    coordinate("gang", 2);
    advance(std::chrono::minutes{3});
    settle();
    ASSERT_EQ(task("job", "gang")->state, TaskState::running);

    advance(std::chrono::minutes{1});

    ASSERT_TRUE(is_completed("gang"));
    EXPECT_EQ(task("job", "gang")->execution.failure->code, "MaxWallClockTimeExceeded");
}

TEST_F(ScheduleGangs, DeletionRemovesItsFilesFromEveryNode) {
    start_with_nodes(3);
    add_tasks("job", {a_gang("gang", 3)});
    coordinate("gang", 3);

    write([&](auto& transaction) { storage::delete_task(transaction, "job", "gang"); });
    notify(domain::Change::Kind::task, "job", "gang");

    EXPECT_TRUE(eventually([&] { return nodes_.removed().size() == 3; }));
    EXPECT_TRUE(eventually([&] { return all_nodes_are("pool", domain::NodeState::idle); }));
    for (auto const& node : nodes("pool"))
        EXPECT_TRUE(node.recent_tasks.empty());
}

TEST_F(ScheduleGangs, APreemptedNodeSendsItBackUncounted) {
    start();
    add_pool(a_gang_pool(1, 1));
    add_job(a_job("job", "pool"));
    add_tasks("job", {a_gang("gang", 2)});
    coordinate("gang", 2);
    auto const all = nodes("pool");
    auto const spot =
        std::find_if(all.begin(), all.end(), [](auto const& node) { return !node.is_dedicated; });

    request(*spot, domain::NodeRequest::preempt);

    ASSERT_TRUE(eventually([&] { return has_state("job", "gang", TaskState::active); }));
    EXPECT_EQ(task("job", "gang")->execution.requeue_count, 0);
    EXPECT_EQ(task("job", "gang")->execution.retry_count, 0);
    EXPECT_TRUE(subtasks("gang").empty());
    EXPECT_TRUE(nodes_.out().empty());

    settle();
    advance(std::chrono::minutes{2});
    EXPECT_TRUE(coordinates("gang", 2));
}

TEST_F(ScheduleGangs, ARebootOfASubtasksNodeSendsItBackCounted) {
    start_with_nodes(2);
    add_tasks("job", {a_gang("gang", 2)});
    ASSERT_TRUE(coordinates("gang", 2));
    auto const node = out("gang", RunKind::coordination)[1].node_id;
    auto const row = read([&](auto& connection) { return storage::find_node(connection, "pool", node); });

    request(*row, domain::NodeRequest::reboot);

    ASSERT_TRUE(eventually([&] { return task("job", "gang")->execution.requeue_count == 1; }));
    EXPECT_TRUE(coordinates("gang", 2));
}

TEST_F(ScheduleGangs, ARemovedNodeSendsItBackToWaitForAnother) {
    start_with_nodes(2);
    add_tasks("job", {a_gang("gang", 2)});
    coordinate("gang", 2);

    change_pool("pool", [&](auto& row) {
        row.target_dedicated_nodes = 1;
        begin_resize(row, clock_.now());
    });

    ASSERT_TRUE(eventually([&] { return nodes("pool").size() == 1 && is_steady("pool"); }));
    EXPECT_EQ(task("job", "gang")->state, TaskState::active);
    EXPECT_EQ(task("job", "gang")->execution.requeue_count, 1);
    change_pool("pool", [&](auto& row) {
        row.target_dedicated_nodes = 2;
        begin_resize(row, clock_.now());
    });
    EXPECT_TRUE(coordinates("gang", 2));
}

}  // namespace
}  // namespace bluebatch::emulator::scheduler
