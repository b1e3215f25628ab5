#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::domain {

// Numbers from `start` to `end`, both included; a task is meant by the number that its id writes.
struct TaskIdRange {
    std::int64_t start = 0;
    std::int64_t end = 0;
};

// What a task waits for: every one of these must have been satisfied. Batch: TASK-44
struct TaskDependencies {
    std::vector<std::string> task_ids;
    std::vector<TaskIdRange> task_id_ranges;

    bool empty() const { return task_ids.empty() && task_id_ranges.empty(); }
};

// The number that an id writes ("4", "04"), if ranges can mean it. Batch: TASK-46
std::optional<std::int64_t> number_of_id(std::string_view task_id);

}  // namespace bluebatch::emulator::domain
