#include "tests/unit/emulator/scheduler/scheduler_fixture.hpp"

namespace bluebatch::emulator::scheduler {
namespace {

using domain::TaskState;

// Batch: SLOT-8
class TaskPreemption : public SchedulerTest {
protected:
    void start_pool(int slots) {
        start();
        auto row = a_pool("pool", 1);
        row.task_slots_per_node = slots;
        add_pool(row);
        ASSERT_TRUE(eventually([&] {
            return is_steady("pool") && all_nodes_are("pool", domain::NodeState::idle);
        }));
    }
    void add_job_of(std::string id, int priority, bool yields) {
        auto row = a_job(std::move(id), "pool");
        row.priority = priority;
        row.allow_task_preemption = yields;
        add_job(row);
    }
    void run_task(std::string const& job_id, std::string const& id) {
        add_task(job_id, id);
        ASSERT_TRUE(eventually([&] { return nodes_.find_task(id).has_value(); }));
    }
    void add_wide_task(std::string const& job_id, std::string id, int slots) {
        auto row = a_task(job_id, std::move(id));
        row.required_slots = slots;
        add_tasks(job_id, {row});
    }
};

TEST_F(TaskPreemption, ATaskMakesRoomForAJobOfHigherPriority) {
    start_pool(1);
    add_job_of("low", 0, true);
    run_task("low", "patient");
    add_job_of("high", 1, false);

    run_task("high", "urgent");

    EXPECT_TRUE(has_state("low", "patient", TaskState::active));
    EXPECT_EQ(task("low", "patient")->execution.requeue_count, 0);
    EXPECT_EQ(task("low", "patient")->execution.retry_count, 0);
    nodes_.finish_run(nodes_.find_task("urgent")->run, 0);
    EXPECT_TRUE(eventually([&] { return has_state("low", "patient", TaskState::running); }));
}

TEST_F(TaskPreemption, NotForTheSamePriorityAndNotUnasked) {
    start_pool(2);
    add_job_of("same", 5, true);
    add_job_of("unasked", 0, false);
    run_task("same", "a");
    run_task("unasked", "b");
    add_job_of("other", 5, true);
    add_task("other", "waits");
    settle();

    EXPECT_TRUE(nodes_.stopped().empty());
    EXPECT_TRUE(has_state("other", "waits", TaskState::active));
}

TEST_F(TaskPreemption, OneTaskForEachThatNeedsRoom) {
    start_pool(4);
    add_job_of("low", 0, true);
    for (auto const* id : {"a", "b", "c", "d"})
        run_task("low", id);
    add_job_of("high", 1, false);

    add_tasks("high", {a_task("high", "x"), a_task("high", "y")});

    ASSERT_TRUE(eventually([&] { return nodes_.find_task("x") && nodes_.find_task("y"); }));
    settle();
    EXPECT_EQ(nodes_.stopped().size(), 2U);
    EXPECT_TRUE(has_state("low", "a", TaskState::running));
    EXPECT_TRUE(has_state("low", "b", TaskState::running));
}

TEST_F(TaskPreemption, NotForAManagerThatCannotGoThere) {
    start();
    add_pool(a_pool("pool", 0, 1));
    add_job_of("low", 0, true);
    run_task("low", "patient");
    auto row = a_job("high", "pool");
    row.priority = 1;
    row.manager = domain::JobManager{.task_id = "manager", .allows_low_priority = false};
    write([&](auto& transaction) {
        storage::insert_job(transaction, row);
        auto manager = a_task("high", "manager");
        storage::insert_task(transaction, manager);
    });
    notify(domain::Change::Kind::job, "high");
    settle();

    EXPECT_TRUE(nodes_.stopped().empty());
    EXPECT_TRUE(has_state("low", "patient", TaskState::running));
}

TEST_F(TaskPreemption, ATaskThatFitsNowhereHoldsUpNoOther) {
    start_pool(2);
    add_job_of("low", 0, true);
    run_task("low", "a");
    run_task("low", "b");
    add_job_of("high", 1, false);
    add_wide_task("high", "never", 8);

    run_task("high", "urgent");

    EXPECT_EQ(nodes_.stopped().size(), 1U);
}

TEST_F(TaskPreemption, OnlyIfThatMakesRoomEnough) {
    start_pool(4);
    add_job_of("low", 0, true);
    for (auto const* id : {"a", "b", "c"})
        run_task("low", id);
    add_job_of("high", 1, false);

    add_wide_task("high", "three", 3);
    settle();
    EXPECT_TRUE(nodes_.stopped().empty());

    add_job_of("higher", 2, false);
    add_wide_task("higher", "two", 2);
    EXPECT_TRUE(eventually([&] { return nodes_.find_task("two").has_value(); }));
    EXPECT_EQ(nodes_.stopped().size(), 1U);
}

}  // namespace
}  // namespace bluebatch::emulator::scheduler
