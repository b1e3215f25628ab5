#include "emulator/scheduler/recovery.hpp"

#include "emulator/scheduler/jobs.hpp"
#include "emulator/scheduler/nodes.hpp"
#include "emulator/scheduler/pools.hpp"
#include "emulator/scheduler/schedules.hpp"
#include "emulator/storage/batch/batch_store.hpp"
#include "emulator/storage/batch/job_schedule_store.hpp"
#include "emulator/storage/batch/subtask_store.hpp"
#include "shared/base/log.hpp"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

namespace bluebatch::emulator::scheduler {

namespace {

// Calls `each` for every entity of a list, a page at a time.
template <class ListPage, class Each>
void for_all(ListPage list_page, Each each) {
    storage::ListQuery query;
    for (;;) {
        auto page = list_page(query);
        for (auto& entity : page) {
            query.after = entity.id;
            each(entity);
        }
        if (page.size() < static_cast<std::size_t>(query.limit)) return;
    }
}

// One of them may be what ended the emulator, and does so again.
void tell_of(std::vector<domain::Task> const& tasks) {
    auto const is_running = [](domain::Task const& task) { return task.state == domain::TaskState::running; };
    auto const first = std::ranges::find_if(tasks, is_running);
    if (first == tasks.end()) return;
    base::log::warning(
        "{} tasks were under way and run again; the first of them is {} of job {}",
        std::ranges::count_if(tasks, is_running),
        first->id,
        first->job_id
    );
}

void recover_tasks(Turn& turn) {
    auto tasks = storage::list_unfinished_tasks(turn.store());
    tell_of(tasks);
    for (domain::Task& task : tasks) {
        requeue(task, RequeueKind::recovered, turn.now);
        if (task.termination_requested)
            finish_unstarted(task, domain::StopReason::terminated, RequeueKind::recovered, turn.now);
        storage::update_task(turn.transaction, task);
        if (task.instances > 0) storage::delete_subtasks(turn.transaction, task.sequence);
    }
}

}  // namespace

void load_world(Turn& turn) {
    recover_tasks(turn);
    for_all(
        [&](storage::ListQuery const& query) { return storage::list_pools(turn.store(), query); },
        [&](domain::Pool const& pool) {
            PoolEntry& entry = turn.world.pool(pool.id);
            place_pool(turn, pool);
            for_all(
                [&](storage::ListQuery const& query) {
                    return storage::list_nodes(turn.store(), pool.id, query);
                },
                [&](domain::Node& node) { restore_node(turn, entry, std::move(node)); }
            );
            pool_changed(turn, pool.id);
        }
    );
    for_all(
        [&](storage::ListQuery const& query) { return storage::list_jobs(turn.store(), query); },
        [&](domain::Job const& job) {
            if (job.state != domain::JobState::completed) job_changed(turn, job.id);
        }
    );
    for_all(
        [&](storage::ListQuery const& query) { return storage::list_job_schedules(turn.store(), query); },
        [&](domain::JobSchedule const& schedule) { schedule_changed(turn, schedule.id); }
    );
    turn.world.timers.add({turn.now, Timer::Kind::retention, 0});
}

}  // namespace bluebatch::emulator::scheduler
