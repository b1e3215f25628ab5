#pragma once

#include "emulator/domain/job.hpp"
#include "emulator/domain/messages.hpp"
#include "emulator/domain/node.hpp"
#include "emulator/domain/subtask.hpp"
#include "emulator/scheduler/keys.hpp"
#include "emulator/scheduler/placement.hpp"
#include "emulator/scheduler/run_list.hpp"
#include "emulator/scheduler/scheduler.hpp"
#include "emulator/scheduler/task_rules.hpp"
#include "emulator/scheduler/timers.hpp"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

// What the scheduler keeps in memory: the nodes, the jobs that are not over, and the runs. All of it can be
// rebuilt from the store. Used by the scheduler's thread only.
namespace bluebatch::emulator::scheduler {

struct PoolEntry {
    PoolKey key{};
    std::string id;  // as its creator wrote it, or as a job named it
    std::set<NodeKey> nodes;
    std::set<JobKey> jobs;  // that name it
    std::set<int> addresses;
    int addresses_from = 0;  // none below is free
    int cores = 1;           // of each node
    std::optional<base::TimePoint> timer_at;
    std::optional<base::TimePoint> sample_at;  // while it scales by itself: its next sample
    // Read once for all nodes of the pool; empty until wanted and after each change.
    std::shared_ptr<std::optional<StartTask> const> start_task;
    std::shared_ptr<domain::NodeSetup const> setup;
};

// A job's preparation task on one node. Batch: PREP-1, PREP-7
struct Preparation {
    enum class Phase : std::uint8_t { running, over, failed } phase = Phase::running;
    domain::NodeTaskInfo info;
    std::vector<domain::RunId> waiting;  // runs of tasks that begin when it is over
};

// What of a node's row the store does not have yet: what its tasks change (storage::update_node_work()), or
// any of it.
enum class Unwritten : std::uint8_t { nothing, work, anything };

struct NodeEntry {
    NodeKey key{};
    PoolKey pool{};
    int address = 0;
    domain::Node row;
    bool written = true;  // the store has a row of it
    Unwritten unwritten = Unwritten::nothing;
    bool draining = false;    // it leaves once its tasks are done
    bool restarting = false;  // it reboots, or the like, once its tasks are done
    bool is_set_up = false;   // it has been given something before its start task
    bool returns = false;     // it was preempted and has a machine again, once its old runs are over
    RunList runs;
    std::shared_ptr<std::optional<StartTask> const> start_task;
    base::TimePoint retained_until{};
    std::map<JobKey, Preparation> preparations;
};

struct JobEntry {
    JobKey key{};
    std::string id;
    PoolKey pool{};
    domain::JobState state = domain::JobState::active;
    RunList runs;
    std::optional<base::TimePoint> timer_at;
    bool ends_with_its_tasks = false;  // onAllTasksComplete
    bool acts_on_ends = false;         // a task's end may change other tasks or the job
    bool has_preparation = false;
    std::optional<int> yields;              // its priority, if its tasks make room for jobs of a higher one
    std::optional<domain::RunId> yielding;  // the latest run that was stopped for that; it may be over
    std::optional<std::int64_t> manager;    // the sequence of its manager's task
    std::shared_ptr<JobNodeTasks const> node_tasks;  // empty until wanted
    std::map<NodeKey, domain::RunId> releases;       // release tasks that are running
    std::shared_ptr<std::string const> document;     // empty until wanted and after each change
};

struct ScheduleEntry {
    std::string id;
    std::optional<base::TimePoint> timer_at;
};

// A multi-instance task that has its nodes. Its primary is a run like that of any task; on each node, the
// primary's too, a coordination run comes before it and lasts as long as the gang. Batch: MI-3
struct Gang {
    // Its nodes are prepared or it waits for a place; all coordinate; the primary's command runs.
    enum class Phase : std::uint8_t { waiting, coordinating, working } phase = Phase::waiting;
    domain::RunId primary = 0;
    std::vector<domain::RunId> coordinations;  // by number of the instance; the primary's is the first
    std::vector<domain::Subtask> subtasks;     // from number 1 on
    std::size_t unprepared = 0;                // nodes where the job's preparation is not over
    // What becomes of the task once nothing of it is out any more; while it coordinates.
    std::optional<domain::RunReport> verdict;
};

struct Run {
    domain::RunId id = 0;
    domain::RunKind kind = domain::RunKind::task;
    NodeKey node{};
    JobKey job{};  // unless it is of the node itself
    std::string task_id;
    WaitingTask task;
    int retry_count = 0;  // of the task
    int slots = 0;        // that it holds on its node
    // out: the nodes have it; over: a coordination command has returned
    enum class Phase : std::uint8_t { queued, out, over } phase = Phase::queued;
    std::optional<domain::StopReason> stop;
    RequeueKind requeue_kind = RequeueKind::counted;
    std::optional<base::TimePoint> wall_clock_at;
    std::optional<domain::RunId> gang;  // of a multi-instance task: its primary's run
    int instance = 0;
    // A task that took the id of this one, whose row is gone; it may start when this run is over.
    std::optional<WaitingTask> successor;
};

struct World {
    Placement placement;
    Timers timers;

    std::unordered_map<std::string, PoolKey> pool_keys;  // by id in lower case
    std::unordered_map<PoolKey, PoolEntry> pools;
    std::unordered_map<NodeKey, NodeEntry> nodes;
    std::unordered_map<std::string, NodeKey> node_keys;  // by id
    std::unordered_map<std::string, JobKey> job_keys;    // by id in lower case; jobs that are not over
    std::unordered_map<JobKey, JobEntry> jobs;
    std::unordered_map<std::uint64_t, ScheduleEntry> schedules;  // by sequence; those that wait for a time
    std::unordered_map<domain::RunId, Run> runs;
    std::unordered_map<std::string, domain::RunId> runs_by_task;  // by task_key()
    std::deque<domain::RunId> queued;  // in the order they may go out; may name runs that are over
    std::size_t runs_out = 0;
    std::unordered_map<domain::RunId, Gang> gangs;  // by the primary's run
    std::deque<domain::RunId> coordinated;          // primaries whose turn has come; they have their places

    std::set<std::pair<int, JobKey>> yielding_jobs;  // by priority: those that have JobEntry::yields

    // Looked at before the turn ends.
    std::set<PoolKey> unsettled_pools;
    std::set<JobKey> unsettled_jobs;
    std::set<std::string> unsettled_schedules;  // ids in lower case
    std::vector<NodeKey> unwritten_nodes;  // those with NodeEntry::unwritten; may name nodes that are gone

    std::uint64_t last_node_key = 0;

    PoolEntry& pool(std::string_view id);  // made when there is none
    NodeEntry* find_node(std::string const& id);
    void note_unwritten(NodeEntry& node, Unwritten part);
    JobEntry* find_job(std::string_view id);
    Run* find_run(domain::RunId id);
    Run* find_run(JobKey job, std::string_view task_id);
};

std::string task_key(JobKey job, std::string_view task_id);

}  // namespace bluebatch::emulator::scheduler
