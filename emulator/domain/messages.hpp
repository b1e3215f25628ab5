#pragma once

#include "emulator/domain/failure.hpp"
#include "emulator/domain/resource_use.hpp"
#include "emulator/domain/task.hpp"
#include "emulator/domain/task_specification.hpp"
#include "shared/base/time.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace bluebatch::emulator::domain {

// What the Batch service tells the scheduler after a commit; the scheduler reads the store for the rest.
struct Change {
    enum class Kind : std::uint8_t { pool, node, job, job_schedule, tasks_added, task };
    Kind kind = Kind::pool;
    std::string id;  // of the pool, job or job schedule
    // For Kind::task: terminated, deleted, changed or reactivated by a user. For Kind::node: the id of the
    // node, of which something is requested.
    std::string task_id;
    // Of a deleted task: where its files are, if it ever had a node.
    std::optional<TaskPlace> place = std::nullopt;
    std::vector<TaskPlace> subtask_places = {};
};
using ChangeSink = std::function<void(Change)>;

// A setup runs no command; it is what comes before the start task (Batch: APP-2). coordination: what each
// instance of a multi-instance task does before the primary's command.
enum class RunKind : std::uint8_t {
    node_setup,
    start_task,
    job_preparation,
    task,
    job_release,
    coordination
};

// Of a node rather than of a job.
inline bool is_of_node(RunKind kind) {
    return kind == RunKind::node_setup || kind == RunKind::start_task;
}

// Names one run of one command on one node, for the life of the emulator.
using RunId = std::uint64_t;

// A node's part in a multi-instance task. Batch: MI-9
struct Instance {
    struct Host {
        std::string ip_address;
        int cores = 1;
    };
    int number = 0;           // 0: the primary
    std::vector<Host> hosts;  // of all instances, the primary's first
};

// From the scheduler to the nodes: run this command now. The scheduler never has more runs out than
// --max-parallel; coordination runs do not count beside the task that they belong to.
struct RunCommand {
    RunId run = 0;
    RunKind kind = RunKind::task;
    std::string pool_id;
    std::string node_id;
    bool node_is_dedicated = true;
    std::string job_id;              // empty for runs of a node
    std::string task_id;             // empty for runs of a node
    std::string job_preparation_id;  // of tasks and release tasks of jobs that have one. Batch: PREP-8
    base::TimePoint start_time;      // as the scheduler has it
    int retry_count = 0;             // how often the task was tried before
    TaskSpecification specification;
    std::optional<Instance> instance;  // of a multi-instance task
    NodeSetup setup = {};              // of RunKind::node_setup
};

enum class StopReason : std::uint8_t { terminated, wall_clock, requeued };

// From a node to the scheduler: the run is over, its processes are gone and its output files are uploaded.
struct RunReport {
    RunId run = 0;
    base::TimePoint start_time;
    base::TimePoint end_time;
    std::optional<int> exit_code;  // empty when the command never started. Batch: TASK-13
    std::optional<FailureInfo>
        failure;             // set for any failure but a stop; for an exit code it is FailureExitCode
    bool retryable = false;  // the command ran and its exit code was not 0. Batch: TASK-20
    std::optional<StopReason> stopped;  // it ended because of a stop
};

// The scheduler has nothing to do until it is told something, or until the time.
struct Rest {
    std::optional<base::TimePoint> next_timer;
    bool nodes_start = false;  // some node takes its time to start
};

// The nodes as the scheduler sees them. No call blocks; reports come on any thread.
class Nodes {
public:
    virtual ~Nodes() = default;
    // For nodes that make time pass, or that report only when they are asked. Said again after each message.
    virtual void rest_until(Rest const&) {}
    virtual void rest_ends() {}
    // Whether a run leaves nothing anywhere, so that it may begin before the store knows of it.
    virtual bool leave_no_trace() const { return false; }
    // What the runs of a pool have used since the last call; nothing where runs use nothing.
    virtual std::optional<ResourceUse> take_use(std::string const& /*pool_id*/) { return std::nullopt; }
    virtual void start(RunCommand command) = 0;
    // Ends the whole process group or the transcode within a second; its report follows. A coordination run
    // that has reported success goes on in what its command left in the background; stopping it ends that,
    // without a further report. Unknown runs are ignored.
    virtual void stop(RunId run, StopReason reason) = 0;
    virtual void remove_task_files(
        std::string const& pool_id,
        std::string const& node_id,
        std::string const& job_id,
        std::string const& task_id
    ) = 0;
    virtual void remove_job_files(std::string const& pool_id, std::string const& job_id) = 0;
    virtual void remove_node_files(std::string const& pool_id, std::string const& node_id) = 0;
};
using ReportSink = std::function<void(RunReport)>;

}  // namespace bluebatch::emulator::domain
