#include "emulator/scheduler/placement.hpp"

#include <gtest/gtest.h>

#include <map>

namespace bluebatch::emulator::scheduler {
namespace {

constexpr PoolKey kPool{1};

NodeKey node(std::uint64_t number) {
    return NodeKey{number};
}
JobKey job(std::int64_t number) {
    return JobKey{number};
}

class PlaceTasks : public testing::Test {
protected:
    void add_nodes(int count, int slots, domain::NodeFillType fill = domain::NodeFillType::spread) {
        placement_.set_pool(kPool, slots, fill);
        for (int i = 1; i <= count; ++i) {
            placement_.add_node(node(static_cast<std::uint64_t>(i)), kPool, NodeKind::dedicated);
            placement_.set_node(node(static_cast<std::uint64_t>(i)), Admission::open);
        }
    }

    void add_job(JobKey key, std::vector<WaitingTask> tasks, JobSettings settings = {}) {
        settings.pool = kPool;
        store_[key] = std::move(tasks);
        placement_.set_job(key, settings);
        placement_.tasks_added(key);
    }

    // All assignments that can be made now; pages are read from store_, two tasks at a time.
    std::vector<Assignment> assignments() {
        std::vector<Assignment> made;
        for (;;) {
            auto const decision = placement_.next();
            if (auto const* wanted = std::get_if<PageWanted>(&decision)) {
                ++pages_;
                std::vector<WaitingTask> page;
                for (auto const& task : store_[wanted->job])
                    if (task.sequence > wanted->after && page.size() < 2) page.push_back(task);
                auto const follows = page.size() == 2 ? Placement::Page::more_follows : Placement::Page::last;
                placement_.page_read(wanted->job, page, follows);
            } else if (auto const* assignment = std::get_if<Assignment>(&decision)) {
                made.push_back(*assignment);
            } else {
                return made;
            }
        }
    }

    std::vector<std::int64_t> sequences() {
        std::vector<std::int64_t> found;
        for (auto const& assignment : assignments())
            found.push_back(assignment.task.sequence);
        return found;
    }

    std::vector<std::uint64_t> nodes_used() {
        std::vector<std::uint64_t> found;
        for (auto const& assignment : assignments())
            found.push_back(static_cast<std::uint64_t>(assignment.node));
        return found;
    }

    Placement placement_;
    std::map<JobKey, std::vector<WaitingTask>> store_;
    int pages_ = 0;
};

using Sequences = std::vector<std::int64_t>;
using NodesUsed = std::vector<std::uint64_t>;

// Batch: SLOT-2, SLOT-7
TEST_F(PlaceTasks, TakesTasksInOrderOfAdditionWhileSlotsAreFree) {
    add_nodes(1, 2);
    add_job(job(1), {{10}, {11}, {12}});

    EXPECT_EQ(sequences(), (Sequences{10, 11}));

    placement_.release(node(1), job(1), 1);
    EXPECT_EQ(sequences(), (Sequences{12}));
}

// Batch: SLOT-4
TEST_F(PlaceTasks, SpreadUsesTheNodeWithMostFreeSlots) {
    add_nodes(3, 2);
    add_job(job(1), {{1}, {2}, {3}, {4}, {5}, {6}});

    EXPECT_EQ(nodes_used(), (NodesUsed{1, 2, 3, 1, 2, 3}));
}

// Batch: SLOT-4
TEST_F(PlaceTasks, PackFillsANodeBeforeTheNext) {
    add_nodes(3, 2, domain::NodeFillType::pack);
    add_job(job(1), {{1}, {2}, {3}, {4}, {5}, {6}});

    EXPECT_EQ(nodes_used(), (NodesUsed{1, 1, 2, 2, 3, 3}));
}

TEST_F(PlaceTasks, PackLeavesAFullEnoughNodeThatHasNoRoom) {
    add_nodes(2, 3, domain::NodeFillType::pack);
    add_job(job(1), {{1, 2}, {2, 2}, {3, 1}});

    EXPECT_EQ(nodes_used(), (NodesUsed{1, 2, 1}));
}

// Batch: SLOT-3
TEST_F(PlaceTasks, MoreRequiredSlotsThanANodeHasAreNeverPlacedAndLetOthersPass) {
    add_nodes(2, 4);
    add_job(job(1), {{1, 5}, {2, 4}, {3, 1}});

    EXPECT_EQ(sequences(), (Sequences{2, 3}));
}

// Batch: SLOT-2, SLOT-9
TEST_F(PlaceTasks, ALargeTaskStartsOnceEnoughSlotsAreFreeOnOneNode) {
    add_nodes(1, 2);
    add_job(job(1), {{1, 1}, {2, 2}, {3, 1}});

    EXPECT_EQ(sequences(), (Sequences{1, 3}));
    placement_.release(node(1), job(1), 1);
    EXPECT_EQ(sequences(), Sequences{});
    placement_.release(node(1), job(1), 1);
    EXPECT_EQ(sequences(), (Sequences{2}));
}

// Batch: SLOT-6
TEST_F(PlaceTasks, HigherPriorityGoesFirstThenTheOlderJob) {
    add_nodes(1, 6);
    add_job(job(1), {{1}, {4}});
    add_job(job(2), {{2}, {5}});
    add_job(job(3), {{3}, {6}}, {.priority = 10});

    EXPECT_EQ(sequences(), (Sequences{3, 6, 1, 4, 2, 5}));
}

TEST_F(PlaceTasks, AChangedPriorityCountsFromTheNextDecision) {
    add_nodes(1, 1);
    add_job(job(1), {{1}, {2}});
    add_job(job(2), {{3}, {4}});
    EXPECT_EQ(sequences(), (Sequences{1}));

    placement_.set_job(job(2), {.pool = kPool, .priority = 1});
    placement_.release(node(1), job(1), 1);

    EXPECT_EQ(sequences(), (Sequences{3}));
}

// Batch: SLOT-12
TEST_F(PlaceTasks, MaxParallelTasksCapsAJobOverAllNodes) {
    add_nodes(4, 1);
    add_job(job(1), {{1}, {2}, {3}}, {.max_parallel_tasks = 2});

    EXPECT_EQ(sequences(), (Sequences{1, 2}));
    placement_.release(node(1), job(1), 1);
    EXPECT_EQ(sequences(), (Sequences{3}));
}

TEST_F(PlaceTasks, AClosedJobStartsNothingUntilItOpens) {
    add_nodes(1, 1);
    add_job(job(1), {{1}}, {.admission = Admission::closed});
    EXPECT_EQ(sequences(), Sequences{});

    placement_.set_job(job(1), {.pool = kPool});

    EXPECT_EQ(sequences(), (Sequences{1}));
}

// Batch: SLOT-13
TEST_F(PlaceTasks, AClosedNodeGetsNothing) {
    add_nodes(2, 1);
    placement_.set_node(node(1), Admission::closed);
    add_job(job(1), {{1}, {2}});

    EXPECT_EQ(nodes_used(), (NodesUsed{2}));
}

TEST_F(PlaceTasks, ATaskWaitsForANodeOfItsPool) {
    add_job(job(1), {{1}});
    EXPECT_EQ(sequences(), Sequences{});

    add_nodes(1, 1);

    EXPECT_EQ(sequences(), (Sequences{1}));
}

TEST_F(PlaceTasks, AReturnedTaskGoesBeforeThoseAddedLater) {
    add_nodes(1, 1);
    add_job(job(1), {{1}, {2}, {3}});
    EXPECT_EQ(sequences(), (Sequences{1}));

    placement_.put_back(job(1), {1});
    placement_.release(node(1), job(1), 1);

    EXPECT_EQ(sequences(), (Sequences{1}));
}

TEST_F(PlaceTasks, ATaskReactivatedBeforeItWasEverReadIsFound) {
    add_nodes(1, 1);
    add_job(job(1), {});
    EXPECT_EQ(sequences(), Sequences{});

    store_[job(1)] = {{7}};
    placement_.put_back(job(1), {7});

    EXPECT_EQ(sequences(), (Sequences{7}));
}

TEST_F(PlaceTasks, ReadsNoFurtherThanThereAreFreeSlots) {
    add_nodes(1, 1);
    std::vector<WaitingTask> many;
    for (std::int64_t i = 1; i <= 1000; ++i)
        many.push_back({i});
    add_job(job(1), many);

    EXPECT_EQ(sequences(), (Sequences{1}));

    EXPECT_EQ(pages_, 1);
}

TEST_F(PlaceTasks, ARemovedJobIsForgotten) {
    add_nodes(1, 1);
    add_job(job(1), {{1}, {2}});
    EXPECT_EQ(sequences(), (Sequences{1}));

    placement_.remove_job(job(1));
    placement_.release(node(1), job(1), 1);

    EXPECT_EQ(sequences(), Sequences{});
}

TEST_F(PlaceTasks, EverySlotOfALargePoolIsUsedOnce) {
    add_nodes(500, 3);
    std::vector<WaitingTask> many;
    for (std::int64_t i = 1; i <= 2000; ++i)
        many.push_back({i});
    add_job(job(1), many);

    std::map<std::uint64_t, int> used;
    for (auto const key : nodes_used())
        ++used[key];

    EXPECT_EQ(used.size(), 500U);
    for (auto const& [key, count] : used)
        EXPECT_EQ(count, 3) << "node " << key;
}

// Batch: PREP-3, SLOT-13
TEST_F(PlaceTasks, ABarredNodeServesOtherJobsOnly) {
    add_nodes(2, 1);
    add_job(job(1), {{1, 1}, {2, 1}});
    placement_.bar(job(1), node(1));
    EXPECT_EQ(nodes_used(), NodesUsed{2});
    add_job(job(2), {{3, 1}});
    EXPECT_EQ(nodes_used(), NodesUsed{1});
    placement_.release(node(1), job(2), 1);
    EXPECT_TRUE(assignments().empty());
    placement_.readmit(node(1));
    EXPECT_EQ(nodes_used(), NodesUsed{1});
}

// Batch: JM-1, JM-3, SLOT-5
TEST_F(PlaceTasks, AManagerThatIsAloneTakesAWholeNode) {
    add_nodes(1, 4);
    JobSettings settings;
    settings.manager = ManagerTask{2, true, true};
    add_job(job(1), {{1, 1}}, {});
    ASSERT_EQ(sequences(), Sequences{1});
    add_job(job(2), {{2, 1}, {3, 1}}, settings);
    // It does not fit beside what runs; the other task of its job does.
    EXPECT_EQ(sequences(), Sequences{3});
    placement_.release(node(1), job(1), 1);
    placement_.release(node(1), job(2), 1);
    auto const made = assignments();
    ASSERT_EQ(made.size(), 1U);
    EXPECT_EQ(made[0].task.sequence, 2);
    EXPECT_EQ(made[0].slots, 4);
}

// Batch: JM-4, SPOT-7
TEST_F(PlaceTasks, AManagerMayWantADedicatedNode) {
    placement_.set_pool(kPool, 1, domain::NodeFillType::spread);
    placement_.add_node(node(1), kPool, NodeKind::low_priority);
    placement_.set_node(node(1), Admission::open);
    JobSettings settings;
    settings.manager = ManagerTask{1, false, false};
    add_job(job(1), {{1, 1}}, settings);
    EXPECT_TRUE(assignments().empty());
    placement_.add_node(node(2), kPool, NodeKind::dedicated);
    placement_.set_node(node(2), Admission::open);
    EXPECT_EQ(nodes_used(), NodesUsed{2});
}

WaitingTask gang(std::int64_t sequence, int instances) {
    return {sequence, 1, instances};
}

TEST_F(PlaceTasks, AGangTakesAllItsNodesAtOnce) {
    add_nodes(4, 1);
    placement_.set_pool(kPool, 1, domain::NodeFillType::spread, Gangs::allowed);
    add_job(job(1), {gang(1, 3)});

    auto const made = assignments();

    ASSERT_EQ(made.size(), 1U);
    EXPECT_EQ(made[0].node, node(1));
    EXPECT_EQ(made[0].others, (std::vector{node(2), node(3)}));
    add_job(job(2), {{2}, {3}});
    EXPECT_EQ(nodes_used(), (NodesUsed{4}));
}

TEST_F(PlaceTasks, AGangThatDoesNotFitHoldsNothingAndLetsOthersPass) {
    add_nodes(3, 1);
    placement_.set_pool(kPool, 1, domain::NodeFillType::spread, Gangs::allowed);
    add_job(job(1), {{1}, gang(2, 3), {3}, gang(4, 2)});

    EXPECT_EQ(sequences(), (Sequences{1, 3}));

    placement_.release(node(1), job(1), 1);
    EXPECT_EQ(sequences(), (Sequences{4}));
    placement_.release(node(2), job(1), 1);
    EXPECT_TRUE(sequences().empty());
    placement_.release(node(1), job(1), 1);
    placement_.release_slots(node(3), 1);
    EXPECT_EQ(sequences(), (Sequences{2}));
}

TEST_F(PlaceTasks, AGangStaysOutOfPoolsThatAreNotMadeForIt) {
    add_nodes(3, 1);
    add_job(job(1), {gang(1, 1)});
    EXPECT_TRUE(sequences().empty());

    placement_.set_pool(kPool, 2, domain::NodeFillType::spread, Gangs::allowed);
    EXPECT_TRUE(sequences().empty());

    placement_.set_pool(kPool, 1, domain::NodeFillType::spread, Gangs::allowed);
    EXPECT_EQ(sequences(), (Sequences{1}));
}

TEST_F(PlaceTasks, AGangUsesNoNodeThatIsBarredForItsJob) {
    add_nodes(3, 1);
    placement_.set_pool(kPool, 1, domain::NodeFillType::spread, Gangs::allowed);
    add_job(job(1), {gang(1, 3), gang(2, 2)});
    placement_.bar(job(1), node(2));

    auto const made = assignments();

    ASSERT_EQ(made.size(), 1U);
    EXPECT_EQ(made[0].task, gang(2, 2));
    EXPECT_EQ(made[0].node, node(1));
    EXPECT_EQ(made[0].others, std::vector{node(3)});
}

TEST_F(PlaceTasks, AGangCountsOnceAgainstMaxParallelTasks) {
    add_nodes(4, 1);
    placement_.set_pool(kPool, 1, domain::NodeFillType::spread, Gangs::allowed);
    JobSettings settings;
    settings.max_parallel_tasks = 2;
    add_job(job(1), {gang(1, 3), {2}}, settings);

    EXPECT_EQ(sequences(), (Sequences{1, 2}));
}

TEST_F(PlaceTasks, APreferredNodeIsTakenWhenItIsFree) {
    add_nodes(3, 1);
    add_job(job(1), {{1}});
    auto assignment = assignments().at(0);

    placement_.prefer(assignment, node(3));

    EXPECT_EQ(assignment.node, node(3));
    add_job(job(2), {{2}, {3}});
    EXPECT_EQ(nodes_used(), (NodesUsed{1, 2}));
}

TEST_F(PlaceTasks, APreferredNodeThatIsBusyClosedBarredOrGoneIsNotWaitedFor) {
    add_nodes(5, 1);
    add_job(job(2), {{2}});
    ASSERT_EQ(nodes_used(), (NodesUsed{1}));
    add_job(job(1), {{1}});
    placement_.set_node(node(3), Admission::closed);
    placement_.bar(job(1), node(4));
    auto assignment = assignments().at(0);
    ASSERT_EQ(assignment.node, node(2));

    for (auto const number : {1U, 3U, 4U, 9U})
        placement_.prefer(assignment, node(number));

    EXPECT_EQ(assignment.node, node(2));
}

TEST_F(PlaceTasks, APreferredNodeBecomesTheFirstOfAGang) {
    add_nodes(4, 1);
    placement_.set_pool(kPool, 1, domain::NodeFillType::spread, Gangs::allowed);
    add_job(job(1), {gang(1, 3)});
    auto assignment = assignments().at(0);

    placement_.prefer(assignment, node(2));
    EXPECT_EQ(assignment.node, node(2));
    EXPECT_EQ(assignment.others, (std::vector{node(1), node(3)}));

    placement_.prefer(assignment, node(4));
    EXPECT_EQ(assignment.node, node(4));
    EXPECT_EQ(assignment.others, (std::vector{node(1), node(3)}));
}

}  // namespace
}  // namespace bluebatch::emulator::scheduler
