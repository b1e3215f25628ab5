#include "emulator/scheduler/preemption.hpp"

#include "emulator/scheduler/runs.hpp"
#include "emulator/scheduler/tasks.hpp"

#include <algorithm>
#include <ranges>
#include <set>
#include <unordered_set>

namespace bluebatch::emulator::scheduler {

namespace {

using RunIds = std::unordered_set<domain::RunId>;

RunIds starting_runs(Turn const& turn) {
    RunIds ids;
    for (domain::RunCommand const& start : turn.outbox.starts)
        ids.insert(start.run);
    return ids;
}

std::optional<Hungry> find_hungry(Turn& turn, PoolKey pool) {
    for (;;) {
        auto const first = turn.world.placement.first_unplaced(pool);
        if (auto const* const hungry = std::get_if<Hungry>(&first)) return *hungry;
        auto const* const wanted = std::get_if<PageWanted>(&first);
        if (wanted == nullptr) return std::nullopt;
        read_page(turn, *wanted);
    }
}

// The latest run whose end makes room; one that starts in this turn can't be stopped in it.
std::optional<domain::RunId> find_victim(
    World const& world, JobEntry const& job, Hungry const& hungry, RunIds const& starting
) {
    auto const makes_room = [&](domain::RunId id) {
        Run const& run = world.runs.at(id);
        bool const is_task = run.kind == domain::RunKind::task && !run.stop;
        bool const is_enough = world.placement.room_for(hungry, run.node, run.slots) >= hungry.slots;
        return is_task && is_enough && !starting.contains(id);
    };
    auto latest_first = job.runs.all() | std::views::reverse;
    auto const found = std::ranges::find_if(latest_first, makes_room);
    return found != latest_first.end() ? std::optional{*found} : std::nullopt;
}

std::set<PoolKey> pools_that_make_room(World& world) {
    std::set<PoolKey> pools;
    for (auto const& [priority, key] : world.yielding_jobs) {
        JobEntry const& job = world.jobs.at(key);
        if (job.yielding && world.find_run(*job.yielding) != nullptr) pools.insert(job.pool);
    }
    return pools;
}

}  // namespace

void make_room(Turn& turn) {
    World& world = turn.world;
    if (world.yielding_jobs.empty()) return;
    auto busy = pools_that_make_room(world);
    auto const starting = starting_runs(turn);
    for (auto const& [priority, key] : world.yielding_jobs) {
        JobEntry& job = world.jobs.at(key);
        if (job.runs.empty() || busy.contains(job.pool)) continue;
        auto const hungry = find_hungry(turn, job.pool);
        if (!hungry || hungry->priority <= priority) continue;
        auto const victim = find_victim(world, job, *hungry, starting);
        if (!victim) continue;
        busy.insert(job.pool);
        job.yielding = victim;
        stop_run(turn, *victim, domain::StopReason::requeued, RequeueKind::recovered);
    }
}

}  // namespace bluebatch::emulator::scheduler
