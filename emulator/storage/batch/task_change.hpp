#pragma once

#include "emulator/domain/task.hpp"
#include "emulator/storage/sqlite.hpp"

#include <cstdint>

namespace bluebatch::emulator::storage {

// What a task adds to its job's counts.
struct TaskShare {
    domain::TaskState state = domain::TaskState::active;
    bool failed = false;
    int slots = 1;
};
// Follows the result, so a task that exited with 0 and could not upload counts as failed. Batch: CNT-2
TaskShare share_of(domain::Task const& task);

// update_task() for those who read the task within the same transaction: `before` is its share as it was
// read, `job` the sequence of its job.
void update_task(
    Transaction& transaction, domain::Task const& task, TaskShare const& before, std::int64_t job
);

}  // namespace bluebatch::emulator::storage
