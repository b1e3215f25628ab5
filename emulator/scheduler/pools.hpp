#pragma once

#include "emulator/scheduler/turn.hpp"

#include <string_view>

namespace bluebatch::emulator::scheduler {

// A user added, changed, resized or deleted it.
void pool_changed(Turn& turn, std::string_view pool_id);
// Begins it, unless somebody has.
void delete_pool(Turn& turn, std::string_view pool_id);
// Tells the placement what kind of pool it is.
void place_pool(Turn& turn, domain::Pool const& row);
// Takes the next steps of its resize or deletion. May be called at any time.
void settle_pool(Turn& turn, PoolKey key);

}  // namespace bluebatch::emulator::scheduler
