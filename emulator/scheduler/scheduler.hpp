#pragma once

#include "emulator/autoscale/pool_samples.hpp"
#include "emulator/domain/exit_conditions.hpp"
#include "emulator/domain/job.hpp"
#include "emulator/domain/job_schedule.hpp"
#include "emulator/domain/messages.hpp"
#include "emulator/domain/quotas.hpp"
#include "emulator/domain/task.hpp"
#include "emulator/domain/task_dependencies.hpp"
#include "emulator/scheduler/node_task_rules.hpp"
#include "emulator/storage/sqlite.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/random.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace bluebatch::emulator::scheduler {

struct SchedulerOptions {
    std::size_t max_parallel = 4;  // runs that are out at once; further tasks wait as preparing
    base::Ticks node_start_delay{0};
    domain::Quotas quotas = {};
    // Where the samples of pools are kept that scale by themselves; others may look at them.
    std::shared_ptr<autoscale::PoolSamples> samples = std::make_shared<autoscale::PoolSamples>();
    int machine_cores = 1;
    base::Ticks spot_return_delay = std::chrono::minutes{1};  // until a preempted node has a machine again
};

struct StartTask {
    domain::TaskSpecification specification;
    WaitForSuccess wait_for_success = WaitForSuccess::yes;
};

// What a job runs on each of its nodes beside its tasks.
struct JobNodeTasks {
    std::string preparation_id;
    domain::TaskSpecification preparation;
    WaitForSuccess wait_for_success = WaitForSuccess::yes;
    bool reruns_after_reboot = true;  // Batch: PREP-5
    std::string release_id;           // empty: there is no release task
    domain::TaskSpecification release;
};

// How documents of users become something to run; the app connects the Batch wire format here.
struct DocumentReaders {
    std::function<domain::TaskSpecification(std::string_view job_document, domain::Task const&)> read_task;
    std::function<std::optional<StartTask>(std::string_view pool_document)> read_start_task;
    std::function<domain::NodeSetup(std::string_view pool_document)> read_node_setup = [](std::string_view) {
        return domain::NodeSetup{};
    };
    // Of a job that has a preparation task.
    std::function<JobNodeTasks(std::string_view job_document)> read_job_node_tasks;
    std::function<domain::TaskDependencies(std::string_view task_document)> read_dependencies;
    std::function<domain::ExitConditions(std::string_view task_document)> read_exit_conditions;
    // Adds the next job of a schedule, and its auto pool if it has none yet, and notes both in the schedule.
    // Nothing where the service would refuse the job.
    std::function<
        std::optional<domain::Job>(storage::Transaction&, domain::JobSchedule&, base::TimePoint now)>
        make_scheduled_job;
};

// Brings pools, nodes, jobs and tasks of one account to where they are to be: one thread that reads changes
// and reports, decides, writes the store and commands the nodes. It alone writes rows of nodes.
class Scheduler {
public:
    // The references must outlive it. `nodes` may report before its commands return.
    Scheduler(
        storage::Database& database,
        domain::Nodes& nodes,
        base::Clock& clock,
        base::Random& random,
        SchedulerOptions options,
        DocumentReaders readers
    );
    ~Scheduler();  // stops
    Scheduler(Scheduler const&) = delete;
    Scheduler& operator=(Scheduler const&) = delete;

    // Takes up the state of the store: tasks that were running are active again (Batch: NODE-15).
    void start();
    // Returns when the thread has ended. What runs goes on; its reports are ignored.
    void stop();

    // From any thread; neither blocks.
    void notify(domain::Change change);
    void report(domain::RunReport report);
    // The clock has been moved: look what is due. For clocks that do not run by themselves.
    void wake();

private:
    class Driver;
    std::unique_ptr<Driver> driver_;
};

}  // namespace bluebatch::emulator::scheduler
