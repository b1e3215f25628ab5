#include "emulator/scheduler/placement.hpp"

#include <algorithm>

namespace bluebatch::emulator::scheduler {

void Placement::stir(PoolKey key) {
    Pool& pool = pools_[key];
    if (pool.stirred) return;
    pool.stirred = true;
    stirred_.push_back(key);
}

void Placement::set_pool(PoolKey key, int slots_per_node, domain::NodeFillType fill) {
    Pool& pool = pools_[key];
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

void Placement::add_node(NodeKey key, PoolKey pool) {
    nodes_[key] = Node{pool, pools_[pool].slots_per_node, Admission::closed};
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
    nodes_.erase(key);
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
    bool const ready =
        settings.admission == Admission::open && below_limit && (job.more_in_store || !job.waiting.empty());
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
        job.waiting.append(task);
    if (!tasks.empty()) job.read_until = tasks.back().sequence;
    job.more_in_store = page == Page::more_follows;
    refresh(key, job);
}

void Placement::put_back(JobKey key, WaitingTask task) {
    auto const found = jobs_.find(key);
    if (found == jobs_.end()) return;
    Job& job = found->second;
    if (task.sequence <= job.read_until) {
        job.waiting.put_back(task);
    } else {
        job.more_in_store = true;
    }
    refresh(key, job);
}

void Placement::release(NodeKey node_key, JobKey job_key, int slots) {
    if (auto const found = nodes_.find(node_key); found != nodes_.end()) {
        set_free(node_key, found->second, found->second.free + slots);
        stir(found->second.pool);
    }
    if (auto const found = jobs_.find(job_key); found != jobs_.end()) {
        --found->second.placed;
        refresh(job_key, found->second);
    }
}

Placement::Decision Placement::decide(Pool& pool) {
    int const most_free = pool.free.most();
    if (most_free == 0) return NothingToPlace{};
    for (auto const& [rank, key] : pool.ready) {
        Job& job = jobs_.at(key);
        auto const task = job.waiting.take(most_free);
        if (!task && job.more_in_store) return PageWanted{key, job.read_until};
        if (!task) continue;
        NodeKey const node_key = *pool.free.find(task->required_slots, pool.fill);
        Node& node = nodes_.at(node_key);
        set_free(node_key, node, node.free - task->required_slots);
        ++job.placed;
        Assignment const assignment{key, node_key, *task};
        refresh(key, job);  // may take the job out of the set that is being walked
        return assignment;
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
