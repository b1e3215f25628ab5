#pragma once

#include "emulator/scheduler/turn.hpp"

// Multi-instance tasks: they get all their nodes at once, coordinate on each of them, run their command on
// the first, and end everywhere together. Batch: MI-2 to MI-8
namespace bluebatch::emulator::scheduler {

// The task has found its nodes.
void assign_gang(Turn& turn, Assignment const& assignment, domain::Task task);

// A node's part in the task, for its commands.
domain::Instance instance_of(Turn& turn, Run const& run);

// One of its nodes is prepared for the job.
void gang_node_prepared(Turn& turn, Run const& run);
// It has waited for its nodes or a place: all of them coordinate now.
void send_prepared_gang(Turn& turn, Run& primary);
// Lets the primaries run whose gangs have coordinated.
void send_coordinated(Turn& turn);

void take_coordination_report(Turn& turn, Run& run, domain::RunReport const& report);
void take_primary_report(Turn& turn, Run& primary, domain::RunReport const& report);

// Ends all of it: at once when nothing has gone out yet, else when the last report comes.
void stop_gang(Turn& turn, domain::RunId gang, domain::StopReason reason, RequeueKind requeue_kind);

}  // namespace bluebatch::emulator::scheduler
