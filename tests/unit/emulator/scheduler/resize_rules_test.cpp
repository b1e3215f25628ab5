#include "emulator/scheduler/resize_rules.hpp"

#include <gtest/gtest.h>

namespace bluebatch::emulator::scheduler {
namespace {

using domain::AllocationState;
using domain::NodeDeallocationOption;
using domain::NodeState;
using Keys = std::vector<NodeKey>;

constexpr base::TimePoint kStart{base::Ticks{17'095'464'000'000'000}};

domain::Pool resizing_pool(int dedicated, int low_priority = 0) {
    domain::Pool pool;
    pool.allocation_state = AllocationState::resizing;
    pool.target_dedicated_nodes = dedicated;
    pool.target_low_priority_nodes = low_priority;
    pool.resize_started = kStart;
    return pool;
}

NodeSummary a_node(std::uint64_t key, NodeState state, int running_tasks = 0) {
    return {.key = NodeKey{key}, .state = state, .running_tasks = running_tasks};
}

TEST(PlanResize, CreatesWhatIsMissingOfEachKind) {
    auto const step = plan_resize(resizing_pool(2, 3), {a_node(1, NodeState::idle)}, kStart);

    EXPECT_EQ(step.new_dedicated, 1);
    EXPECT_EQ(step.new_low_priority, 3);
    EXPECT_FALSE(step.steady);
    EXPECT_EQ(step.look_again, kStart + std::chrono::minutes{15});
}

TEST(PlanResize, IsSteadyOnceNoNodeIsBeingCreated) {
    auto const creating = plan_resize(resizing_pool(1), {a_node(1, NodeState::creating)}, kStart);
    auto const started =
        plan_resize(resizing_pool(1), {a_node(1, NodeState::waiting_for_start_task)}, kStart);

    EXPECT_FALSE(creating.steady);
    EXPECT_TRUE(started.steady);
    EXPECT_TRUE(started.errors.empty());
}

// Batch: POOL-5
TEST(PlanResize, ASteadyPoolIsLeftAloneWhateverItsNumbers) {
    auto pool = resizing_pool(5);
    pool.allocation_state = AllocationState::steady;

    auto const step = plan_resize(pool, {}, kStart);

    EXPECT_EQ(step.new_dedicated, 0);
    EXPECT_FALSE(step.steady);
}

// Batch: POOL-21
TEST(PlanResize, TakesNodesWithAJobManagerLast) {
    auto managed = a_node(1, NodeState::running, 1);
    managed.has_manager = true;

    auto const step = plan_resize(
        resizing_pool(1), {managed, a_node(2, NodeState::running, 9), a_node(3, NodeState::idle)}, kStart
    );

    EXPECT_EQ(step.leave, (Keys{NodeKey{3}, NodeKey{2}}));
}

// Batch: POOL-21
TEST(PlanResize, TakesIdleNodesBeforeBusyOnes) {
    auto const step = plan_resize(
        resizing_pool(1),
        {a_node(1, NodeState::running, 2), a_node(2, NodeState::idle), a_node(3, NodeState::running, 1)},
        kStart
    );

    EXPECT_EQ(step.leave, (Keys{NodeKey{2}, NodeKey{3}}));
    EXPECT_FALSE(step.steady);
}

TEST(PlanResize, IsNotSteadyWhileNodesLeave) {
    auto const step = plan_resize(
        resizing_pool(1), {a_node(1, NodeState::idle), a_node(2, NodeState::leaving_pool, 1)}, kStart
    );

    EXPECT_FALSE(step.steady);
    EXPECT_TRUE(step.leave.empty());
}

TEST(PlanResize, TaskCompletionDrainsBusyNodes) {
    auto pool = resizing_pool(0);
    pool.node_deallocation_option = NodeDeallocationOption::task_completion;

    auto const step =
        plan_resize(pool, {a_node(1, NodeState::running, 1), a_node(2, NodeState::idle)}, kStart);

    EXPECT_EQ(step.leave, (Keys{NodeKey{2}}));
    EXPECT_EQ(step.drain, (Keys{NodeKey{1}}));
}

TEST(PlanResize, RetainedDataWaitsForTheFilesOfFinishedTasks) {
    auto pool = resizing_pool(0);
    pool.node_deallocation_option = NodeDeallocationOption::retained_data;
    auto node = a_node(1, NodeState::idle);
    node.retained_until = kStart + std::chrono::minutes{3};

    auto const waiting = plan_resize(pool, {node}, kStart);
    auto const expired = plan_resize(pool, {node}, node.retained_until);

    EXPECT_TRUE(waiting.leave.empty());
    EXPECT_EQ(waiting.look_again, node.retained_until);
    EXPECT_EQ(expired.leave, (Keys{NodeKey{1}}));
}

// Batch: POOL-15
TEST(PlanResize, AfterTheTimeoutItIsSteadyWithTheNodesItCounts) {
    auto const step = plan_resize(
        resizing_pool(3),
        {a_node(1, NodeState::idle), a_node(2, NodeState::creating)},
        kStart + std::chrono::minutes{15}
    );

    EXPECT_TRUE(step.steady);
    EXPECT_TRUE(step.leave.empty());
    EXPECT_EQ(step.new_dedicated, 0);
    ASSERT_EQ(step.errors.size(), 1U);
    EXPECT_EQ(step.errors[0].code, "AllocationTimedout");
}

// Batch: AS-10
TEST(PlanResize, APoolThatScalesByItselfHasNoTimeout) {
    auto pool = resizing_pool(3);
    pool.auto_scale.emplace();

    auto const step = plan_resize(pool, {a_node(1, NodeState::idle)}, kStart + std::chrono::hours{1});

    EXPECT_FALSE(step.steady);
    EXPECT_EQ(step.new_dedicated, 2);
    EXPECT_TRUE(step.errors.empty());
}

TEST(PlanResize, AfterTheTimeoutBusyNodesStay) {
    auto pool = resizing_pool(0);
    pool.node_deallocation_option = NodeDeallocationOption::task_completion;
    auto node = a_node(1, NodeState::running, 1);
    node.draining = true;

    auto const step = plan_resize(pool, {node}, kStart + std::chrono::minutes{15});

    EXPECT_TRUE(step.steady);
    EXPECT_EQ(step.keep, (Keys{NodeKey{1}}));
    EXPECT_TRUE(step.leave.empty());
}

TEST(PlanResize, StopResizeKeepsTheNodesObtained) {
    auto pool = resizing_pool(3);
    pool.allocation_state = AllocationState::stopping;

    auto const step = plan_resize(pool, {a_node(1, NodeState::idle), a_node(2, NodeState::creating)}, kStart);

    EXPECT_TRUE(step.steady);
    EXPECT_TRUE(step.leave.empty());
    EXPECT_EQ(step.new_dedicated, 0);
    ASSERT_EQ(step.errors.size(), 1U);
    EXPECT_EQ(step.errors[0].code, "ResizeStopped");
}

TEST(PlanResize, ADeletedPoolLosesEveryNode) {
    auto pool = resizing_pool(2);
    pool.state = domain::PoolState::deleting;

    auto const step =
        plan_resize(pool, {a_node(1, NodeState::running, 1), a_node(2, NodeState::idle)}, kStart);

    EXPECT_EQ(step.leave, (Keys{NodeKey{1}, NodeKey{2}}));
    EXPECT_EQ(step.new_dedicated, 0);
}

// Batch: POOL-12
TEST(PlanResize, NodesThatAreNamedGoWhateverTheyDoAndOthersStay) {
    auto named = a_node(2, NodeState::running, 1);
    named.must_go = true;
    auto const step = plan_resize(
        resizing_pool(2), {a_node(1, NodeState::idle), named, a_node(3, NodeState::idle)}, kStart
    );

    EXPECT_EQ(step.leave, Keys{NodeKey{2}});
    EXPECT_EQ(step.new_dedicated, 0);
    EXPECT_FALSE(step.steady);
}

TEST(PlanResize, NodesThatAreNamedMayFinishTheirTasks) {
    auto named = a_node(1, NodeState::running, 1);
    named.must_go = true;
    auto pool = resizing_pool(0);
    pool.node_deallocation_option = NodeDeallocationOption::task_completion;

    EXPECT_EQ(plan_resize(pool, {named}, kStart).drain, Keys{NodeKey{1}});
    auto const late = plan_resize(pool, {named}, kStart + std::chrono::minutes{15});
    EXPECT_TRUE(late.steady);
    EXPECT_EQ(late.errors.size(), 1U);
}

// Batch: POOL-23
TEST(PlanResize, NodesThatCommunicateLeaveTogether) {
    auto pool = resizing_pool(1);
    pool.inter_node_communication = true;
    pool.node_deallocation_option = NodeDeallocationOption::task_completion;
    std::vector nodes{
        a_node(1, NodeState::running, 2), a_node(2, NodeState::idle), a_node(3, NodeState::running, 1)};

    auto const waiting = plan_resize(pool, nodes, kStart);
    nodes[1].draining = nodes[2].draining = true;
    nodes[2].running_tasks = 0;
    auto const free = plan_resize(pool, nodes, kStart);

    EXPECT_TRUE(waiting.leave.empty());
    EXPECT_EQ(waiting.drain, (Keys{NodeKey{2}, NodeKey{3}}));
    EXPECT_EQ(waiting.look_again, kStart + pool.resize_timeout);
    EXPECT_EQ(free.leave, (Keys{NodeKey{2}, NodeKey{3}}));
}

}  // namespace
}  // namespace bluebatch::emulator::scheduler
