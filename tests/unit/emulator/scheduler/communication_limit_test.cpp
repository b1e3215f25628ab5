#include "emulator/scheduler/communication_limit.hpp"

#include "tests/unit/emulator/scheduler/scheduler_fixture.hpp"

namespace bluebatch::emulator::scheduler {
namespace {

domain::Pool a_communicating_pool() {
    domain::Pool pool;
    pool.inter_node_communication = true;
    return pool;
}

ResizeStep a_step(int dedicated, int low_priority) {
    ResizeStep step;
    step.new_dedicated = dedicated;
    step.new_low_priority = low_priority;
    return step;
}

// Batch: COMM-1
TEST(LimitCommunicatingNodes, LeavesOutWhatIsBeyondAHundred) {
    auto step = a_step(40, 50);

    limit_communicating_nodes(a_communicating_pool(), 30, false, step);

    EXPECT_EQ(step.new_dedicated, 40);
    EXPECT_EQ(step.new_low_priority, 30);
    EXPECT_TRUE(step.steady);
    ASSERT_EQ(step.errors.size(), 1U);
    EXPECT_EQ(step.errors[0].code, "CommunicationEnabledPoolReachedMaxVMCount");
}

TEST(LimitCommunicatingNodes, LetsAHundredBe) {
    auto step = a_step(70, 30);

    limit_communicating_nodes(a_communicating_pool(), 0, false, step);

    EXPECT_EQ(step.new_dedicated + step.new_low_priority, 100);
    EXPECT_TRUE(step.errors.empty());
}

TEST(LimitCommunicatingNodes, WaitsForNodesThatStillLeave) {
    auto step = a_step(1, 0);

    limit_communicating_nodes(a_communicating_pool(), 100, true, step);

    EXPECT_EQ(step.new_dedicated, 0);
    EXPECT_FALSE(step.steady);
}

TEST(LimitCommunicatingNodes, OtherPoolsHaveNoLimit) {
    auto step = a_step(500, 0);

    limit_communicating_nodes({}, 0, false, step);

    EXPECT_EQ(step.new_dedicated, 500);
}

class ScheduleCommunicatingPools : public SchedulerTest {};

TEST_F(ScheduleCommunicatingPools, AResizeThatWantsTooManyEndsWithAnError) {
    start();
    auto row = a_pool("pool", 102);
    row.inter_node_communication = true;

    add_pool(row);

    ASSERT_TRUE(eventually([&] { return is_steady("pool"); }));
    ASSERT_EQ(pool("pool")->resize_errors.size(), 1U);
    EXPECT_EQ(pool("pool")->resize_errors[0].code, "CommunicationEnabledPoolReachedMaxVMCount");
    EXPECT_EQ(nodes("pool").size(), 100U);
    EXPECT_EQ(pool("pool")->target_dedicated_nodes, 102);
}

}  // namespace
}  // namespace bluebatch::emulator::scheduler
