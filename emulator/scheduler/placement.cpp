#include "emulator/scheduler/placement.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace bluebatch::emulator::scheduler {

void Placement::stir(PoolKey key) {
    Pool& pool = pools_[key];
    if (pool.stirred) return;
    pool.stirred = true;
    stirred_.push_back(key);
}

void Placement::set_pool(PoolKey key, int slots_per_node, domain::NodeFillType fill, Gangs gangs) {
    Pool& pool = pools_[key];
    // Batch: MI-2, COMM-2
    pool.gangs = slots_per_node == 1 ? gangs : Gangs::refused;
    int const more_slots = slots_per_node - pool.slots_per_node;
    pool.slots_per_node = slots_per_node;
    pool.fill = fill;
    if (more_slots != 0) {
        for (auto& [node_key, node] : nodes_) {
            if (node.pool == key) set_free(node_key, node, node.free + more_slots);
        }
    }
    stir(key);
}

void Placement::add_node(NodeKey key, PoolKey pool, NodeKind kind) {
    nodes_[key] = Node{pool, pools_[pool].slots_per_node, Admission::closed, kind};
}

void Placement::set_node(NodeKey key, Admission admission) {
    auto const found = nodes_.find(key);
    if (found == nodes_.end() || found->second.admission == admission) return;
    Node& node = found->second;
    node.admission = admission;
    if (admission == Admission::open) {
        pools_[node.pool].free.insert(key, node.free);
        stir(node.pool);
    } else {
        pools_[node.pool].free.erase(key, node.free);
    }
}

void Placement::remove_node(NodeKey key) {
    set_node(key, Admission::closed);
    readmit(key);
    nodes_.erase(key);
}

void Placement::bar(JobKey key, NodeKey node) {
    if (auto const found = jobs_.find(key); found != jobs_.end()) found->second.barred.insert(node);
}

void Placement::readmit(NodeKey node) {
    for (auto& [key, job] : jobs_) {
        if (job.barred.erase(node) > 0) refresh(key, job);
    }
}

void Placement::set_free(NodeKey key, Node& node, int free) {
    if (node.admission == Admission::open) {
        FreeSlots& slots = pools_[node.pool].free;
        slots.erase(key, node.free);
        slots.insert(key, free);
    }
    node.free = free;
}

void Placement::refresh(JobKey key, Job& job) {
    JobSettings const& settings = job.settings;
    bool const below_limit = settings.max_parallel_tasks < 0 || job.placed < settings.max_parallel_tasks;
    bool const has_tasks = job.more_in_store || job.manager || !job.waiting.empty();
    bool const ready = settings.admission == Admission::open && below_limit && has_tasks;
    if (ready) stir(settings.pool);
    if (ready == job.ready) return;
    job.ready = ready;
    auto& ready_jobs = pools_[settings.pool].ready;
    if (ready) {
        ready_jobs.insert({-settings.priority, key});
    } else {
        ready_jobs.erase({-settings.priority, key});
    }
}

void Placement::set_job(JobKey key, JobSettings const& settings) {
    Job& job = jobs_[key];
    if (job.ready) {
        pools_[job.settings.pool].ready.erase({-job.settings.priority, key});
        job.ready = false;
    }
    job.settings = settings;
    if (!settings.manager) job.manager.reset();  // its task was deleted
    refresh(key, job);
}

void Placement::remove_job(JobKey key) {
    auto const found = jobs_.find(key);
    if (found == jobs_.end()) return;
    Job const& job = found->second;
    if (job.ready) pools_[job.settings.pool].ready.erase({-job.settings.priority, key});
    jobs_.erase(found);
}

void Placement::tasks_added(JobKey key) {
    auto const found = jobs_.find(key);
    if (found == jobs_.end()) return;
    found->second.more_in_store = true;
    refresh(key, found->second);
}

void Placement::page_read(JobKey key, std::vector<WaitingTask> const& tasks, Page page) {
    auto const found = jobs_.find(key);
    if (found == jobs_.end()) return;
    Job& job = found->second;
    for (WaitingTask const& task : tasks)
        take_in(job, task, true);
    if (!tasks.empty()) job.read_until = tasks.back().sequence;
    job.more_in_store = page == Page::more_follows;
    refresh(key, job);
}

void Placement::put_back(JobKey key, WaitingTask task) {
    auto const found = jobs_.find(key);
    if (found == jobs_.end()) return;
    Job& job = found->second;
    if (task.sequence <= job.read_until) {
        take_in(job, task, false);
    } else {
        job.more_in_store = true;
    }
    refresh(key, job);
}

void Placement::release_slots(NodeKey node_key, int slots) {
    auto const found = nodes_.find(node_key);
    if (found == nodes_.end()) return;
    set_free(node_key, found->second, found->second.free + slots);
    stir(found->second.pool);
}

void Placement::release(NodeKey node_key, JobKey job_key, int slots) {
    release_slots(node_key, slots);
    if (auto const found = jobs_.find(job_key); found != jobs_.end()) {
        --found->second.placed;
        refresh(job_key, found->second);
    }
}

void Placement::take_in(Job& job, WaitingTask task, bool is_new) {
    if (job.settings.manager && job.settings.manager->sequence == task.sequence) {
        job.manager = task;
    } else if (is_new) {
        job.waiting.append(task);
    } else {
        job.waiting.put_back(task);
    }
}

Assignment Placement::assign(JobKey key, Job& job, NodeKey node_key, WaitingTask task, int slots) {
    Node& node = nodes_.at(node_key);
    set_free(node_key, node, node.free - slots);
    ++job.placed;
    refresh(key, job);  // may take the job out of the set of those that are ready
    return {key, node_key, task, slots};
}

int Placement::slots_of_manager(Pool const& pool, Job const& job) const {
    return std::max(job.settings.manager->is_alone ? pool.slots_per_node : 1, job.manager->required_slots);
}

std::optional<Assignment> Placement::place_manager(Pool const& pool, JobKey key, Job& job) {
    if (!job.manager) return std::nullopt;
    auto const& manager = *job.settings.manager;
    int const slots = slots_of_manager(pool, job);
    auto const serves = [&](NodeKey node) {
        bool const is_allowed = manager.allows_low_priority || nodes_.at(node).kind == NodeKind::dedicated;
        return is_allowed && !job.barred.contains(node);
    };
    auto const node = pool.free.find_if(slots, pool.fill, serves);
    if (!node) return std::nullopt;
    auto const task = *job.manager;
    job.manager.reset();
    return assign(key, job, *node, task, slots);
}

int Placement::most_free(Pool const& pool, Job const& job) const {
    if (job.barred.empty()) return pool.free.most();
    auto const serves = [&](NodeKey node) { return !job.barred.contains(node); };
    auto const best = pool.free.find_if(1, domain::NodeFillType::spread, serves);
    return best ? nodes_.at(*best).free : 0;
}

std::optional<NodeKey> Placement::find_node(Pool const& pool, Job const& job, int slots) const {
    if (job.barred.empty()) return pool.free.find(slots, pool.fill);
    return pool.free.find_if(slots, pool.fill, [&](NodeKey node) { return !job.barred.contains(node); });
}

int Placement::count_whole_nodes(Pool const& pool, Job const& job) const {
    if (pool.gangs == Gangs::refused) return 0;
    auto const& free = pool.free.with(pool.slots_per_node);
    auto const barred = std::count_if(job.barred.begin(), job.barred.end(), [&](NodeKey node) {
        return free.contains(node);
    });
    return static_cast<int>(std::ssize(free) - barred);
}

std::vector<NodeKey> Placement::find_whole_nodes(Pool const& pool, Job const& job, int count) const {
    std::vector<NodeKey> nodes;
    for (NodeKey const node : pool.free.with(pool.slots_per_node)) {
        if (std::ssize(nodes) == count) break;
        if (!job.barred.contains(node)) nodes.push_back(node);
    }
    return nodes;
}

Assignment Placement::place(Pool const& pool, JobKey key, Job& job, WaitingTask task) {
    if (task.instances == 0) {
        auto const node = find_node(pool, job, task.required_slots);
        return assign(key, job, node.value(), task, task.required_slots);
    }
    auto nodes = find_whole_nodes(pool, job, task.instances);
    Assignment assignment = assign(key, job, nodes.front(), task, task.required_slots);
    nodes.erase(nodes.begin());
    for (NodeKey const node : nodes)
        set_free(node, nodes_.at(node), nodes_.at(node).free - task.required_slots);
    assignment.others = std::move(nodes);
    return assignment;
}

void Placement::prefer(Assignment& assignment, NodeKey wanted) {
    auto const other = std::find(assignment.others.begin(), assignment.others.end(), wanted);
    if (other != assignment.others.end()) {
        std::swap(*other, assignment.node);
        return;
    }
    auto const found = nodes_.find(wanted);
    if (found == nodes_.end()) return;
    Node& node = found->second;
    Job const& job = jobs_.at(assignment.job);
    bool const serves = node.pool == job.settings.pool && node.admission == Admission::open &&
                        node.free >= assignment.slots && !job.barred.contains(wanted);
    if (!serves) return;
    release_slots(assignment.node, assignment.slots);
    set_free(wanted, node, node.free - assignment.slots);
    assignment.node = wanted;
}

std::variant<NothingToPlace, PageWanted, Hungry> Placement::first_unplaced(PoolKey pool_key) const {
    auto const pool = pools_.find(pool_key);
    if (pool == pools_.end()) return NothingToPlace{};
    for (auto const& [rank, key] : pool->second.ready) {
        Job const& job = jobs_.at(key);
        int const priority = job.settings.priority;
        int const most = pool->second.slots_per_node;
        if (job.manager && slots_of_manager(pool->second, job) <= most) {
            bool const dedicated_only = !job.settings.manager->allows_low_priority;
            return Hungry{key, priority, slots_of_manager(pool->second, job), dedicated_only};
        }
        auto const slots = job.waiting.least_slots();
        if (slots && *slots <= most) return Hungry{key, priority, *slots, false};
        if (job.more_in_store) return PageWanted{key, job.read_until};
    }
    return NothingToPlace{};
}

int Placement::room_for(Hungry const& hungry, NodeKey node_key, int more) const {
    auto const job = jobs_.find(hungry.job);
    auto const node = nodes_.find(node_key);
    if (job == jobs_.end() || node == nodes_.end()) return 0;
    bool const is_allowed = !hungry.dedicated_only || node->second.kind == NodeKind::dedicated;
    bool const serves =
        is_allowed && node->second.admission == Admission::open && !job->second.barred.contains(node_key);
    return serves ? node->second.free + more : 0;
}

Placement::Decision Placement::decide(Pool& pool) {
    if (pool.free.most() == 0) return NothingToPlace{};
    for (auto const& [rank, key] : pool.ready) {
        Job& job = jobs_.at(key);
        if (auto const assignment = place_manager(pool, key, job)) return *assignment;
        auto const task = job.waiting.take(most_free(pool, job), count_whole_nodes(pool, job));
        if (!task && job.more_in_store) return PageWanted{key, job.read_until};
        if (!task) continue;
        return place(pool, key, job, *task);
    }
    return NothingToPlace{};
}

Placement::Decision Placement::next() {
    while (!stirred_.empty()) {
        PoolKey const key = stirred_.back();
        Decision const decision = decide(pools_[key]);
        if (!std::holds_alternative<NothingToPlace>(decision)) return decision;
        pools_[key].stirred = false;
        stirred_.pop_back();
    }
    return NothingToPlace{};
}

}  // namespace bluebatch::emulator::scheduler
