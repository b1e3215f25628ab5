#pragma once

#include "emulator/scheduler/turn.hpp"

// The life of a node: creating, starting, its start task, ready, leaving. Batch: NODE-1, NODE-4, START-1..5
namespace bluebatch::emulator::scheduler {

NodeEntry& create_node(Turn& turn, PoolEntry& pool, bool is_dedicated);
// A node that the store knows from before; it boots anew.
void restore_node(Turn& turn, PoolEntry& pool, domain::Node row);
// A part of the node start delay is over.
void go_on_starting(Turn& turn, NodeEntry& node);

// Its start task runs, if it has one; else it is ready.
void begin_start_task(Turn& turn, NodeEntry& node);
void send_start_task(Turn& turn, Run& run);
void take_start_task_report(Turn& turn, Run& run, domain::RunReport const& report);

void move_node(Turn& turn, NodeEntry& node, domain::NodeState state);
// Lets tasks come to it, or keeps them away.
void refresh_admission(Turn& turn, NodeEntry& node);
// From its present state, which the node start delay makes last, on to booting.
void boot_later(Turn& turn, NodeEntry& node);

void set_draining(Turn& turn, NodeEntry& node, bool draining);
// No new tasks; those that run are stopped as the option says; then the node is gone. Batch: POOL-20
void leave(Turn& turn, NodeEntry& node, domain::NodeDeallocationOption option);
// One of the node's runs is over.
void node_run_closed(Turn& turn, NodeEntry& node);

// What of them the store does not have yet, before the transaction is committed.
void write_nodes(World& world, storage::Transaction& transaction);

}  // namespace bluebatch::emulator::scheduler
