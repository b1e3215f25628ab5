#pragma once

#include "emulator/scheduler/turn.hpp"

#include <string>

// What users and the control interface request of single nodes: reboot, reimage, deallocate, start, no more
// tasks, removal, preemption. A request waits until the node's runs allow it. Batch: NODE-9 to NODE-11,
// SPOT-2
namespace bluebatch::emulator::scheduler {

// Something was requested of the node.
void node_changed(Turn& turn, std::string const& node_id);
// The time for what is requested may have come: the node's runs are over, or it has become idle.
void settle_node(Turn& turn, NodeEntry& node);
// The resize that was to remove the node is over, and the node is still there.
void stop_removing(Turn& turn, NodeEntry& node);
// After a restart of the emulator: what was requested before.
void take_up_request(Turn& turn, NodeEntry& node);
// A preempted node gets its machine back after a while. Batch: SPOT-3
void come_back_later(Turn& turn, NodeEntry& node);
void come_back(Turn& turn, NodeEntry& node);

}  // namespace bluebatch::emulator::scheduler
