#include "emulator/scheduler/world.hpp"

#include "shared/base/text.hpp"

#include <algorithm>

namespace bluebatch::emulator::scheduler {

std::string task_key(JobKey job, std::string_view task_id) {
    return std::to_string(static_cast<std::int64_t>(job)) + '/' + base::to_lower(task_id);
}

PoolEntry& World::pool(std::string_view id) {
    auto const [found, is_new] =
        pool_keys.try_emplace(base::to_lower(id), static_cast<PoolKey>(pool_keys.size()));
    PoolEntry& entry = pools[found->second];
    if (is_new) {
        entry.key = found->second;
        entry.id = id;
    }
    return entry;
}

NodeEntry* World::find_node(std::string const& id) {
    auto const found = node_keys.find(id);
    return found == node_keys.end() ? nullptr : &nodes.at(found->second);
}

void World::note_unwritten(NodeEntry& node, Unwritten part) {
    if (node.unwritten == Unwritten::nothing) unwritten_nodes.push_back(node.key);
    node.unwritten = std::max(node.unwritten, part);
}

JobEntry* World::find_job(std::string_view id) {
    auto const key = job_keys.find(base::to_lower(id));
    return key == job_keys.end() ? nullptr : &jobs.at(key->second);
}

Run* World::find_run(domain::RunId id) {
    auto const found = runs.find(id);
    return found == runs.end() ? nullptr : &found->second;
}

Run* World::find_run(JobKey job, std::string_view task_id) {
    auto const found = runs_by_task.find(task_key(job, task_id));
    return found == runs_by_task.end() ? nullptr : find_run(found->second);
}

}  // namespace bluebatch::emulator::scheduler
