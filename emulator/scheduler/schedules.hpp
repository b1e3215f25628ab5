#pragma once

#include "emulator/scheduler/turn.hpp"

#include <string>
#include <string_view>

namespace bluebatch::emulator::scheduler {

// A user added or changed it, or one of its jobs is over.
void schedule_changed(Turn& turn, std::string_view schedule_id);
// Takes the next step of its state. May be called at any time.
void settle_schedule(Turn& turn, std::string const& schedule_id);

}  // namespace bluebatch::emulator::scheduler
