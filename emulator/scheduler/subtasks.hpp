#pragma once

#include "emulator/scheduler/turn.hpp"

#include <cstdint>

// What is shown of the nodes of a multi-instance task, in the store and among their recent tasks. Batch:
// MI-6, MI-7, NODE-7
namespace bluebatch::emulator::scheduler {

NodeEntry& node_of(Turn& turn, domain::RunId run);

// One more node; it waits for its preparation or a place.
void add_subtask(Turn const& turn, Gang& gang, NodeEntry const& node);
void begin_subtasks(Turn const& turn, Gang& gang, domain::Task const& task);
// The end of the subtasks, which is that of the whole task.
void complete_subtasks(Turn const& turn, Gang& gang);

void store_subtasks(Turn& turn, Gang const& gang, domain::Task const& task);
// The same after the end, whatever has become of the task: it may be over, active again or deleted.
void store_end_of_subtasks(Turn& turn, Gang const& gang, std::int64_t task);

}  // namespace bluebatch::emulator::scheduler
