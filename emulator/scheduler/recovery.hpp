#pragma once

#include "emulator/scheduler/turn.hpp"

namespace bluebatch::emulator::scheduler {

// Fills an empty world from the store. Tasks that were under way are active again and counted as neither
// retry nor requeue (Batch: NODE-15, TASK-23); nodes boot anew; deletions go on.
void load_world(Turn& turn);

}  // namespace bluebatch::emulator::scheduler
