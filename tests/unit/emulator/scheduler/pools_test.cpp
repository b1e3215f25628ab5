#include "tests/unit/emulator/scheduler/scheduler_fixture.hpp"

#include <regex>
#include <set>

namespace bluebatch::emulator::scheduler {
namespace {

using domain::NodeState;
using domain::TaskState;

class SchedulePools : public SchedulerTest {};

TEST_F(SchedulePools, APoolGetsItsNodesAndBecomesSteady) {
    start();

    add_pool(a_pool("Pool", 2, 3));

    ASSERT_TRUE(eventually([&] { return is_steady("Pool"); }));
    auto const numbers = read([&](auto& connection) { return storage::count_nodes(connection, "Pool"); });
    EXPECT_EQ(numbers.dedicated, 2);
    EXPECT_EQ(numbers.low_priority, 3);
    EXPECT_TRUE(all_nodes_are("Pool", NodeState::idle));
}

// Batch: NODE-6, SPOT-1
TEST_F(SchedulePools, NodesHaveTheIdsAndAddressesOfTheService) {
    start();
    add_pool(a_pool("pool", 2, 2));
    ASSERT_TRUE(eventually([&] { return is_steady("pool"); }));

    std::set<std::string> addresses;
    for (auto const& node : nodes("pool")) {
        auto const pattern = node.is_dedicated ? "tvmps_[0-9a-f]{64}_d" : "tvmps_[0-9a-f]{64}_p";
        EXPECT_TRUE(std::regex_match(node.id, std::regex(pattern))) << node.id;
        EXPECT_EQ(node.last_boot_time, clock_.now());
        addresses.insert(node.ip_address);
    }
    EXPECT_EQ(addresses, (std::set<std::string>{"10.0.0.4", "10.0.0.5", "10.0.0.6", "10.0.0.7"}));
}

// Batch: NODE-4, NODE-5
TEST_F(SchedulePools, NodesAreCreatingAndThenStartingWhileTheStartDelayLasts) {
    start({.max_parallel = 4, .node_start_delay = std::chrono::seconds{30}});
    add_pool(a_pool("pool", 1));
    ASSERT_TRUE(eventually([&] { return nodes("pool").size() == 1; }));
    EXPECT_TRUE(all_nodes_are("pool", NodeState::creating));
    EXPECT_FALSE(is_steady("pool"));

    advance(std::chrono::seconds{10});
    ASSERT_TRUE(eventually([&] { return all_nodes_are("pool", NodeState::starting); }));
    EXPECT_TRUE(is_steady("pool"));
    EXPECT_EQ(nodes("pool").at(0).last_boot_time, clock_.now());

    advance(std::chrono::seconds{20});
    ASSERT_TRUE(eventually([&] { return all_nodes_are("pool", NodeState::idle); }));
    EXPECT_EQ(nodes("pool").at(0).last_boot_time, clock_.now() - std::chrono::seconds{20});
}

TEST_F(SchedulePools, ANodeThatWasStartingGoesOnStartingAfterARestart) {
    SchedulerOptions const options{.max_parallel = 4, .node_start_delay = std::chrono::seconds{30}};
    start(options);
    add_pool(a_pool("pool", 1));
    ASSERT_TRUE(eventually([&] { return nodes("pool").size() == 1; }));
    advance(std::chrono::seconds{10});
    ASSERT_TRUE(eventually([&] { return all_nodes_are("pool", NodeState::starting); }));

    restart(options);

    EXPECT_TRUE(all_nodes_are("pool", NodeState::starting));
    advance(std::chrono::seconds{20});
    EXPECT_TRUE(eventually([&] { return all_nodes_are("pool", NodeState::idle); }));
}

// Batch: POOL-15
TEST_F(SchedulePools, AResizeThatTimesOutKeepsTheNodesThatStillStart) {
    start({.max_parallel = 4, .node_start_delay = std::chrono::hours{1}});
    add_pool(a_pool("pool", 1));
    ASSERT_TRUE(eventually([&] { return nodes("pool").size() == 1; }));

    advance(std::chrono::minutes{15});

    ASSERT_TRUE(eventually([&] { return is_steady("pool"); }));
    EXPECT_TRUE(all_nodes_are("pool", NodeState::creating));
    EXPECT_EQ(nodes("pool").size(), 1U);
    EXPECT_EQ(pool("pool")->resize_errors.at(0).code, "AllocationTimedout");
    EXPECT_EQ(pool("pool")->target_dedicated_nodes, 1);
}

// Batch: POOL-14
TEST_F(SchedulePools, StopResizeKeepsTheNodesThatStillStart) {
    start({.max_parallel = 4, .node_start_delay = std::chrono::hours{1}});
    add_pool(a_pool("pool", 1));
    ASSERT_TRUE(eventually([&] { return nodes("pool").size() == 1; }));

    change_pool("pool", [](auto& row) { row.allocation_state = domain::AllocationState::stopping; });

    ASSERT_TRUE(eventually([&] { return is_steady("pool"); }));
    EXPECT_EQ(pool("pool")->resize_errors.at(0).code, "ResizeStopped");
    ASSERT_EQ(nodes("pool").size(), 1U);

    advance(std::chrono::minutes{20});
    ASSERT_TRUE(eventually([&] { return all_nodes_are("pool", NodeState::starting); }));
    advance(std::chrono::minutes{40});
    ASSERT_TRUE(eventually([&] { return all_nodes_are("pool", NodeState::idle); }));
    EXPECT_EQ(pool("pool")->resize_errors.at(0).code, "ResizeStopped");
}

// Batch: POOL-20, POOL-22
TEST_F(SchedulePools, ShrinkingTakesIdleNodesAndRequeuesTheTasksOfOthers) {
    start();
    add_pool(a_pool("pool", 2));
    add_job(a_job("job", "pool"));
    add_tasks("job", {a_task("job", "a"), a_task("job", "b")});
    ASSERT_TRUE(eventually([&] { return nodes_.out().size() == 2; }));

    change_pool("pool", [&](auto& row) {
        row.allocation_state = domain::AllocationState::resizing;
        row.target_dedicated_nodes = 1;
        row.resize_started = clock_.now();
    });

    ASSERT_TRUE(eventually([&] { return is_steady("pool") && nodes("pool").size() == 1; }));
    EXPECT_EQ(nodes_.stopped().at(0).second, domain::StopReason::requeued);
    int requeued = 0;
    for (auto const* id : {"a", "b"})
        requeued += task("job", id)->execution.requeue_count;
    EXPECT_EQ(requeued, 1);
    EXPECT_EQ(nodes_.removed(), std::vector<std::string>{"node pool"});
}

TEST_F(SchedulePools, ShrinkingWithTerminateEndsTheTask) {
    start();
    add_pool(a_pool("pool", 1));
    add_job(a_job("job", "pool"));
    add_task("job", "a");
    ASSERT_TRUE(eventually([&] { return nodes_.out().size() == 1; }));

    change_pool("pool", [&](auto& row) {
        row.allocation_state = domain::AllocationState::resizing;
        row.target_dedicated_nodes = 0;
        row.node_deallocation_option = domain::NodeDeallocationOption::terminate;
        row.resize_started = clock_.now();
    });

    ASSERT_TRUE(eventually([&] { return is_steady("pool") && nodes("pool").empty(); }));
    EXPECT_EQ(task("job", "a")->state, TaskState::completed);
    EXPECT_EQ(task("job", "a")->execution.failure->code, "TaskEnded");
}

TEST_F(SchedulePools, ShrinkingWithTaskCompletionLetsTheTaskFinish) {
    start();
    add_pool(a_pool("pool", 1));
    add_job(a_job("job", "pool"));
    add_tasks("job", {a_task("job", "a"), a_task("job", "b")});
    ASSERT_TRUE(eventually([&] { return nodes_.find_task("a").has_value(); }));
    change_pool("pool", [&](auto& row) {
        row.allocation_state = domain::AllocationState::resizing;
        row.target_dedicated_nodes = 0;
        row.node_deallocation_option = domain::NodeDeallocationOption::task_completion;
        row.resize_started = clock_.now();
    });
    settle();
    EXPECT_EQ(nodes("pool").size(), 1U);

    nodes_.finish_run(nodes_.find_task("a")->run, 0);

    ASSERT_TRUE(eventually([&] { return is_steady("pool") && nodes("pool").empty(); }));
    EXPECT_EQ(task("job", "a")->execution.result, domain::TaskResult::success);
    EXPECT_EQ(task("job", "b")->state, TaskState::active);
}

// Batch: POOL-12
TEST_F(SchedulePools, NodesThatAreNamedGoEvenIfTheWordOfThemComesLater) {
    start();
    add_pool(a_pool("pool", 3));
    add_job(a_job("job", "pool"));
    add_task("job", "a");
    ASSERT_TRUE(eventually([&] { return nodes_.out().size() == 1; }));
    auto const named = task("job", "a")->place->node_id;
    write([&](auto& transaction) {
        auto node = storage::find_node(transaction.connection(), "pool", named);
        node->request = domain::NodeRequest::remove;
        storage::update_node_request(transaction, *node);
    });

    change_pool("pool", [&](auto& row) {
        row.allocation_state = domain::AllocationState::resizing;
        row.target_dedicated_nodes = 2;
        row.resize_started = clock_.now();
    });

    ASSERT_TRUE(eventually([&] { return is_steady("pool") && nodes("pool").size() == 2; }));
    for (auto const& node : nodes("pool"))
        EXPECT_NE(node.id, named);
}

// Batch: POOL-28, POOL-29
TEST_F(SchedulePools, ADeletedPoolGoesWithItsNodesAndItsTasksWait) {
    start();
    add_pool(a_pool("pool", 2));
    add_job(a_job("job", "pool"));
    add_task("job", "a");
    ASSERT_TRUE(eventually([&] { return nodes_.out().size() == 1; }));

    change_pool("pool", [](auto& row) { row.state = domain::PoolState::deleting; });

    ASSERT_TRUE(eventually([&] { return !pool("pool"); }));
    EXPECT_EQ(task("job", "a")->state, TaskState::active);
    EXPECT_EQ(task("job", "a")->execution.requeue_count, 1);

    add_pool(a_pool("pool", 1));
    EXPECT_TRUE(eventually([&] { return nodes_.find_task("a").has_value(); }));
}

// Batch: START-3, START-9
TEST_F(SchedulePools, TheStartTaskHoldsTheNodeUntilItSucceeds) {
    start();
    auto row = a_pool("pool", 1);
    row.has_start_task = true;
    row.document = "prepare";
    add_pool(row);
    add_job(a_job("job", "pool"));
    add_task("job", "a");
    ASSERT_TRUE(eventually([&] { return nodes_.out().size() == 1; }));
    EXPECT_EQ(nodes_.out()[0].kind, domain::RunKind::start_task);
    EXPECT_EQ(nodes_.out()[0].specification.command_line, "prepare");
    EXPECT_TRUE(all_nodes_are("pool", NodeState::waiting_for_start_task));
    EXPECT_TRUE(is_steady("pool"));

    nodes_.finish_run(nodes_.out()[0].run, 0);

    ASSERT_TRUE(eventually([&] { return nodes_.find_task("a").has_value(); }));
    auto const info = nodes("pool").at(0).start_task_info;
    EXPECT_EQ(info->result, domain::TaskResult::success);
    EXPECT_EQ(nodes("pool").at(0).total_tasks_run, 0);
}

// Batch: START-2, START-3
TEST_F(SchedulePools, AStartTaskThatKeepsFailingLeavesTheNodeUnusable) {
    start();
    nodes_.exit_at_once = [](auto const&) { return std::optional{1}; };
    auto row = a_pool("pool", 1);
    row.has_start_task = true;
    row.document = "prepare";
    add_pool(row);

    ASSERT_TRUE(eventually([&] {
        auto const all = nodes("pool");
        return all.size() == 1 && all[0].state == NodeState::start_task_failed;
    }));

    EXPECT_EQ(nodes_.started(), 2U);
    EXPECT_EQ(nodes("pool").at(0).start_task_info->retry_count, 1);
}

// Batch: START-4, SLOT-5
TEST_F(SchedulePools, WithoutWaitForSuccessTasksRunBesideTheStartTask) {
    start();
    auto row = a_pool("pool", 1);
    row.has_start_task = true;
    row.document = "nowait";
    add_pool(row);
    add_job(a_job("job", "pool"));
    add_task("job", "a");

    EXPECT_TRUE(eventually([&] { return nodes_.out().size() == 2; }));
}

TEST_F(SchedulePools, AThousandNodesAreReadyWhileTheClockStandsStill) {
    start();

    add_pool(a_pool("pool", 500, 500));

    ASSERT_TRUE(eventually([&] { return is_steady("pool"); }));
    EXPECT_TRUE(all_nodes_are("pool", NodeState::idle));
}

}  // namespace
}  // namespace bluebatch::emulator::scheduler
