#include "emulator/node/node_agent.hpp"
#include "emulator/scheduler/scheduler.hpp"
#include "emulator/storage/batch/batch_store.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/emulator/node/fake_blobs.hpp"
#include "tests/unit/emulator/node/fake_transcoder.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <iostream>
#include <thread>

namespace bluebatch::emulator {
namespace {

using domain::TaskState;

// Scheduler, store and nodes with real processes; documents are command lines.
class ScheduleOnNodes : public testing::Test {
protected:
    void start(std::size_t max_parallel) {
        scheduler::DocumentReaders readers;
        readers.read_task = [](std::string_view, domain::Task const& task) {
            domain::TaskSpecification specification;
            specification.command_line = task.document;
            return specification;
        };
        readers.read_start_task = [](std::string_view) { return std::nullopt; };
        node::AgentOptions options;
        options.location = directory_.path();
        options.account_name = "account";
        options.max_parallel = max_parallel;
        agent_ = std::make_unique<node::NodeAgent>(
            options,
            clock_,
            blobs_,
            transcoder_,
            [this](domain::RunReport report) { scheduler_->report(std::move(report)); }
        );
        scheduler_ = std::make_unique<scheduler::Scheduler>(
            database_,
            *agent_,
            clock_,
            random_,
            scheduler::SchedulerOptions{.max_parallel = max_parallel},
            readers
        );
        scheduler_->start();
    }
    ~ScheduleOnNodes() override {
        if (scheduler_) scheduler_->stop();
        agent_.reset();
    }

    void add_pool(int nodes, int slots) {
        domain::Pool pool;
        pool.id = "pool";
        pool.allocation_state = domain::AllocationState::resizing;
        pool.target_dedicated_nodes = nodes;
        pool.task_slots_per_node = slots;
        pool.resize_started = clock_.now();
        storage::Transaction transaction(database_);
        storage::insert_pool(transaction, pool);
        transaction.commit();
        scheduler_->notify({domain::Change::Kind::pool, "pool", {}});
    }
    void add_job() {
        domain::Job job;
        job.id = "job";
        job.pool_id = "pool";
        job.creation_time = clock_.now();
        storage::Transaction transaction(database_);
        storage::insert_job(transaction, job);
        transaction.commit();
        scheduler_->notify({domain::Change::Kind::job, "job", {}});
    }
    void add_tasks(int count, std::string const& command_line) {
        constexpr int kCollection = 100;
        for (int done = 0; done < count; done += kCollection) {
            storage::Transaction transaction(database_);
            for (int i = done; i < std::min(count, done + kCollection); ++i) {
                domain::Task task;
                task.job_id = "job";
                task.id = "t" + std::to_string(i);
                task.creation_time = clock_.now();
                task.document = command_line;
                storage::insert_task(transaction, task);
            }
            transaction.commit();
            scheduler_->notify({domain::Change::Kind::tasks_added, "job", {}});
        }
    }
    domain::TaskCounts counts() {
        storage::Snapshot snapshot(database_);
        return storage::count_tasks(snapshot.connection(), "job");
    }
    bool completed(int count) {
        auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
        while (counts().tasks.completed() < count) {
            if (std::chrono::steady_clock::now() > deadline) return false;
            std::this_thread::sleep_for(std::chrono::milliseconds{5});
        }
        return true;
    }
    double measure(int nodes, int slots) {
        constexpr int kTasks = 2000;
        start(4 * std::max(1U, std::thread::hardware_concurrency()));
        add_pool(nodes, slots);
        add_job();
        auto const began = std::chrono::steady_clock::now();
        add_tasks(kTasks, "/bin/bash -c true");
        EXPECT_TRUE(completed(kTasks));
        std::chrono::duration<double> const taken = std::chrono::steady_clock::now() - began;
        EXPECT_EQ(counts().tasks.succeeded, kTasks);
        double const rate = kTasks / taken.count();
        std::cout << nodes << " nodes, " << slots << " slots: " << rate << " tasks/s\n";
        return rate;
    }

    tests::TemporaryDirectory directory_;
    base::SystemClock clock_;
    base::SystemRandom random_;
    storage::Database database_{
        directory_.path() / "batch.db", storage::batch_schema(), storage::Durability::process};
    node::FakeBlobs blobs_;
    node::FakeTranscoder transcoder_;
    std::unique_ptr<scheduler::Scheduler> scheduler_;
    std::unique_ptr<node::NodeAgent> agent_;
};

// The figure is 400 tasks a second on two cores in a release build; a debug build with others at work is
// given less.
constexpr double kLeast = 100;

TEST_F(ScheduleOnNodes, TwoThousandTasksOnFiveNodes) {
    EXPECT_GT(measure(5, 4), kLeast);
}

TEST_F(ScheduleOnNodes, TwoThousandTasksOnOneSlot) {
    EXPECT_GT(measure(1, 1), kLeast);
}

TEST_F(ScheduleOnNodes, TwoThousandTasksOnAThousandNodes) {
    EXPECT_GT(measure(1000, 1), kLeast);
}

TEST_F(ScheduleOnNodes, ARestartRunsAgainWhatWasRunning) {
    start(4);
    add_pool(2, 1);
    add_job();
    auto const flag = directory_.path() / "flag";
    add_tasks(3, "/bin/sh -c 'test -e " + flag.string() + " || sleep 100'");
    auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (counts().tasks.running < 2 && std::chrono::steady_clock::now() < deadline)
        std::this_thread::sleep_for(std::chrono::milliseconds{2});

    scheduler_->stop();
    agent_.reset();
    EXPECT_EQ(counts().tasks.running, 2);
    std::filesystem::create_directory(flag);
    start(4);

    EXPECT_TRUE(completed(3));
    EXPECT_EQ(counts().tasks.succeeded, 3);
}

}  // namespace
}  // namespace bluebatch::emulator
