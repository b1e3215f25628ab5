#pragma once

#include "emulator/domain/messages.hpp"
#include "emulator/domain/node.hpp"
#include "emulator/domain/node_task.hpp"

#include <cstdint>

// The life of start tasks and of job preparation and release tasks, as functions of what is shown of them and
// the event. Batch: START-1 to START-5, PREP-3
namespace bluebatch::emulator::scheduler {

enum class WaitForSuccess : std::uint8_t { no, yes };

// The node has booted: where it goes with such a start task, or with none.
domain::NodeState state_after_boot(std::optional<WaitForSuccess> start_task);

// A run begins: the first, or a retry.
domain::NodeTaskInfo begin_node_task(base::TimePoint now);
void retry_node_task(domain::NodeTaskInfo& info, base::TimePoint now);

enum class NodeTaskVerdict : std::uint8_t { run_again, succeeded, failed };
// Records the report; when it says run_again, retry_node_task() follows.
NodeTaskVerdict finish_node_task(
    domain::NodeTaskInfo& info, domain::RunReport const& report, int max_task_retry_count
);

}  // namespace bluebatch::emulator::scheduler
