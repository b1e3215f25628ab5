#include "emulator/scheduler/node_setups.hpp"

#include "emulator/scheduler/nodes.hpp"
#include "emulator/scheduler/runs.hpp"
#include "emulator/storage/batch/batch_store.hpp"

#include <utility>

namespace bluebatch::emulator::scheduler {

namespace {

domain::NodeSetup const& setup_of(Turn& turn, PoolEntry& pool) {
    if (!pool.setup) {
        auto const row = storage::find_pool(turn.store(), pool.id);
        auto setup = row ? turn.readers.read_node_setup(row->document) : domain::NodeSetup{};
        pool.setup = std::make_shared<domain::NodeSetup const>(std::move(setup));
    }
    return *pool.setup;
}

}  // namespace

bool begin_node_setup(Turn& turn, NodeEntry& node) {
    bool const has_setup = !setup_of(turn, turn.world.pools.at(node.pool)).is_empty();
    // A node that had something before must be told that it has it no more.
    if (!has_setup && !node.is_set_up) return false;
    node.is_set_up = has_setup;
    add_node_run(turn, node, domain::RunKind::node_setup);
    return true;
}

void send_node_setup(Turn& turn, Run& run) {
    NodeEntry const& node = turn.world.nodes.at(run.node);
    send_out(turn, run, {});
    turn.outbox.starts.back().setup = setup_of(turn, turn.world.pools.at(node.pool));
}

void take_node_setup_report(Turn& turn, Run& run, domain::RunReport const& report) {
    NodeEntry& node = turn.world.nodes.at(run.node);
    bool const is_wanted = node.row.state == domain::NodeState::starting && !run.stop && !report.stopped;
    if (is_wanted && report.failure) {
        node.row.error = report.failure;
        node.row.start_task_info.reset();
        move_node(turn, node, domain::NodeState::unusable);
    } else if (is_wanted) {
        begin_start_task(turn, node);
    }
    close_run(turn, run.id);
}

}  // namespace bluebatch::emulator::scheduler
