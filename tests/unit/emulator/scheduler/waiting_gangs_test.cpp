#include "tests/unit/emulator/scheduler/gang_fixture.hpp"

#include <utility>

namespace bluebatch::emulator::scheduler {
namespace {

using domain::RunKind;
using domain::SubtaskState;
using domain::TaskState;

using ScheduleWaitingGangs = ScheduleGangs;

TEST_F(ScheduleWaitingGangs, TwoThatDoNotFitTogetherRunOneAfterTheOther) {
    start_with_nodes(3);
    add_tasks("job", {a_gang("first", 2), a_gang("second", 2)});
    coordinate("first", 2);
    settle();
    EXPECT_EQ(task("job", "second")->state, TaskState::active);

    finish_primary("first", 0);

    coordinate("second", 2);
    EXPECT_EQ(task("job", "first")->state, TaskState::completed);
}

TEST_F(ScheduleWaitingGangs, LetsTasksOfLowerPriorityPassWhileItWaits) {
    start_with_nodes(2);
    change_job("job", [](auto& row) { row.priority = 100; });
    add_tasks("job", {a_gang("gang", 3)});
    settle();
    add_job(a_job("other", "pool"));
    add_tasks("other", {a_task("other", "small")});

    EXPECT_TRUE(eventually([&] { return has_state("other", "small", TaskState::running); }));
    EXPECT_EQ(task("job", "gang")->state, TaskState::active);
}

TEST_F(ScheduleWaitingGangs, StaysActiveInAPoolThatIsNotMadeForIt) {
    start();
    add_pool(a_pool("pool", 2));
    add_job(a_job("job", "pool"));
    add_tasks("job", {a_gang("gang", 2)});
    settle();
    EXPECT_EQ(task("job", "gang")->state, TaskState::active);

    change_pool("pool", [](auto& row) { row.inter_node_communication = true; });

    EXPECT_TRUE(coordinates("gang", 2));
}

TEST_F(ScheduleWaitingGangs, CoordinatesAllAtOnceWhateverMayRunInParallel) {
    start_with_nodes(3, {.max_parallel = 1});
    add_tasks("job", {a_gang("gang", 3)});
    coordinate("gang", 3);
    add_pool(a_pool("other", 1));
    add_job(a_job("elsewhere", "other"));
    add_tasks("elsewhere", {a_task("elsewhere", "small")});
    ASSERT_TRUE(eventually([&] { return has_state("elsewhere", "small", TaskState::preparing); }));

    finish_primary("gang", 0);

    EXPECT_TRUE(eventually([&] { return has_state("elsewhere", "small", TaskState::running); }));
}

TEST_F(ScheduleWaitingGangs, WaitsForAPlaceAsPreparing) {
    start_with_nodes(3, {.max_parallel = 1});
    add_task("job", "small");
    ASSERT_TRUE(eventually([&] { return nodes_.find_task("small").has_value(); }));
    add_tasks("job", {a_gang("gang", 2)});
    ASSERT_TRUE(eventually([&] { return has_state("job", "gang", TaskState::preparing); }));
    EXPECT_EQ(subtasks("gang").at(0).state, SubtaskState::preparing);

    nodes_.finish_run(nodes_.find_task("small")->run, 0);

    ASSERT_TRUE(coordinates("gang", 2));
    EXPECT_EQ(task("job", "gang")->state, TaskState::running);
    EXPECT_EQ(subtasks("gang").at(0).state, SubtaskState::running);
    EXPECT_EQ(subtasks("gang").at(0).previous_state, SubtaskState::preparing);
}

TEST_F(ScheduleWaitingGangs, CanBeTerminatedWhileItWaitsForAPlace) {
    start_with_nodes(3, {.max_parallel = 1});
    add_task("job", "small");
    ASSERT_TRUE(eventually([&] { return nodes_.find_task("small").has_value(); }));
    add_tasks("job", {a_gang("gang", 2)});
    ASSERT_TRUE(eventually([&] { return has_state("job", "gang", TaskState::preparing); }));

    terminate("gang");

    ASSERT_TRUE(is_completed("gang"));
    EXPECT_FALSE(task("job", "gang")->execution.start_time);
    nodes_.finish_run(nodes_.find_task("small")->run, 0);
    EXPECT_TRUE(eventually([&] { return all_nodes_are("pool", domain::NodeState::idle); }));
    EXPECT_TRUE(nodes_.out().empty());
}

TEST_F(ScheduleWaitingGangs, EveryNodeIsPreparedForTheJobFirst) {
    start();
    add_pool(a_gang_pool(2));
    auto row = a_job("job", "pool");
    row.has_preparation_task = true;
    add_job(row);
    add_tasks("job", {a_gang("gang", 2)});
    auto const preparations = [&] { return out("prepare", RunKind::job_preparation); };
    ASSERT_TRUE(eventually([&] { return preparations().size() == 2; }));
    EXPECT_EQ(task("job", "gang")->state, TaskState::preparing);
    nodes_.finish_run(preparations()[0].run, 0);
    settle();
    EXPECT_TRUE(out("gang", RunKind::coordination).empty());

    nodes_.finish_run(preparations()[0].run, 0);

    coordinate("gang", 2);
}

TEST_F(ScheduleWaitingGangs, AFailedPreparationSendsItBackAndBarsTheNode) {
    start();
    add_pool(a_gang_pool(3));
    auto row = a_job("job", "pool");
    row.has_preparation_task = true;
    add_job(row);
    nodes_.exit_at_once = [&](domain::RunCommand const& command) -> std::optional<int> {
        static bool has_failed = false;
        if (command.kind != RunKind::job_preparation) return std::nullopt;
        return std::exchange(has_failed, true) ? 0 : 1;
    };
    add_tasks("job", {a_gang("gang", 2)});

    coordinate("gang", 2);

    EXPECT_EQ(task("job", "gang")->execution.retry_count, 0);
    EXPECT_EQ(task("job", "gang")->execution.requeue_count, 0);
}

TEST_F(ScheduleWaitingGangs, GoesBackToActiveWhenTheEmulatorIsStartedAnew) {
    start_with_nodes(2);
    add_tasks("job", {a_gang("gang", 2)});
    coordinate("gang", 2);

    restart();

    ASSERT_TRUE(coordinates("gang", 2));
    EXPECT_EQ(subtasks("gang").size(), 1U);
    EXPECT_EQ(task("job", "gang")->execution.requeue_count, 0);
}

TEST_F(ScheduleWaitingGangs, AStoreThatFailsForAWhileLeavesNothingBehind) {
    start_with_nodes(2);
    add_tasks("job", {a_gang("gang", 2)});
    ASSERT_TRUE(coordinates("gang", 2));
    auto const subtask = out("gang", RunKind::coordination)[1].run;
    coordinate("gang", 2);
    write([](auto& transaction) {
        transaction.connection().run_script(
            "CREATE TRIGGER broken BEFORE UPDATE ON tasks BEGIN SELECT RAISE(ABORT, 'broken'); END"
        );
    });

    finish_primary("gang", 0);

    EXPECT_TRUE(eventually([&] { return was_stopped(subtask); }));
    write([](auto& transaction) { transaction.connection().run_script("DROP TRIGGER broken"); });
    EXPECT_TRUE(coordinates("gang", 2));
}

TEST_F(ScheduleWaitingGangs, TerminationOfItsJobEndsIt) {
    start_with_nodes(2);
    add_tasks("job", {a_gang("gang", 2)});
    ASSERT_TRUE(coordinates("gang", 2));

    change_job("job", [&](auto& row) { move_to(row, domain::JobState::terminating, clock_.now()); });

    ASSERT_TRUE(eventually([&] { return has_state("job", domain::JobState::completed); }));
    EXPECT_EQ(task("job", "gang")->execution.failure->code, "TaskEnded");
    EXPECT_TRUE(eventually([&] { return all_nodes_are("pool", domain::NodeState::idle); }));
}

TEST_F(ScheduleWaitingGangs, ATaskGoesToTheNodeItLikesIfThatIsFree) {
    start_with_nodes(3);
    ASSERT_TRUE(eventually([&] { return nodes("pool").size() == 3; }));
    auto const liked = nodes("pool").back().id;
    auto first = a_task("job", "first");
    first.affinity_id = "TVM:" + liked;
    auto second = a_task("job", "second");
    second.affinity_id = "TVM:" + liked;
    auto third = a_task("job", "third");
    third.affinity_id = "TVM:gone";

    add_tasks("job", {first, second, third});

    ASSERT_TRUE(eventually([&] { return nodes_.out().size() == 3; }));
    EXPECT_EQ(nodes_.find_task("first")->node_id, liked);
    EXPECT_NE(nodes_.find_task("second")->node_id, liked);
}

}  // namespace
}  // namespace bluebatch::emulator::scheduler
