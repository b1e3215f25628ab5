#include "emulator/scheduler/nodes.hpp"

#include "emulator/scheduler/node_requests.hpp"
#include "emulator/scheduler/node_setups.hpp"
#include "emulator/scheduler/runs.hpp"
#include "emulator/storage/batch/batch_store.hpp"
#include "emulator/storage/batch/job_node_store.hpp"
#include "emulator/storage/batch/usage_store.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

namespace bluebatch::emulator::scheduler {

namespace {

using domain::NodeState;

// Addresses of a pool count from 10.0.0.4; those below belong to the network itself.
constexpr int kFirstAddress = 4;

std::string to_ip_address(int number) {
    return fmt::format("10.{}.{}.{}", number >> 16 & 0xFF, number >> 8 & 0xFF, number & 0xFF);
}

int parse_ip_address(std::string_view text) {
    int number = 0;
    for (std::string_view const part : base::split(text, '.'))
        number = number << 8 | base::parse_number<int>(part).value_or(0);
    return number & 0xFFFFFF;
}

// The lowest that is free.
int take_address(PoolEntry& pool) {
    int address = std::max(pool.addresses_from, kFirstAddress);
    while (pool.addresses.contains(address))
        ++address;
    pool.addresses.insert(address);
    pool.addresses_from = address + 1;
    return address;
}

void give_back_address(PoolEntry& pool, int address) {
    pool.addresses.erase(address);
    pool.addresses_from = std::min(pool.addresses_from, address);
}

NodeEntry& add_entry(Turn& turn, PoolEntry& pool, domain::Node row, int address) {
    NodeKey const key{++turn.world.last_node_key};
    NodeEntry& node = turn.world.nodes[key];
    node.key = key;
    node.pool = pool.key;
    node.address = address;
    node.row = std::move(row);
    pool.nodes.insert(key);
    turn.world.node_keys[node.row.id] = key;
    auto const kind = node.row.is_dedicated ? NodeKind::dedicated : NodeKind::low_priority;
    turn.world.placement.add_node(key, pool.key, kind);
    turn.world.note_unwritten(node, Unwritten::anything);
    return node;
}

std::shared_ptr<std::optional<StartTask> const> start_task_of(Turn& turn, PoolEntry& pool) {
    if (!pool.start_task) {
        auto const row = storage::find_pool(turn.store(), pool.id);
        bool const has_one = row && row->has_start_task;
        pool.start_task = std::make_shared<std::optional<StartTask> const>(
            has_one ? turn.readers.read_start_task(row->document) : std::nullopt
        );
    }
    return pool.start_task;
}

// The machine is there and its agent starts.
void boot(Turn& turn, NodeEntry& node) {
    move_node(turn, node, NodeState::starting);
    node.row.last_boot_time = turn.now;
    node.row.error.reset();
    turn.world.unsettled_pools.insert(node.pool);
}

// The agent is up.
void join_pool(Turn& turn, NodeEntry& node) {
    node.start_task = start_task_of(turn, turn.world.pools.at(node.pool));
    turn.world.unsettled_pools.insert(node.pool);
    if (!begin_node_setup(turn, node)) begin_start_task(turn, node);
}

// How much of the node start delay passes before the node boots; the rest passes until it joins the pool.
base::Ticks creation_time(Turn const& turn) {
    return turn.options.node_start_delay / 3;
}

void go_on_after(Turn& turn, NodeEntry const& node, base::Ticks delay) {
    auto const key = static_cast<std::uint64_t>(node.key);
    turn.world.timers.add({turn.now + delay, Timer::Kind::node_started, key});
}

void boot_after_delay(Turn& turn, NodeEntry& node) {
    boot(turn, node);
    base::Ticks const delay = turn.options.node_start_delay - creation_time(turn);
    if (delay > base::Ticks{0}) {
        go_on_after(turn, node, delay);
    } else {
        join_pool(turn, node);
    }
}

// Batch: NODE-4, NODE-5
void create_after_delay(Turn& turn, NodeEntry& node) {
    if (turn.options.node_start_delay > base::Ticks{0}) {
        go_on_after(turn, node, creation_time(turn));
    } else {
        boot_after_delay(turn, node);
    }
}

// Jobs that end may wait for the node to come back. Batch: REL-6
void tell_ending_jobs(Turn& turn, NodeEntry const& node) {
    for (JobKey const key : turn.world.pools.at(node.pool).jobs) {
        JobEntry const& job = turn.world.jobs.at(key);
        if (job.has_preparation && domain::is_ending(job.state)) turn.world.unsettled_jobs.insert(key);
    }
}

void erase_node(Turn& turn, NodeEntry& node) {
    World& world = turn.world;
    PoolEntry& pool = world.pools.at(node.pool);
    storage::note_lost_files(turn.transaction, node.row.pool_id, node.row.id);
    tell_ending_jobs(turn, node);
    if (node.written) {
        storage::delete_node(turn.transaction, node.row.pool_id, node.row.id);
        storage::note_node_usage(turn.transaction, node.row, storage::NodeUsageEvent::ends, turn.now);
    }
    turn.outbox.others.push_back([pool_id = node.row.pool_id, node_id = node.row.id](domain::Nodes& nodes) {
        nodes.remove_node_files(pool_id, node_id);
    });
    pool.nodes.erase(node.key);
    give_back_address(pool, node.address);
    world.unsettled_pools.insert(node.pool);
    world.placement.remove_node(node.key);
    world.node_keys.erase(node.row.id);
    world.nodes.erase(node.key);
}

void write_node(storage::Transaction& transaction, NodeEntry& node) {
    auto const part = std::exchange(node.unwritten, Unwritten::nothing);
    if (!node.written) {
        storage::insert_node(transaction, node.row);
        storage::note_node_usage(
            transaction, node.row, storage::NodeUsageEvent::begins, node.row.allocation_time
        );
        node.written = true;
    } else if (part == Unwritten::anything) {
        storage::update_node(transaction, node.row);
    } else {
        storage::update_node_work(transaction, node.row);
    }
}

}  // namespace

void move_node(Turn& turn, NodeEntry& node, NodeState state) {
    // Batch: NODE-3
    bool const is_disabled = node.row.scheduling_state == domain::SchedulingState::disabled;
    if (is_disabled && state == NodeState::idle) state = NodeState::offline;
    node.row.state = state;
    tell_ending_jobs(turn, node);
    node.row.state_transition_time = turn.now;
    turn.world.note_unwritten(node, Unwritten::anything);
    refresh_admission(turn, node);
}

void refresh_admission(Turn& turn, NodeEntry& node) {
    bool const takes_tasks = domain::takes_new_tasks(node.row) && !node.draining && !node.restarting;
    turn.world.placement.set_node(node.key, takes_tasks ? Admission::open : Admission::closed);
}

void begin_start_task(Turn& turn, NodeEntry& node) {
    if (!node.start_task->has_value()) {
        node.row.start_task_info.reset();
        move_node(turn, node, state_after_boot(std::nullopt));
        return;
    }
    node.row.start_task_info = begin_node_task(turn.now);
    move_node(turn, node, state_after_boot((*node.start_task)->wait_for_success));
    add_node_run(turn, node, domain::RunKind::start_task);
}

void boot_later(Turn& turn, NodeEntry& node) {
    create_after_delay(turn, node);
}

NodeEntry& create_node(Turn& turn, PoolEntry& pool, bool is_dedicated) {
    domain::Node row;
    row.pool_id = pool.id;
    row.id = "tvmps_" + turn.random.hex(64) + (is_dedicated ? "_d" : "_p");  // Batch: NODE-6
    row.is_dedicated = is_dedicated;
    row.state = NodeState::creating;
    row.state_transition_time = turn.now;
    row.allocation_time = turn.now;
    int const address = take_address(pool);
    row.ip_address = to_ip_address(address);
    NodeEntry& node = add_entry(turn, pool, std::move(row), address);
    node.written = false;
    create_after_delay(turn, node);
    return node;
}

void restore_node(Turn& turn, PoolEntry& pool, domain::Node row) {
    row.running_tasks_count = 0;
    row.running_task_slots_count = 0;
    for (domain::RecentTask& recent : row.recent_tasks) {
        bool const was_under_way =
            recent.state == domain::TaskState::preparing || recent.state == domain::TaskState::running;
        if (was_under_way) recent.state = domain::TaskState::active;
    }
    int const address = parse_ip_address(row.ip_address);
    pool.addresses.insert(address);
    NodeEntry& node = add_entry(turn, pool, std::move(row), address);
    switch (node.row.state) {
        case NodeState::leaving_pool:
            return erase_node(turn, node);
        case NodeState::creating:
            create_after_delay(turn, node);
            break;
        case NodeState::preempted:
            come_back_later(turn, node);
            break;
        case NodeState::deallocating:
            move_node(turn, node, NodeState::deallocated);
            break;
        case NodeState::deallocated:
            break;
        case NodeState::starting:
            boot_after_delay(turn, node);
            break;
        default:
            boot(turn, node);
            join_pool(turn, node);
    }
    take_up_request(turn, node);
}

void go_on_starting(Turn& turn, NodeEntry& node) {
    switch (node.row.state) {
        case NodeState::preempted:
            return come_back(turn, node);
        case NodeState::creating:
        case NodeState::rebooting:
        case NodeState::reimaging:
            return boot_after_delay(turn, node);
        case NodeState::starting:
            return join_pool(turn, node);
        default:
            return;
    }
}

void send_start_task(Turn& turn, Run& run) {
    NodeEntry const& node = turn.world.nodes.at(run.node);
    send_out(turn, run, (*node.start_task)->specification);
}

void take_start_task_report(Turn& turn, Run& run, domain::RunReport const& report) {
    NodeEntry& node = turn.world.nodes.at(run.node);
    turn.world.note_unwritten(node, Unwritten::anything);
    StartTask const& start_task = **node.start_task;
    int const retries = start_task.specification.constraints.max_task_retry_count;
    if (!node.row.start_task_info) node.row.start_task_info = begin_node_task(report.start_time);
    NodeTaskVerdict const verdict = finish_node_task(*node.row.start_task_info, report, retries);
    bool const waiting = node.row.state == NodeState::waiting_for_start_task;
    bool const is_wanted = node.row.state != NodeState::leaving_pool && !run.stop;
    if (verdict == NodeTaskVerdict::run_again && is_wanted) {
        retry_node_task(*node.row.start_task_info, turn.now);
        add_node_run(turn, node, domain::RunKind::start_task);
    } else if (waiting) {
        bool const succeeded = verdict == NodeTaskVerdict::succeeded;
        move_node(turn, node, succeeded ? NodeState::idle : NodeState::start_task_failed);  // Batch: START-3
    }
    close_run(turn, run.id);
}

void set_draining(Turn& turn, NodeEntry& node, bool draining) {
    node.draining = draining;
    refresh_admission(turn, node);
}

void leave(Turn& turn, NodeEntry& node, domain::NodeDeallocationOption option) {
    if (node.row.state == NodeState::leaving_pool) return;
    NodeKey const key = node.key;
    move_node(turn, node, NodeState::leaving_pool);
    if (node.runs.empty()) {
        erase_node(turn, node);
        return;
    }
    bool const terminates = option == domain::NodeDeallocationOption::terminate;
    auto const reason = terminates ? domain::StopReason::terminated : domain::StopReason::requeued;
    // The last of them may take the node with it, so neither it nor its set is touched after the loop.
    for (domain::RunId const run : in_stopping_order(turn.world, node.runs)) {
        if (turn.world.nodes.contains(key)) stop_run(turn, run, reason, RequeueKind::counted);
    }
}

void node_run_closed(Turn& turn, NodeEntry& node) {
    if (!node.runs.empty()) return;
    if (node.row.state == NodeState::leaving_pool) {
        erase_node(turn, node);
        return;
    }
    if (node.draining) turn.world.unsettled_pools.insert(node.pool);
    settle_node(turn, node);
}

void write_nodes(World& world, storage::Transaction& transaction) {
    std::vector<NodeEntry*> nodes;
    for (NodeKey const key : std::exchange(world.unwritten_nodes, {})) {
        auto const found = world.nodes.find(key);
        if (found != world.nodes.end()) nodes.push_back(&found->second);
    }
    // In the order of their rows, so that those in the same page of the store come one after another.
    std::ranges::sort(nodes, {}, [](NodeEntry const* node) { return std::tie(node->pool, node->row.id); });
    for (NodeEntry* const node : nodes)
        write_node(transaction, *node);
}

}  // namespace bluebatch::emulator::scheduler
