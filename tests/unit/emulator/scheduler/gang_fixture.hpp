#pragma once

#include "emulator/storage/batch/subtask_store.hpp"
#include "tests/unit/emulator/scheduler/scheduler_fixture.hpp"

#include <algorithm>

namespace bluebatch::emulator::scheduler {

class ScheduleGangs : public SchedulerTest {
protected:
    static domain::Pool a_gang_pool(int dedicated, int low_priority = 0) {
        auto pool = a_pool("pool", dedicated, low_priority);
        pool.inter_node_communication = true;
        return pool;
    }
    static domain::Task a_gang(std::string id, int instances) {
        auto task = a_task("job", std::move(id));
        task.instances = instances;
        return task;
    }
    void start_with_nodes(int count, SchedulerOptions options = {.max_parallel = 100}) {
        start(options);
        add_pool(a_gang_pool(count));
        add_job(a_job("job", "pool"));
    }

    // The runs of a task that are out, of one kind, in the order of their instances.
    std::vector<domain::RunCommand> out(std::string const& task_id, domain::RunKind kind) const {
        auto runs = nodes_.out();
        std::erase_if(runs, [&](auto const& run) { return run.task_id != task_id || run.kind != kind; });
        std::sort(runs.begin(), runs.end(), [](auto const& a, auto const& b) {
            return (a.instance ? a.instance->number : 0) < (b.instance ? b.instance->number : 0);
        });
        return runs;
    }
    bool coordinates(std::string const& task_id, std::size_t instances) const {
        return eventually([&] { return out(task_id, domain::RunKind::coordination).size() == instances; });
    }
    bool works(std::string const& task_id) const {
        return eventually([&] { return out(task_id, domain::RunKind::task).size() == 1; });
    }
    // All coordinate with success, and the primary's command begins.
    void coordinate(std::string const& task_id, std::size_t instances) {
        ASSERT_TRUE(coordinates(task_id, instances));
        for (auto const& run : out(task_id, domain::RunKind::coordination))
            nodes_.finish_run(run.run, 0);
        ASSERT_TRUE(works(task_id));
    }
    void finish_primary(std::string const& task_id, int exit_code) {
        nodes_.finish_run(out(task_id, domain::RunKind::task).at(0).run, exit_code);
    }
    std::vector<domain::Subtask> subtasks(std::string const& task_id) {
        auto const sequence = task("job", task_id)->sequence;
        return read([&](auto& connection) { return storage::list_subtasks(connection, sequence); });
    }
    void terminate(std::string const& task_id) {
        write([&](auto& transaction) {
            auto row = storage::find_task(transaction.connection(), "job", task_id);
            row->termination_requested = true;
            storage::update_task(transaction, *row);
        });
        notify(domain::Change::Kind::task, "job", task_id);
    }
    void request(domain::Node row, domain::NodeRequest wanted) {
        row.request = wanted;
        write([&](auto& transaction) { storage::update_node_request(transaction, row); });
        notify(domain::Change::Kind::node, "pool", row.id);
    }
    bool is_completed(std::string const& task_id) {
        return eventually([&] { return has_state("job", task_id, domain::TaskState::completed); });
    }
    bool was_stopped(domain::RunId run) const {
        auto const stopped = nodes_.stopped();
        return std::any_of(stopped.begin(), stopped.end(), [&](auto const& one) { return one.first == run; });
    }
};

}  // namespace bluebatch::emulator::scheduler
