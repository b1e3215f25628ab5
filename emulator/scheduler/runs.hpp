#pragma once

#include "emulator/scheduler/turn.hpp"

// Runs of commands on nodes: begun, stopped, over. At most max_parallel are out; the rest are queued.
namespace bluebatch::emulator::scheduler {

// It holds `slots` of the node, which the task itself may not need all.
Run& add_task_run(Turn& turn, JobEntry& job, NodeEntry& node, domain::Task const& task, int slots);
// One of a multi-instance task's, of which `primary` is the run on the first node.
Run& add_coordination_run(Turn& turn, NodeEntry& node, Run const& primary, int instance);
// A setup or start task.
void add_node_run(Turn& turn, NodeEntry& node, domain::RunKind kind);
// A preparation or release task.
Run& add_job_node_run(
    Turn& turn, JobEntry& job, NodeEntry& node, domain::RunKind kind, std::string const& task_id
);

// Whether it is one of a task's, be it a node's part in a multi-instance task.
bool is_of_task(Run const& run);

bool may_go_out(Turn const& turn);
// Stops the run when it has taken `limit` since `start`; a new limit takes the place of an old one.
void limit_wall_clock(Turn& turn, Run& run, base::TimePoint start, base::Ticks limit);
// Commands the node to run it; the store says that it runs.
void send_out(Turn& turn, Run& run, domain::TaskSpecification specification);
// Lets queued runs out while there is room.
void send_queued(Turn& turn);

// A copy, because stopping takes runs out of the set. Tasks go first: those that wait for a preparation end
// as they are told, and not because that has ended.
std::vector<domain::RunId> in_stopping_order(World const& world, RunList const& runs);
// A stronger reason replaces a weaker one.
bool is_stronger(domain::StopReason reason, std::optional<domain::StopReason> than);
// Ends it: at once when it is queued (the run is gone then), else when its report comes.
void stop_run(Turn& turn, domain::RunId id, domain::StopReason reason, RequeueKind requeue_kind);

// Forgets a run that is over and frees its place.
void close_run(Turn& turn, domain::RunId id);

void take_report(Turn& turn, domain::RunReport report);

}  // namespace bluebatch::emulator::scheduler
