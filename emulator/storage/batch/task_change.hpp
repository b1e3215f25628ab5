#pragma once

#include "emulator/domain/task.hpp"
#include "emulator/storage/sqlite.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace bluebatch::emulator::storage {

// What a task adds to its job's counts.
struct TaskShare {
    domain::TaskState state = domain::TaskState::active;
    bool failed = false;
    int slots = 1;
};
// Follows the result, so a task that exited with 0 and could not upload counts as failed. Batch: CNT-2
TaskShare share_of(domain::Task const& task);

// find_task_by_sequence() for those who know the id of the task's job, which is not looked up then.
std::optional<domain::Task> find_task_of_job(
    Connection& connection, std::string_view job_id, std::int64_t sequence
);

// update_task() for those who read the task within the same transaction: `before` is its share as it was
// read, `job` the sequence of its job.
void update_task(
    Transaction& transaction, domain::Task const& task, TaskShare const& before, std::int64_t job
);

// The same for each task that is placed or run, which is most of what a busy scheduler writes: no more than
// that changes, so that no index is touched in vain. An active task that gets its place and begins:
void update_begun_task(
    Transaction& transaction, domain::Task const& task, TaskShare const& before, std::int64_t job
);
// A task under way whose run is over, or will not be; it is completed or active again:
void update_ended_task(
    Transaction& transaction, domain::Task const& task, TaskShare const& before, std::int64_t job
);

}  // namespace bluebatch::emulator::storage
