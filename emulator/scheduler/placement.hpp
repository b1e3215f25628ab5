#pragma once

#include "emulator/domain/pool.hpp"
#include "emulator/scheduler/free_slots.hpp"
#include "emulator/scheduler/keys.hpp"
#include "emulator/scheduler/waiting_tasks.hpp"

#include <cstdint>
#include <set>
#include <tuple>
#include <unordered_map>
#include <variant>
#include <vector>

namespace bluebatch::emulator::scheduler {

enum class Admission : std::uint8_t { closed, open };

struct JobSettings {
    PoolKey pool{};
    int priority = 0;
    int max_parallel_tasks = -1;  // -1: no limit. Batch: SLOT-12
    Admission admission = Admission::open;

    bool operator==(JobSettings const&) const = default;
};

// A waiting task has found its node; its slots are taken until release().
struct Assignment {
    JobKey job{};
    NodeKey node{};
    WaitingTask task;
};

// Free slots wait for tasks that have not been read yet: those of `job` beyond sequence `after`.
struct PageWanted {
    JobKey job{};
    std::int64_t after = 0;
};

struct NothingToPlace {};

// Decides which waiting task goes to which node. It knows only numbers (no store, no clock, no threads) and
// keeps them up to date with each event, so a decision costs the same however many tasks wait.
class Placement {
public:
    using Decision = std::variant<NothingToPlace, PageWanted, Assignment>;

    void set_pool(PoolKey pool, int slots_per_node, domain::NodeFillType fill);

    // A node is closed at first.
    void add_node(NodeKey node, PoolKey pool);
    void set_node(NodeKey node, Admission admission);
    void remove_node(NodeKey node);

    void set_job(JobKey job, JobSettings const& settings);  // adds it when it is new
    void remove_job(JobKey job);

    void tasks_added(JobKey job);  // the store has tasks beyond those read so far
    enum class Page : std::uint8_t { more_follows, last };
    void page_read(JobKey job, std::vector<WaitingTask> const& tasks, Page page);
    void put_back(JobKey job, WaitingTask task);

    // The next decision; call until it is NothingToPlace. Higher priority first, then the older job, then the
    // task added first (Batch: SLOT-6, SLOT-7); a task that needs more slots than are free on any node lets
    // later ones pass (Batch: SLOT-3, SLOT-9).
    Decision next();
    // Whether next() may have something to say.
    bool is_stirred() const { return !stirred_.empty(); }

    void release(NodeKey node, JobKey job, int slots);

private:
    using Rank = std::tuple<int, JobKey>;  // negative priority, then order of addition
    struct Pool {
        int slots_per_node = 1;
        domain::NodeFillType fill = domain::NodeFillType::spread;
        FreeSlots free;
        std::set<Rank> ready;  // open jobs with tasks that may start
        bool stirred = false;  // something happened since next() found nothing here
    };
    struct Node {
        PoolKey pool{};
        int free = 0;
        Admission admission = Admission::closed;
    };
    struct Job {
        JobSettings settings;
        WaitingTasks waiting;
        std::int64_t read_until = 0;
        bool more_in_store = true;
        int placed = 0;
        bool ready = false;
    };

    void stir(PoolKey key);
    void refresh(JobKey key, Job& job);
    void set_free(NodeKey key, Node& node, int free);
    Decision decide(Pool& pool);

    std::unordered_map<PoolKey, Pool> pools_;
    std::unordered_map<NodeKey, Node> nodes_;
    std::unordered_map<JobKey, Job> jobs_;
    std::vector<PoolKey> stirred_;
};

}  // namespace bluebatch::emulator::scheduler
