#pragma once

#include "emulator/storage/batch/record.hpp"

#include <string>
#include <string_view>

namespace bluebatch::emulator::storage {

// What read_task() reads after the id of the job; `t` is the task.
inline constexpr std::string_view kTaskColumns =
    "t.sequence, t.id, t.state, t.state_time, t.previous_state, t.previous_state_time,"
    " t.creation_time, t.last_modified, t.required_slots, t.max_wall_clock_time, t.retention_time,"
    " t.max_task_retry_count, t.start_time, t.end_time, t.exit_code, t.result, t.failure, t.retry_count,"
    " t.last_retry_time, t.requeue_count, t.last_requeue_time, t.pool_id, t.node_id, t.termination_requested,"
    " t.document, t.blocked, t.instances, t.affinity_id";

// Everything of a task; conditions follow. `j` is its job.
inline std::string const kSelectTask =
    "SELECT j.id, " + std::string(kTaskColumns) + " FROM jobs j CROSS JOIN tasks t ON t.job = j.sequence";

domain::Task read_task(Row const& row);

}  // namespace bluebatch::emulator::storage
