#pragma once

#include "emulator/scheduler/turn.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace bluebatch::emulator::scheduler {

enum class Left : std::uint8_t { nothing, more };
// Puts waiting tasks on nodes, as many as one transaction should hold.
Left place_tasks(Turn& turn);
void read_page(Turn& turn, PageWanted const& wanted);

// What a node needs to run the task.
domain::TaskSpecification read_specification(Turn& turn, JobEntry& job, domain::Task const& task);
bool is_under_way(std::optional<domain::Task> const& task);
void remove_files(Turn& turn, domain::TaskPlace place, std::string job_id, std::string task_id);
// With retaineddata the node stays as long as the files of the task do. Batch: POOL-20
void retain_files(Turn const& turn, NodeEntry& node, domain::Task const& task);

// A task that waited as preparing gets its turn.
void send_prepared_task(Turn& turn, Run& run);
void take_task_report(Turn& turn, Run& run, domain::RunReport const& report);
// Ends one that has not gone out; the run is gone afterwards.
void end_queued_task(Turn& turn, Run& run, domain::StopReason reason, RequeueKind requeue_kind);

// A user terminated, deleted, changed or reactivated a task.
void task_changed(Turn& turn, domain::Change const& change);

// Removes files of completed tasks whose retention is over. Batch: TASK-27
void remove_expired_files(Turn& turn);

}  // namespace bluebatch::emulator::scheduler
