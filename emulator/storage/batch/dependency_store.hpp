#pragma once

#include "emulator/domain/task_dependencies.hpp"
#include "emulator/storage/sqlite.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Which tasks of a job wait for which others. A blocked task waits for one of its dependencies at a time: the
// first that is not satisfied. So adding a task with many parents, and completing a parent of many, cost what
// changes and no more. Satisfaction is for ever, whatever becomes of the parent (Batch: TASK-48).
namespace bluebatch::emulator::storage {

// The first dependency that is not satisfied, and how many stand before it.
struct Wait {
    std::string awaited;
    std::int64_t position = 0;
};
// The dependencies before `position` are known to be satisfied.
std::optional<Wait> find_wait(
    Connection& connection,
    std::string_view job_id,
    domain::TaskDependencies const& dependencies,
    std::int64_t position = 0
);

void insert_wait(
    Transaction& transaction, std::string_view job_id, std::int64_t task_sequence, Wait const& wait
);

struct UnblockedTask {
    std::int64_t sequence = 0;
    std::string id;
    int required_slots = 1;
    int instances = 0;
};
using ReadDependencies = std::function<domain::TaskDependencies(std::string_view task_document)>;

// The task is satisfied: returns the tasks that wait for nothing any more.
std::vector<UnblockedTask> satisfy_dependents(
    Transaction& transaction,
    std::string_view job_id,
    std::string_view task_id,
    ReadDependencies const& read_dependencies
);

// Active tasks of the job that wait for others.
std::int64_t count_blocked_tasks(Connection& connection, std::string_view job_id);

}  // namespace bluebatch::emulator::storage
