#include "emulator/scheduler/long_transaction.hpp"

#include "tests/unit/emulator/scheduler/scheduler_fixture.hpp"

#include <atomic>

namespace bluebatch::emulator::scheduler {
namespace {

using domain::TaskState;

// What the store says of tasks at the moment when their nodes are commanded to run them.
class TransactionsOfTheScheduler : public SchedulerTest {
protected:
    // On one node of one slot, so each of them takes a turn of its own.
    void run_tasks(int count) {
        nodes_.exit_at_once = [this](domain::RunCommand const& command) -> std::optional<int> {
            if (!has_state(command.job_id, command.task_id, TaskState::running)) ++ahead_;
            return 0;
        };
        start_with_idle_node();
        std::vector<domain::Task> tasks;
        for (int i = 0; i < count; ++i)
            tasks.push_back(a_task("job", "t" + std::to_string(i)));
        add_tasks("job", tasks);
        ASSERT_TRUE(eventually([&] { return succeeded() == count; }));
    }
    // One task that fails again and again, so the scheduler never rests.
    void run_endlessly() {
        nodes_.exit_at_once = [](auto const&) { return std::optional{1}; };
        start_with_idle_node();
        auto endless = a_task("job", "endless");
        endless.constraints.max_task_retry_count = domain::kUnlimitedRetries;
        add_tasks("job", {endless});
    }
    std::int64_t succeeded() {
        return read([](auto& connection) { return storage::count_tasks(connection, "job"); }).tasks.succeeded;
    }

    std::atomic<int> ahead_ = 0;
};

TEST(LongTransactions, EndAfterAWhileWhateverTimeItIs) {
    tests::TemporaryDirectory const folder;
    storage::Database database(
        folder.path() / "batch.db", storage::batch_schema(), storage::Durability::process
    );
    LongTransaction::Time now{};
    LongTransaction transaction(database, [&] { return now; });
    EXPECT_FALSE(transaction.may_go_on()) << "none is open";
    transaction.get();
    EXPECT_TRUE(transaction.may_go_on());
    now += std::chrono::milliseconds{199};
    EXPECT_TRUE(transaction.may_go_on());
    now += std::chrono::milliseconds{1};
    EXPECT_FALSE(transaction.may_go_on());
    transaction.commit();
    transaction.get();
    EXPECT_TRUE(transaction.may_go_on());
}

TEST_F(TransactionsOfTheScheduler, EndBeforeAnythingRunsThatLeavesTraces) {
    run_tasks(50);
    EXPECT_EQ(ahead_, 0);
}

TEST_F(TransactionsOfTheScheduler, GoOnOverSeveralTurnsOtherwise) {
    nodes_.traceless = true;
    run_tasks(50);
    // The clock stands, so that only those that others wait for may end them before all is done.
    EXPECT_GT(ahead_, 0);
    auto const node = nodes("pool").at(0);
    EXPECT_EQ(node.total_tasks_run, 50);
    EXPECT_EQ(node.state, domain::NodeState::idle);
}

TEST_F(TransactionsOfTheScheduler, EndWhenAUserWaits) {
    nodes_.traceless = true;
    run_endlessly();
    ASSERT_TRUE(eventually([&] { return nodes_.started() > 10; }));

    change_job("job", [](domain::Job& job) { job.priority = 7; });

    EXPECT_EQ(job("job")->priority, 7);
    ASSERT_TRUE(eventually([&] { return task("job", "endless")->execution.retry_count > 0; }));
}

TEST_F(TransactionsOfTheScheduler, EndWithTheScheduler) {
    nodes_.traceless = true;
    run_endlessly();
    ASSERT_TRUE(eventually([&] { return nodes_.started() > 100; }));

    scheduler_->stop();

    // Each retry but the last has been commanded, and nothing of it is lost.
    EXPECT_GE(task("job", "endless")->execution.retry_count + 1, static_cast<int>(nodes_.started()));
}

TEST_F(TransactionsOfTheScheduler, EndBeforeFilesAreRemoved) {
    nodes_.traceless = true;
    nodes_.exit_at_once = [](auto const&) { return std::optional{0}; };
    start_with_idle_node();
    auto row = a_task("job", "a");
    row.constraints.retention_time = std::chrono::minutes{5};
    add_tasks("job", {row});
    ASSERT_TRUE(eventually([&] { return has_state("job", "a", TaskState::completed); }));

    advance(std::chrono::minutes{10});

    ASSERT_TRUE(eventually([&] { return !nodes_.removed().empty(); }));
    EXPECT_TRUE(read([&](auto& connection) {
        return storage::files_removed(connection, task("job", "a")->sequence);
    }));
}

TEST_F(TransactionsOfTheScheduler, AreDroppedAsAWholeWhenTheStoreFails) {
    nodes_.traceless = true;
    start_with_idle_node(2);
    add_tasks("job", {a_task("job", "a"), a_task("job", "b")});
    ASSERT_TRUE(eventually([&] { return nodes_.out().size() == 2; }));
    write([](auto& transaction) {
        transaction.connection().run_script(
            "CREATE TRIGGER broken BEFORE UPDATE ON tasks WHEN OLD.id = 'b'"
            " BEGIN SELECT RAISE(ABORT, 'broken'); END"
        );
    });
    nodes_.finish_run(nodes_.find_task("b")->run, 0);
    ASSERT_TRUE(eventually([&] { return nodes_.out().empty(); }));

    write([](auto& transaction) { transaction.connection().run_script("DROP TRIGGER broken"); });

    ASSERT_TRUE(eventually([&] { return nodes_.out().size() == 2; }));
    EXPECT_EQ(task("job", "b")->execution.retry_count, 0);
    ASSERT_TRUE(eventually([&] { return nodes("pool").at(0).running_tasks_count == 2; }));
}

}  // namespace
}  // namespace bluebatch::emulator::scheduler
