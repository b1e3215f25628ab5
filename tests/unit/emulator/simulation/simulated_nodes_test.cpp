#include "emulator/simulation/simulated_nodes.hpp"

#include "emulator/scheduler/scheduler.hpp"
#include "emulator/storage/batch/batch_store.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <memory>
#include <thread>

namespace bluebatch::emulator::simulation {
namespace {

using namespace std::chrono_literals;
using domain::TaskState;

// What the nodes that are no simulation are asked to remove.
class Files final : public domain::Nodes {
public:
    void start(domain::RunCommand) override { ADD_FAILURE() << "something really runs"; }
    void stop(domain::RunId, domain::StopReason) override {}
    void remove_task_files(std::string const&, std::string const&, std::string const&, std::string const&)
        override {}
    void remove_job_files(std::string const&, std::string const&) override {}
    void remove_node_files(std::string const&, std::string const&) override {}
};

// Scheduler and simulated nodes on a clock that only they move, because the machine's stands.
class SimulationTest : public testing::Test {
protected:
    SimulationTest() {
        clock_.on_change([this] {
            if (scheduler_) scheduler_->wake();
        });
    }
    ~SimulationTest() override {
        if (scheduler_) scheduler_->stop();
    }

    void start(Behaviour const& behaviour, base::Ticks node_start_delay = {}) {
        nodes_ = std::make_unique<SimulatedNodes>(
            behaviour,
            clock_,
            random_,
            leaps_,
            files_,
            [this](domain::RunReport report) { scheduler_->report(std::move(report)); }
        );
        scheduler::DocumentReaders readers;
        readers.read_task = [](std::string_view, domain::Task const& task) {
            domain::TaskSpecification specification;
            auto const equals = task.document.find('=');
            if (equals != std::string::npos) {
                specification.environment_settings.push_back(
                    {task.document.substr(0, equals), task.document.substr(equals + 1)}
                );
            }
            return specification;
        };
        scheduler::SchedulerOptions options;
        options.max_parallel = std::numeric_limits<std::size_t>::max();
        options.node_start_delay = node_start_delay;
        scheduler_ = std::make_unique<scheduler::Scheduler>(
            database_, *nodes_, clock_, random_, options, std::move(readers)
        );
        scheduler_->start();
    }

    template <class Write>
    void write(Write change) {
        storage::Transaction transaction(database_);
        change(transaction);
        transaction.commit();
    }
    void add_pool(std::string id, int nodes) {
        domain::Pool pool;
        pool.id = std::move(id);
        pool.allocation_state = domain::AllocationState::resizing;
        pool.target_dedicated_nodes = nodes;
        pool.resize_started = clock_.now();
        write([&](auto& transaction) { storage::insert_pool(transaction, pool); });
        scheduler_->notify({domain::Change::Kind::pool, pool.id, {}});
    }
    void add_job(std::string id, std::string pool_id) {
        domain::Job job;
        job.id = std::move(id);
        job.pool_id = std::move(pool_id);
        job.creation_time = clock_.now();
        write([&](auto& transaction) { storage::insert_job(transaction, job); });
        scheduler_->notify({domain::Change::Kind::job, job.id, {}});
    }
    static domain::Task a_task(std::string id, std::string setting = {}) {
        domain::Task task;
        task.job_id = "job";
        task.id = std::move(id);
        task.document = std::move(setting);
        return task;
    }
    void add_tasks(std::vector<domain::Task> tasks) {
        write([&](auto& transaction) {
            for (auto& task : tasks)
                ASSERT_TRUE(storage::insert_task(transaction, task));
        });
        scheduler_->notify({domain::Change::Kind::tasks_added, "job", {}});
    }
    void add_numbered_tasks(int count) {
        std::vector<domain::Task> tasks;
        for (int i = 0; i < count; ++i)
            tasks.push_back(a_task(std::to_string(i)));
        add_tasks(std::move(tasks));
    }

    domain::Task task(std::string const& id) {
        storage::Snapshot snapshot(database_);
        return storage::find_task(snapshot.connection(), "job", id).value();
    }
    std::vector<domain::Task> all_tasks() {
        storage::Snapshot snapshot(database_);
        storage::ListQuery query;
        query.limit = std::numeric_limits<int>::max();
        return storage::list_tasks(snapshot.connection(), "job", query);
    }
    domain::TaskCounts counts() {
        storage::Snapshot snapshot(database_);
        return storage::count_tasks(snapshot.connection(), "job");
    }
    template <class Holds>
    static bool eventually(Holds holds) {
        auto const deadline = std::chrono::steady_clock::now() + 40s;
        while (!holds()) {
            if (std::chrono::steady_clock::now() > deadline) return false;
            std::this_thread::sleep_for(1ms);
        }
        return true;
    }
    bool all_completed(std::int64_t count) {
        return eventually([&] {
            auto const tasks = counts().tasks;
            return tasks.succeeded + tasks.failed == count;
        });
    }
    // Waits until the scheduler has dealt with everything it was told before.
    void settle() {
        auto const id = "settle" + std::to_string(++settled_);
        add_pool(id, 1);
        ASSERT_TRUE(eventually([&] {
            storage::Snapshot snapshot(database_);
            auto const pool = storage::find_pool(snapshot.connection(), id);
            return pool->allocation_state == domain::AllocationState::steady;
        }));
    }

    static base::Ticks time_of(domain::Task const& task) {
        return *task.execution.end_time - *task.execution.start_time;
    }

    tests::TemporaryDirectory directory_;
    storage::Database database_{
        directory_.path() / "batch.db", storage::batch_schema(), storage::Durability::process};
    tests::ManualClock machine_;
    base::AdjustableClock clock_{machine_};
    base::TimePoint const begin_ = clock_.now();
    base::SeededRandom random_{1};
    Leaps leaps_{clock_};
    Files files_;
    std::unique_ptr<SimulatedNodes> nodes_;
    std::unique_ptr<scheduler::Scheduler> scheduler_;
    int settled_ = 0;
};

Behaviour always(base::Ticks time) {
    return {.time = {time, time}, .failing_percent = 0, .seed = std::nullopt};
}

TEST_F(SimulationTest, ATaskOfADayIsOverAtOnce) {
    start(always(24h));
    add_pool("pool", 1);
    add_job("job", "pool");
    add_tasks({a_task("long")});
    ASSERT_TRUE(all_completed(1));
    auto const long_one = task("long");
    EXPECT_EQ(long_one.execution.start_time, begin_);
    EXPECT_EQ(long_one.execution.end_time, begin_ + 24h);
    EXPECT_EQ(long_one.state_transition_time, begin_ + 24h);
    EXPECT_EQ(long_one.execution.exit_code, 0);
    EXPECT_EQ(clock_.now(), begin_ + 24h);
}

TEST_F(SimulationTest, FiveThousandTasksGoOverAHundredNodesInFiftyWaves) {
    start(always(30s));
    add_job("job", "pool");
    add_numbered_tasks(5000);
    add_pool("pool", 100);
    ASSERT_TRUE(all_completed(5000));
    std::map<base::TimePoint, int> starts;
    for (auto const& task : all_tasks()) {
        EXPECT_EQ(time_of(task), 30s);
        ++starts[*task.execution.start_time];
    }
    ASSERT_EQ(starts.size(), 50U);
    auto expected = begin_;
    for (auto const& [time, count] : starts) {
        EXPECT_EQ(time, expected);
        EXPECT_EQ(count, 100);
        expected += 30s;
    }
    EXPECT_EQ(clock_.now(), begin_ + 25min);
}

TEST_F(SimulationTest, NodesAreBusyNearlyAllTheTimeWhenTasksDiffer) {
    start({.time = {10s, 60s}, .failing_percent = 0, .seed = 1});
    add_job("job", "pool");
    add_numbered_tasks(2000);
    add_pool("pool", 50);
    ASSERT_TRUE(all_completed(2000));
    base::Ticks worked{0};
    for (auto const& task : all_tasks())
        worked += time_of(task);
    EXPECT_GT(worked, 0.95 * 50 * (clock_.now() - begin_));
}

TEST_F(SimulationTest, EachTaskTakesItsTimeOnHoweverManyNodes) {
    start({.time = {10s, 60s}, .failing_percent = 10, .seed = 5});
    add_job("job", "pool");
    add_numbered_tasks(300);
    add_pool("pool", 7);
    ASSERT_TRUE(all_completed(300));
    std::map<std::string, std::pair<base::Ticks, std::optional<int>>> first;
    for (auto const& task : all_tasks())
        first[task.id] = {time_of(task), task.execution.exit_code};
    write([](auto& transaction) { storage::delete_job(transaction, "job"); });
    scheduler_->notify({domain::Change::Kind::job, "job", {}});
    settle();
    scheduler_->stop();

    start({.time = {10s, 60s}, .failing_percent = 10, .seed = 5});
    add_job("job", "pool");
    add_numbered_tasks(300);
    add_pool("more", 100);
    ASSERT_TRUE(all_completed(300));
    for (auto const& task : all_tasks())
        EXPECT_EQ(first[task.id], std::pair(time_of(task), task.execution.exit_code)) << task.id;
}

TEST_F(SimulationTest, AClockThatAUserStoppedStands) {
    start(always(30s));
    add_pool("pool", 1);
    add_job("job", "pool");
    clock_.apply({.frozen = true});
    add_tasks({a_task("t")});
    ASSERT_TRUE(eventually([&] { return task("t").state == TaskState::running; }));
    settle();
    EXPECT_EQ(task("t").state, TaskState::running);
    clock_.apply({.advance = 29s});
    settle();
    EXPECT_EQ(task("t").state, TaskState::running);
    EXPECT_EQ(clock_.now(), begin_ + 29s);
    clock_.apply({.advance = 1s});
    ASSERT_TRUE(all_completed(1));
    EXPECT_EQ(task("t").execution.end_time, begin_ + 30s);
}

TEST_F(SimulationTest, ATaskThatWasOverBeforeItsLimitIsNotStoppedByIt) {
    start(always(30s));
    add_pool("pool", 1);
    add_job("job", "pool");
    clock_.apply({.frozen = true});
    auto limited = a_task("limited");
    limited.constraints.max_wall_clock_time = 1min;
    add_tasks({limited});
    ASSERT_TRUE(eventually([&] { return task("limited").state == TaskState::running; }));
    settle();
    clock_.apply({.advance = 1h});
    ASSERT_TRUE(all_completed(1));
    EXPECT_EQ(task("limited").execution.exit_code, 0);
    EXPECT_EQ(task("limited").execution.end_time, begin_ + 30s);
}

TEST_F(SimulationTest, TimeGoesOnAsUsualWhenNothingRuns) {
    start(always(30s));
    add_pool("pool", 1);
    settle();
    settle();
    EXPECT_EQ(clock_.now(), begin_);
}

TEST_F(SimulationTest, LimitsOfTimeHold) {
    start(always(24h));
    add_pool("pool", 1);
    add_job("job", "pool");
    auto limited = a_task("limited");
    limited.constraints.max_wall_clock_time = 1h;
    add_tasks({limited});
    ASSERT_TRUE(all_completed(1));
    EXPECT_EQ(time_of(task("limited")), 1h);
    EXPECT_EQ(task("limited").execution.failure->code, "MaxWallClockTimeExceeded");
}

TEST_F(SimulationTest, FailuresAreRetried) {
    start(always(30s));
    add_pool("pool", 1);
    add_job("job", "pool");
    auto failing = a_task("failing", "BLUEBATCH_SIMULATED_EXIT_CODE=3");
    failing.constraints.max_task_retry_count = 2;
    add_tasks({failing});
    ASSERT_TRUE(all_completed(1));
    EXPECT_EQ(task("failing").execution.exit_code, 3);
    EXPECT_EQ(task("failing").execution.retry_count, 2);
    EXPECT_EQ(task("failing").execution.end_time, begin_ + 90s);
}

TEST_F(SimulationTest, NodesStartInNoTimeToo) {
    start(always(30s), 5min);
    add_job("job", "pool");
    add_tasks({a_task("t")});
    add_pool("pool", 1);
    ASSERT_TRUE(all_completed(1));
    EXPECT_EQ(task("t").execution.start_time, begin_ + 5min);
}

TEST(Leaps, GoNoFurtherThanWhatAnotherAccountWaitsFor) {
    tests::ManualClock machine;
    base::AdjustableClock clock(machine);
    auto const begin = clock.now();
    Leaps leaps(clock);
    auto const one = leaps.join();
    auto const other = leaps.join();
    leaps.wait(other, begin + 10s, false);
    EXPECT_EQ(clock.now(), begin) << "nobody waits for simulated work";
    leaps.wait(one, begin + 30s, true);
    EXPECT_EQ(clock.now(), begin + 10s);
    leaps.wait(other, std::nullopt, false);
    EXPECT_EQ(clock.now(), begin + 30s);
}

TEST(Leaps, WaitForAccountsThatAreAtWork) {
    tests::ManualClock machine;
    base::AdjustableClock clock(machine);
    auto const begin = clock.now();
    Leaps leaps(clock);
    auto const one = leaps.join();
    auto const other = leaps.join();
    leaps.wait(one, begin + 30s, true);
    EXPECT_EQ(clock.now(), begin) << "the other has not looked what it has to do";
    leaps.wait(other, std::nullopt, false);
    EXPECT_EQ(clock.now(), begin + 30s);
    leaps.go_on(other);
    leaps.wait(one, begin + 60s, true);
    EXPECT_EQ(clock.now(), begin + 30s);
    leaps.leave(other);
    EXPECT_EQ(clock.now(), begin + 60s);
}

TEST(Leaps, EndWithTheTimesThatCanBeWritten) {
    tests::ManualClock machine;
    base::AdjustableClock clock(machine);
    auto const begin = clock.now();
    Leaps leaps(clock);
    leaps.wait(leaps.join(), begin + std::chrono::years{1000}, true);
    EXPECT_EQ(clock.now(), begin);
}

}  // namespace
}  // namespace bluebatch::emulator::simulation
