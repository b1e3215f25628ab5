#pragma once

#include "emulator/scheduler/turn.hpp"

// What a node gets when it joins its pool, before its start task. Meanwhile it is starting; where that fails,
// it is unusable until it is rebooted. Batch: APP-2, POOL-26
namespace bluebatch::emulator::scheduler {

// False when there is nothing to get.
bool begin_node_setup(Turn& turn, NodeEntry& node);
void send_node_setup(Turn& turn, Run& run);
void take_node_setup_report(Turn& turn, Run& run, domain::RunReport const& report);

}  // namespace bluebatch::emulator::scheduler
