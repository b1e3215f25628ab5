#pragma once

#include "emulator/domain/messages.hpp"
#include "emulator/domain/node.hpp"
#include "emulator/domain/task.hpp"

#include <cstdint>
#include <string_view>

// What happens to a task, as functions of the task and the event; the caller stores the result.
namespace bluebatch::emulator::scheduler {

// A task that goes back to active because of the user (resize, disable) counts that; one whose node was lost
// or whose emulator was restarted does not. Batch: POOL-22, TASK-23
enum class RequeueKind : std::uint8_t { counted, recovered };

void assign(domain::Task& task, domain::TaskPlace place, domain::TaskState state, base::TimePoint now);
void begin_run(domain::Task& task, base::TimePoint now);
void requeue(domain::Task& task, RequeueKind kind, base::TimePoint now);

// Whether another try is still wanted; not for a task that a user ended or whose job is over.
enum class Retries : std::uint8_t { allowed, none };

// Brings the task to what its run's report makes of it: completed, or active again for a retry or requeue.
void finish_run(
    domain::Task& task,
    domain::RunReport const& report,
    RequeueKind requeue_kind,
    Retries retries,
    base::TimePoint now
);

// Ends a task whose command never started because it was stopped while it waited.
void finish_unstarted(
    domain::Task& task, domain::StopReason reason, RequeueKind requeue_kind, base::TimePoint now
);

// Counters and recent tasks of the node. Batch: NODE-7
void take_slots(domain::Node& node, int slots);
void give_back_slots(domain::Node& node, int slots);
void note_completed_task(domain::Node& node, domain::Task const& task);
// `subtask` is the node's number in a multi-instance task, and the state and execution are its own.
void note_recent_task(domain::Node& node, domain::Task const& task, int subtask = 0);
void forget_recent_task(domain::Node& node, std::string_view job_id, std::string_view task_id);

}  // namespace bluebatch::emulator::scheduler
