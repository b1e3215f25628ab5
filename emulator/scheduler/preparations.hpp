#pragma once

#include "emulator/scheduler/turn.hpp"

// Job preparation and release tasks: what a job runs once on each node that serves it, before its first task
// there and after its end. They take no slots (Batch: SLOT-5).
namespace bluebatch::emulator::scheduler {

// Whether tasks of the job may run on the node now. Begins the preparation if that has not been done; tasks
// that come too early are to be given to wait_for_preparation().
bool is_prepared(Turn& turn, JobEntry& job, NodeEntry& node);
void wait_for_preparation(NodeEntry& node, Run const& run);

// Begins what is due on the nodes of a job that ends; true when nothing is left to do. Batch: REL-2, REL-3
bool release_nodes(Turn& turn, JobEntry& job);

// For runs of both kinds.
void send_job_node_task(Turn& turn, Run& run);
void take_job_node_report(Turn& turn, Run& run, domain::RunReport const& report);
// It was stopped before it went out.
void end_queued_job_node_task(Turn& turn, Run& run, domain::StopReason reason);

// What the job runs on nodes. Only for jobs that have a preparation task.
JobNodeTasks const& node_tasks_of(Turn& turn, JobEntry& job);

}  // namespace bluebatch::emulator::scheduler
