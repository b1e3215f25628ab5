#pragma once

#include "emulator/domain/messages.hpp"
#include "emulator/domain/node.hpp"

#include <cstdint>

// The life of a node's start task, as functions of the node and the event. Batch: START-1 to START-5
namespace bluebatch::emulator::scheduler {

enum class WaitForSuccess : std::uint8_t { no, yes };

// The node has booted: where it goes with such a start task, or with none.
domain::NodeState state_after_boot(std::optional<WaitForSuccess> start_task);

// A run of the start task begins: the first after a boot, or a retry.
void begin_start_task(domain::Node& node, base::TimePoint now);
void retry_start_task(domain::Node& node, base::TimePoint now);

enum class StartTaskVerdict : std::uint8_t { run_again, succeeded, failed };
// Records the report; when it says run_again, retry_start_task() follows.
StartTaskVerdict finish_start_task(
    domain::Node& node, domain::RunReport const& report, int max_task_retry_count
);

}  // namespace bluebatch::emulator::scheduler
