#pragma once

#include "emulator/scheduler/scheduler.hpp"
#include "emulator/storage/batch/batch_store.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace bluebatch::emulator::scheduler {

// Nodes that do what the test says, when it says so.
class FakeNodes final : public domain::Nodes {
public:
    domain::ReportSink reports;
    // What becomes of a run at once; without it runs wait for finish().
    std::function<std::optional<int>(domain::RunCommand const&)> exit_at_once;
    bool stops_at_once = true;
    bool traceless = false;

    bool leave_no_trace() const override { return traceless; }
    void start(domain::RunCommand command) override {
        auto const exit_code = exit_at_once ? exit_at_once(command) : std::nullopt;
        auto const run = command.run;
        {
            std::scoped_lock const lock(mutex_);
            most_out_ = std::max(most_out_, out_.size() + 1);
            out_.push_back(std::move(command));
            ++started_;
        }
        if (exit_code) finish_run(run, *exit_code);
    }
    void stop(domain::RunId run, domain::StopReason reason) override {
        {
            std::scoped_lock const lock(mutex_);
            stopped_.emplace_back(run, reason);
        }
        if (stops_at_once) report_stop(run, reason);
    }
    void remove_task_files(
        std::string const&, std::string const&, std::string const& job_id, std::string const& task_id
    ) override {
        note("task " + job_id + "/" + task_id);
    }
    void remove_job_files(std::string const& pool_id, std::string const& job_id) override {
        note("job " + pool_id + "/" + job_id);
    }
    void remove_node_files(std::string const& pool_id, std::string const&) override {
        note("node " + pool_id);
    }

    std::vector<domain::RunCommand> out() const {
        std::scoped_lock const lock(mutex_);
        return out_;
    }
    std::optional<domain::RunCommand> find_task(std::string const& task_id) const {
        for (auto const& command : out())
            if (command.task_id == task_id) return command;
        return std::nullopt;
    }
    std::size_t started() const {
        std::scoped_lock const lock(mutex_);
        return started_;
    }
    std::size_t most_out() const {
        std::scoped_lock const lock(mutex_);
        return most_out_;
    }
    std::vector<std::string> removed() const {
        std::scoped_lock const lock(mutex_);
        return removed_;
    }
    std::vector<std::pair<domain::RunId, domain::StopReason>> stopped() const {
        std::scoped_lock const lock(mutex_);
        return stopped_;
    }

    void finish_run(domain::RunId run, int exit_code) {
        if (!take(run)) return;
        domain::RunReport report;
        report.run = run;
        report.start_time = clock->now();
        report.end_time = clock->now();
        report.exit_code = exit_code;
        if (exit_code != 0) report.failure = domain::failure_exit_code();
        report.retryable = exit_code != 0;
        reports(report);
    }
    void fail_run(domain::RunId run, domain::FailureInfo failure) {
        if (!take(run)) return;
        domain::RunReport report;
        report.run = run;
        report.start_time = clock->now();
        report.end_time = clock->now();
        report.failure = std::move(failure);
        reports(report);
    }
    void report_stop(domain::RunId run, domain::StopReason reason) {
        if (!take(run)) return;
        domain::RunReport report;
        report.run = run;
        report.end_time = clock->now();
        report.exit_code = -9;
        report.stopped = reason;
        reports(report);
    }

    base::Clock const* clock = nullptr;

private:
    bool take(domain::RunId run) {
        std::scoped_lock const lock(mutex_);
        return std::erase_if(out_, [&](auto const& command) { return command.run == run; }) > 0;
    }
    void note(std::string what) {
        std::scoped_lock const lock(mutex_);
        removed_.push_back(std::move(what));
    }

    mutable std::mutex mutex_;
    std::vector<domain::RunCommand> out_;
    std::vector<std::pair<domain::RunId, domain::StopReason>> stopped_;
    std::vector<std::string> removed_;
    std::size_t started_ = 0;
    std::size_t most_out_ = 0;
};

// The driver on a real database, with nodes and a clock of the test's.
class SchedulerTest : public testing::Test {
protected:
    ~SchedulerTest() override {
        if (scheduler_) scheduler_->stop();
    }

    void start(SchedulerOptions options = {.max_parallel = 100}) {
        nodes_.clock = &clock_;
        DocumentReaders readers;
        readers.read_task = [](std::string_view job_document, domain::Task const& task) {
            domain::TaskSpecification specification;
            specification.command_line = std::string(job_document) + "|" + task.document;
            return specification;
        };
        readers.read_start_task = [](std::string_view document) {
            StartTask start_task;
            start_task.specification.command_line = document;
            start_task.specification.constraints.max_task_retry_count = 1;
            bool const waits = document.find("nowait") == std::string_view::npos;
            start_task.wait_for_success = waits ? WaitForSuccess::yes : WaitForSuccess::no;
            return std::optional{start_task};
        };
        readers.make_scheduled_job =
            [this](storage::Transaction& transaction, domain::JobSchedule& schedule, base::TimePoint now) {
                auto job = a_job(domain::job_id_of(schedule, ++schedule.jobs_created), "pool");
                job.schedule_id = schedule.id;
                job.creation_time = now;
                storage::insert_job(transaction, job);
                schedule.recent_job_id = job.id;
                transaction.after_commit([this, id = job.id] { notify(domain::Change::Kind::job, id); });
                return std::optional{job};
            };
        readers.read_job_node_tasks = [](std::string_view) {
            JobNodeTasks tasks;
            tasks.preparation_id = "prepare";
            return tasks;
        };
        readers.read_node_setup = [](std::string_view document) {
            domain::NodeSetup setup;
            if (document.starts_with("package ")) setup.application_packages.push_back({"tool", ""});
            return setup;
        };
        scheduler_ =
            std::make_unique<Scheduler>(database_, nodes_, clock_, random_, options, std::move(readers));
        nodes_.reports = [this](domain::RunReport report) { scheduler_->report(std::move(report)); };
        scheduler_->start();
    }
    void restart(SchedulerOptions options = {.max_parallel = 100}) {
        scheduler_->stop();
        for (auto const& command : nodes_.out())
            nodes_.finish_run(command.run, 99);
        start(options);
    }

    void advance(base::Ticks by) {
        clock_.advance(by);
        scheduler_->wake();
    }

    template <class Write>
    void write(Write change) {
        storage::Transaction transaction(database_);
        change(transaction);
        transaction.commit();
    }
    template <class Read>
    auto read(Read from) {
        storage::Snapshot snapshot(database_);
        return from(snapshot.connection());
    }
    void notify(domain::Change::Kind kind, std::string id, std::string task_id = {}) {
        scheduler_->notify({kind, std::move(id), std::move(task_id)});
    }

    static domain::Pool a_pool(std::string id, int dedicated, int low_priority = 0) {
        domain::Pool pool;
        pool.id = std::move(id);
        pool.allocation_state = dedicated + low_priority > 0 ? domain::AllocationState::resizing
                                                             : domain::AllocationState::steady;
        pool.target_dedicated_nodes = dedicated;
        pool.target_low_priority_nodes = low_priority;
        return pool;
    }
    void add_pool(domain::Pool pool) {
        pool.resize_started = clock_.now();
        write([&](auto& transaction) { storage::insert_pool(transaction, pool); });
        notify(domain::Change::Kind::pool, pool.id);
    }
    void change_pool(std::string const& id, std::function<void(domain::Pool&)> const& change) {
        write([&](auto& transaction) {
            auto pool = storage::find_pool(transaction.connection(), id);
            change(*pool);
            storage::update_pool(transaction, *pool);
        });
        notify(domain::Change::Kind::pool, id);
    }
    static domain::Job a_job(std::string id, std::string pool_id) {
        domain::Job job;
        job.id = std::move(id);
        job.pool_id = std::move(pool_id);
        job.document = "job";
        return job;
    }
    void add_job(domain::Job job) {
        job.creation_time = clock_.now();
        write([&](auto& transaction) { storage::insert_job(transaction, job); });
        notify(domain::Change::Kind::job, job.id);
    }
    void change_job(std::string const& id, std::function<void(domain::Job&)> const& change) {
        write([&](auto& transaction) {
            auto job = storage::find_job(transaction.connection(), id);
            change(*job);
            storage::update_job(transaction, *job);
        });
        notify(domain::Change::Kind::job, id);
    }
    static domain::Task a_task(std::string job_id, std::string id) {
        domain::Task task;
        task.job_id = std::move(job_id);
        task.id = std::move(id);
        task.document = "task " + task.id;
        return task;
    }
    void add_tasks(std::string const& job_id, std::vector<domain::Task> tasks) {
        write([&](auto& transaction) {
            for (domain::Task& task : tasks) {
                task.job_id = job_id;
                ASSERT_TRUE(storage::insert_task(transaction, task));
            }
        });
        notify(domain::Change::Kind::tasks_added, job_id);
    }
    void add_task(std::string const& job_id, std::string id) {
        add_tasks(job_id, {a_task(job_id, std::move(id))});
    }

    std::optional<domain::Pool> pool(std::string const& id) {
        return read([&](auto& connection) { return storage::find_pool(connection, id); });
    }
    std::vector<domain::Node> nodes(std::string const& pool_id) {
        return read([&](auto& connection) { return storage::list_nodes(connection, pool_id, {}); });
    }
    std::optional<domain::Job> job(std::string const& id) {
        return read([&](auto& connection) { return storage::find_job(connection, id); });
    }
    std::optional<domain::Task> task(std::string const& job_id, std::string const& id) {
        return read([&](auto& connection) { return storage::find_task(connection, job_id, id); });
    }
    bool is_steady(std::string const& id) {
        return pool(id)->allocation_state == domain::AllocationState::steady;
    }
    bool has_state(std::string const& job_id, std::string const& id, domain::TaskState state) {
        auto const found = task(job_id, id);
        return found && found->state == state;
    }
    bool has_state(std::string const& job_id, domain::JobState state) {
        auto const found = job(job_id);
        return found && found->state == state;
    }
    bool all_nodes_are(std::string const& pool_id, domain::NodeState state) {
        for (auto const& node : nodes(pool_id))
            if (node.state != state) return false;
        return true;
    }

    // Polls until it holds; false after forty seconds, because sanitizers on a busy machine are slow.
    static bool eventually(std::function<bool()> const& holds) {
        auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{40};
        while (!holds()) {
            if (std::chrono::steady_clock::now() > deadline) return false;
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        }
        return true;
    }
    void start_with_idle_node(int slots = 1) {
        start();
        auto row = a_pool("pool", 1);
        row.task_slots_per_node = slots;
        add_pool(row);
        add_job(a_job("job", "pool"));
    }
    // Waits until the scheduler has dealt with everything it was told before.
    void settle() {
        static int number = 0;
        auto const id = "settle" + std::to_string(++number);
        auto row = a_pool(id, 1);
        add_pool(row);
        ASSERT_TRUE(eventually([&] { return is_steady(id); }));
    }

    tests::TemporaryDirectory directory_;
    storage::Database database_{
        directory_.path() / "batch.db", storage::batch_schema(), storage::Durability::process};
    tests::ManualClock clock_;
    base::SeededRandom random_{1};
    FakeNodes nodes_;
    std::unique_ptr<Scheduler> scheduler_;
};

}  // namespace bluebatch::emulator::scheduler
