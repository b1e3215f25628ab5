#pragma once

#include "emulator/scheduler/turn.hpp"

// Pools that find their size by a formula: samples each half a minute, evaluations each interval. Batch:
// AS-4, AS-8 to AS-11, AS-41
namespace bluebatch::emulator::scheduler {

// Evaluates the pool's formula if that is due, which may begin a resize; sees to the samples.
void follow_auto_scale(Turn& turn, PoolEntry& pool, domain::Pool& row);
// The time for a sample has come. The clock may have passed it long ago.
void take_sample(Turn& turn, PoolEntry& pool, base::TimePoint at);

}  // namespace bluebatch::emulator::scheduler
