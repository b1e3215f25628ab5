#pragma once

#include "emulator/scheduler/resize_rules.hpp"
#include "emulator/scheduler/turn.hpp"

namespace bluebatch::emulator::scheduler {

// Whether nodes still have to leave: they go on leaving, and a resize that ends with an error ends after
// them.
bool is_shrinking(World const& world, PoolEntry const& pool, ResizeStep const& step);

// Cuts what the step wants to create down to the cores that the account may still have. Where that is less,
// the resize ends with an error. Batch: POOL-18, POOL-19, QUO-1
void limit_cores(Turn const& turn, PoolEntry const& pool, ResizeStep& step);

}  // namespace bluebatch::emulator::scheduler
