#include "tests/unit/emulator/scheduler/scheduler_fixture.hpp"

namespace bluebatch::emulator::scheduler {
namespace {

using domain::NodeState;
using domain::RunKind;

class SetUpNodes : public SchedulerTest {
protected:
    void start_pool_with_package(std::string const& start_task = {}) {
        start();
        auto row = a_pool("pool", 1);
        row.document = "package " + start_task;
        row.has_start_task = !start_task.empty();
        add_pool(row);
        wait_for_run(RunKind::node_setup);
    }
    void wait_for_run(RunKind kind) {
        ASSERT_TRUE(eventually([&] { return nodes_.out().size() == 1 && nodes_.out()[0].kind == kind; }));
    }
    void request(domain::NodeRequest wanted) {
        auto node = nodes("pool").at(0);
        node.request = wanted;
        write([&](auto& transaction) { storage::update_node_request(transaction, node); });
        notify(domain::Change::Kind::node, "pool", node.id);
    }
    domain::RunId only_run() const { return nodes_.out().at(0).run; }

    domain::FailureInfo const failure_{
        domain::ErrorCategory::user_error, "ApplicationPackageError", "no package", {{"Message", "gone"}}};
};

// APP-2
TEST_F(SetUpNodes, PackagesComeBeforeTheStartTask) {
    start_pool_with_package("start");
    auto const setup = nodes_.out()[0];
    EXPECT_TRUE(all_nodes_are("pool", NodeState::starting));
    EXPECT_EQ(setup.setup.application_packages, (std::vector<domain::PackageReference>{{"tool", ""}}));
    EXPECT_EQ(setup.node_id, nodes("pool").at(0).id);

    nodes_.finish_run(setup.run, 0);

    wait_for_run(RunKind::start_task);
    EXPECT_TRUE(all_nodes_are("pool", NodeState::waiting_for_start_task));
    nodes_.finish_run(only_run(), 0);
    EXPECT_TRUE(eventually([&] { return all_nodes_are("pool", NodeState::idle); }));
}

TEST_F(SetUpNodes, ANodeWithoutStartTaskIsReadyAfterwards) {
    start_pool_with_package();
    nodes_.finish_run(only_run(), 0);
    EXPECT_TRUE(eventually([&] { return all_nodes_are("pool", NodeState::idle); }));
}

// APP-2, NODE-16
TEST_F(SetUpNodes, AFailureMakesTheNodeUnusableUntilItIsRebooted) {
    start_pool_with_package("start");
    add_job(a_job("job", "pool"));
    add_task("job", "task");

    nodes_.fail_run(only_run(), failure_);

    ASSERT_TRUE(eventually([&] { return all_nodes_are("pool", NodeState::unusable); }));
    EXPECT_EQ(nodes("pool").at(0).error, failure_);
    settle();
    EXPECT_TRUE(nodes_.out().empty());
    EXPECT_TRUE(has_state("job", "task", domain::TaskState::active));
    EXPECT_TRUE(is_steady("pool"));

    request(domain::NodeRequest::reboot);

    wait_for_run(RunKind::node_setup);
    EXPECT_EQ(nodes("pool").at(0).error, std::nullopt);
    nodes_.finish_run(only_run(), 0);
    wait_for_run(RunKind::start_task);
    nodes_.finish_run(only_run(), 0);
    EXPECT_TRUE(eventually([&] { return nodes_.find_task("task").has_value(); }));
}

// POOL-26
TEST_F(SetUpNodes, ChangedReferencesReachANodeWhenItBoots) {
    start();
    add_pool(a_pool("pool", 1));
    ASSERT_TRUE(eventually([&] { return all_nodes_are("pool", NodeState::idle) && is_steady("pool"); }));
    change_pool("pool", [](domain::Pool& pool) { pool.document = "package "; });
    settle();
    EXPECT_TRUE(nodes_.out().empty());

    request(domain::NodeRequest::reboot);

    wait_for_run(RunKind::node_setup);
    nodes_.finish_run(only_run(), 0);
    ASSERT_TRUE(eventually([&] { return all_nodes_are("pool", NodeState::idle); }));

    // A node that had packages is told that it has none any more.
    change_pool("pool", [](domain::Pool& pool) { pool.document = ""; });
    request(domain::NodeRequest::reboot);
    wait_for_run(RunKind::node_setup);
    EXPECT_TRUE(nodes_.out()[0].setup.is_empty());
    nodes_.finish_run(only_run(), 0);
    ASSERT_TRUE(eventually([&] { return all_nodes_are("pool", NodeState::idle); }));
    auto const started = nodes_.started();
    request(domain::NodeRequest::reboot);
    settle();
    EXPECT_TRUE(eventually([&] { return all_nodes_are("pool", NodeState::idle); }));
    EXPECT_EQ(nodes_.started(), started);
}

TEST_F(SetUpNodes, ANodeMayLeaveMeanwhile) {
    start_pool_with_package("start");
    change_pool("pool", [](domain::Pool& pool) {
        pool.target_dedicated_nodes = 0;
        pool.allocation_state = domain::AllocationState::resizing;
    });
    EXPECT_TRUE(eventually([&] { return nodes("pool").empty(); }));
    EXPECT_EQ(nodes_.stopped().size(), 1U);
    settle();
    EXPECT_EQ(nodes_.started(), 1U);
}

TEST_F(SetUpNodes, ANodeOfAnEarlierLifeIsSetUpAnew) {
    start_pool_with_package();
    nodes_.fail_run(only_run(), failure_);
    ASSERT_TRUE(eventually([&] { return all_nodes_are("pool", NodeState::unusable); }));

    restart();

    wait_for_run(RunKind::node_setup);
    EXPECT_TRUE(all_nodes_are("pool", NodeState::starting));
    nodes_.finish_run(only_run(), 0);
    EXPECT_TRUE(eventually([&] { return all_nodes_are("pool", NodeState::idle); }));
}

}  // namespace
}  // namespace bluebatch::emulator::scheduler
