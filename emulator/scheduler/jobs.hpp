#pragma once

#include "emulator/scheduler/turn.hpp"

#include <string>
#include <string_view>

namespace bluebatch::emulator::scheduler {

// A user added, changed, terminated or deleted it, or added tasks to it.
void job_changed(Turn& turn, std::string_view job_id);
void tasks_added(Turn& turn, std::string_view job_id);
// Begin what a user could have asked for.
void terminate_job(Turn& turn, domain::Job& row, std::string reason);
void delete_job(Turn& turn, domain::Job& row);
// Takes the next step of its state. May be called at any time.
void settle_job(Turn& turn, JobKey key);

}  // namespace bluebatch::emulator::scheduler
