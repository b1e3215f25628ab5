#pragma once

#include "emulator/domain/pool.hpp"
#include "emulator/scheduler/free_slots.hpp"
#include "emulator/scheduler/keys.hpp"
#include "emulator/scheduler/waiting_tasks.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_map>
#include <variant>
#include <vector>

namespace bluebatch::emulator::scheduler {

enum class Admission : std::uint8_t { closed, open };
enum class NodeKind : std::uint8_t { dedicated, low_priority };
// Whether a pool's nodes run multi-instance tasks together.
enum class Gangs : std::uint8_t { refused, allowed };

// A job's manager goes before its other tasks and may want a node of its own. Batch: JM-1, JM-3, JM-4
struct ManagerTask {
    std::int64_t sequence = 0;
    bool is_alone = true;
    bool allows_low_priority = true;

    bool operator==(ManagerTask const&) const = default;
};

struct JobSettings {
    PoolKey pool{};
    int priority = 0;
    int max_parallel_tasks = -1;  // -1: no limit. Batch: SLOT-12
    Admission admission = Admission::open;
    std::optional<ManagerTask> manager{};

    bool operator==(JobSettings const&) const = default;
};

// A waiting task has found its node; its slots are taken until release().
struct Assignment {
    JobKey job{};
    NodeKey node{};
    WaitingTask task;
    int slots = 1;  // taken on each node; all of it for a task that wants to be alone
    // Of a multi-instance task: where its subtasks run, one on each.
    std::vector<NodeKey> others = {};
};

// Free slots wait for tasks that have not been read yet: those of `job` beyond sequence `after`.
struct PageWanted {
    JobKey job{};
    std::int64_t after = 0;
};

struct NothingToPlace {};

// The first job of a pool that has tasks for which no node has room, and what the least of them takes.
struct Hungry {
    JobKey job{};
    int priority = 0;
    int slots = 1;
    bool dedicated_only = false;
};

// Decides which waiting task goes to which node. It knows only numbers (no store, no clock, no threads) and
// keeps them up to date with each event, so a decision costs the same however many tasks wait.
class Placement {
public:
    using Decision = std::variant<NothingToPlace, PageWanted, Assignment>;

    void set_pool(PoolKey pool, int slots_per_node, domain::NodeFillType fill, Gangs gangs = Gangs::refused);

    // A node is closed at first.
    void add_node(NodeKey node, PoolKey pool, NodeKind kind);
    void set_node(NodeKey node, Admission admission);
    void remove_node(NodeKey node);

    void set_job(JobKey job, JobSettings const& settings);  // adds it when it is new
    void remove_job(JobKey job);
    // No task of the job goes to that node any more, until it is readmitted. Batch: PREP-3
    void bar(JobKey job, NodeKey node);
    void readmit(NodeKey node);

    void tasks_added(JobKey job);  // the store has tasks beyond those read so far
    enum class Page : std::uint8_t { more_follows, last };
    void page_read(JobKey job, std::vector<WaitingTask> const& tasks, Page page);
    void put_back(JobKey job, WaitingTask task);

    // The next decision; call until it is NothingToPlace. Higher priority first, then the older job, then the
    // task added first (Batch: SLOT-6, SLOT-7); a task that needs more slots than are free on any node lets
    // later ones pass (Batch: SLOT-3, SLOT-9), and so does one that needs more nodes than are free: it takes
    // all of them at once or none, so no two can wait for each other (Batch: MI-2).
    Decision next();
    // Whether next() may have something to say.
    bool is_stirred() const { return !stirred_.empty(); }

    // The task runs on that node after all, in the place of assignment.node, if it could have gone there.
    // Batch: SLOT-11
    void prefer(Assignment& assignment, NodeKey node);

    // Who is to be served next once there is room; after next() has said NothingToPlace. Not multi-instance
    // tasks.
    std::variant<NothingToPlace, PageWanted, Hungry> first_unplaced(PoolKey pool) const;
    // Slots that would be free for it on the node if `more` were given back there; 0 where it cannot go.
    int room_for(Hungry const& hungry, NodeKey node, int more) const;

    void release(NodeKey node, JobKey job, int slots);
    // Of a subtask; the task itself goes on counting.
    void release_slots(NodeKey node, int slots);

private:
    using Rank = std::tuple<int, JobKey>;  // negative priority, then order of addition
    struct Pool {
        int slots_per_node = 1;
        domain::NodeFillType fill = domain::NodeFillType::spread;
        Gangs gangs = Gangs::refused;
        FreeSlots free;
        std::set<Rank> ready;  // open jobs with tasks that may start
        bool stirred = false;  // something happened since next() found nothing here
    };
    struct Node {
        PoolKey pool{};
        int free = 0;
        Admission admission = Admission::closed;
        NodeKind kind = NodeKind::dedicated;
    };
    struct Job {
        JobSettings settings;
        WaitingTasks waiting;
        std::optional<WaitingTask> manager;  // while it waits
        std::set<NodeKey> barred;
        std::int64_t read_until = 0;
        bool more_in_store = true;
        int placed = 0;
        bool ready = false;
    };

    void stir(PoolKey key);
    void refresh(JobKey key, Job& job);
    void set_free(NodeKey key, Node& node, int free);
    void take_in(Job& job, WaitingTask task, bool is_new);
    Assignment assign(JobKey key, Job& job, NodeKey node, WaitingTask task, int slots);
    int slots_of_manager(Pool const& pool, Job const& job) const;
    std::optional<Assignment> place_manager(Pool const& pool, JobKey key, Job& job);
    // The most slots that are free on a node that serves the job.
    int most_free(Pool const& pool, Job const& job) const;
    std::optional<NodeKey> find_node(Pool const& pool, Job const& job, int slots) const;
    // Nodes for multi-instance tasks of the job: how many there are, and so many of them.
    int count_whole_nodes(Pool const& pool, Job const& job) const;
    std::vector<NodeKey> find_whole_nodes(Pool const& pool, Job const& job, int count) const;
    Assignment place(Pool const& pool, JobKey key, Job& job, WaitingTask task);
    Decision decide(Pool& pool);

    std::unordered_map<PoolKey, Pool> pools_;
    std::unordered_map<NodeKey, Node> nodes_;
    std::unordered_map<JobKey, Job> jobs_;
    std::vector<PoolKey> stirred_;
};

}  // namespace bluebatch::emulator::scheduler
