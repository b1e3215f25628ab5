#pragma once

#include "emulator/scheduler/turn.hpp"

namespace bluebatch::emulator::scheduler {

// Where a task finds no room, stops one of a job of lower priority that allows it, if that makes room enough.
// One at a time in each pool. The stopped task is active again, and nothing counts that. Batch: SLOT-8
void make_room(Turn& turn);

}  // namespace bluebatch::emulator::scheduler
