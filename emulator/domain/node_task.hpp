#pragma once

#include "emulator/domain/failure.hpp"
#include "emulator/domain/task.hpp"
#include "emulator/domain/words.hpp"
#include "shared/base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace bluebatch::emulator::domain {

enum class NodeTaskState : std::uint8_t { running, completed };
template <>
inline constexpr auto kWords<NodeTaskState> = std::to_array<std::string_view>({"running", "completed"});

// What is shown of tasks that run for the sake of a node: start tasks, and those that prepare a node for a
// job or clean up after it. Batch: START-5, PREP-9
struct NodeTaskInfo {
    NodeTaskState state = NodeTaskState::running;
    base::TimePoint start_time;
    std::optional<base::TimePoint> end_time;
    std::optional<int> exit_code;
    std::optional<FailureInfo> failure;
    std::optional<TaskResult> result;
    int retry_count = 0;
    std::optional<base::TimePoint> last_retry_time;
};

// What a job's preparation and release tasks did on a node; it outlives the node. Batch: PREP-9
struct JobOnNode {
    std::string job_id;
    std::string pool_id;
    std::string node_id;
    NodeTaskInfo preparation;
    std::optional<NodeTaskInfo> release;
    bool files_lost = false;  // the node was removed, preempted or got a new image since
};

}  // namespace bluebatch::emulator::domain
