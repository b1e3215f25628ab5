#include "emulator/batch/service/node_actions.hpp"

#include <algorithm>
#include <set>

namespace bluebatch::emulator::batch::service {
namespace {

using domain::NodeRequest;
using domain::NodeState;

Result<domain::Node> load_node(
    storage::Connection& connection, std::string_view pool_id, std::string_view node_id
) {
    if (auto node = storage::find_node(connection, pool_id, node_id)) return std::move(*node);
    if (!storage::find_pool(connection, pool_id)) return BatchError{BatchErrorCode::pool_not_found, {}};
    return BatchError{BatchErrorCode::node_not_found, {}};
}

// Why nothing can be requested of a node. Batch: NODE-14
BatchError conflict_of(domain::Node const& node) {
    if (node.request == NodeRequest::reboot) return {BatchErrorCode::node_being_rebooted, {}};
    if (node.request == NodeRequest::reimage) return {BatchErrorCode::node_being_reimaged, {}};
    switch (node.state) {
        case NodeState::creating:
            return {BatchErrorCode::node_being_created, {}};
        case NodeState::starting:
        case NodeState::waiting_for_start_task:
            return {BatchErrorCode::node_being_started, {}};
        case NodeState::rebooting:
            return {BatchErrorCode::node_being_rebooted, {}};
        case NodeState::reimaging:
            return {BatchErrorCode::node_being_reimaged, {}};
        case NodeState::unusable:
            return {BatchErrorCode::node_state_unusable, {}};
        default:
            return invalid_state(
                "The compute node is in the state " + std::string(domain::to_word(node.state))
            );
    }
}

bool allows(domain::Node const& node, NodeRequest request) {
    bool const is_busy = node.request != NodeRequest::none && node.request != NodeRequest::stop_tasks;
    if (is_busy) return false;
    switch (request) {
        case NodeRequest::start:
            return node.state == NodeState::deallocated;
        case NodeRequest::reboot:
        case NodeRequest::reimage:
            // The way out of a failed start task, and of packages that could not be installed. Batch:
            // START-6, APP-2
            return node.state == NodeState::idle || node.state == NodeState::running ||
                   node.state == NodeState::start_task_failed || node.state == NodeState::unusable;
        default:
            return node.state == NodeState::idle || node.state == NodeState::running;
    }
}

void announce_node(storage::Transaction& transaction, Context const& context, domain::Node const& node) {
    announce(transaction, context, {domain::Change::Kind::node, node.pool_id, node.id, std::nullopt});
}

bool can_be_preempted(domain::Node const& node) {
    bool const is_there = node.state == NodeState::idle || node.state == NodeState::running ||
                          node.state == NodeState::offline || node.state == NodeState::start_task_failed;
    return is_there && !node.is_dedicated && node.request != NodeRequest::preempt;
}

// All nodes of a pool, a page at a time.
template <class Each>
void for_each_node(storage::Connection& connection, std::string_view pool_id, Each each) {
    storage::ListQuery query;
    for (;;) {
        auto const nodes = storage::list_nodes(connection, pool_id, query);
        for (auto const& node : nodes)
            each(node);
        if (nodes.size() < static_cast<std::size_t>(query.limit)) return;
        query.after = nodes.back().id;
    }
}

}  // namespace

Result<domain::Node> request_of_node(
    Context const& context,
    std::string_view pool_id,
    std::string_view node_id,
    NodeRequest request,
    domain::NodeDeallocationOption option
) {
    storage::Transaction transaction(context.database);
    auto node = load_node(transaction.connection(), pool_id, node_id);
    if (!node) return node;
    if (!allows(*node, request)) return conflict_of(*node);
    node->request = request;
    node->request_option = option;
    storage::update_node_request(transaction, *node);
    announce_node(transaction, context, *node);
    transaction.commit();
    return node;
}

Result<domain::Node> set_scheduling(
    Context const& context,
    std::string_view pool_id,
    std::string_view node_id,
    domain::SchedulingState state,
    domain::NodeDeallocationOption option
) {
    storage::Transaction transaction(context.database);
    auto node = load_node(transaction.connection(), pool_id, node_id);
    if (!node) return node;
    if (node->scheduling_state == state)
        return BatchError{BatchErrorCode::node_already_in_target_scheduling_state, {}};
    node->scheduling_state = state;
    bool const stops_tasks = state == domain::SchedulingState::disabled &&
                             option != domain::NodeDeallocationOption::task_completion;
    if (stops_tasks && node->request == NodeRequest::none) {
        node->request = NodeRequest::stop_tasks;
        node->request_option = option;
    }
    storage::update_node_request(transaction, *node);
    announce_node(transaction, context, *node);
    transaction.commit();
    return node;
}

Result<domain::Pool> remove_nodes(
    Context const& context,
    std::string_view pool_id,
    Conditions const& conditions,
    std::vector<std::string> const& node_ids,
    domain::NodeDeallocationOption option,
    base::Ticks resize_timeout
) {
    storage::Transaction transaction(context.database);
    auto pool = storage::find_pool(transaction.connection(), pool_id);
    if (!pool) return BatchError{BatchErrorCode::pool_not_found, {}};
    if (auto const fault = check(conditions, pool->last_modified, Access::write)) return *fault;
    if (pool->state == domain::PoolState::deleting) return BatchError{BatchErrorCode::pool_being_deleted, {}};
    // Batch: POOL-13
    if (pool->auto_scale) return BatchError{BatchErrorCode::operation_not_valid_on_pool, {}};
    if (pool->allocation_state != domain::AllocationState::steady)
        return BatchError{BatchErrorCode::pool_being_resized, {}};
    auto const current = storage::count_nodes(transaction.connection(), pool->id);
    int dedicated = 0;
    int low_priority = 0;
    std::set<std::string> removed;  // as they are stored: what is named twice goes once
    for (auto const& id : node_ids) {
        auto node = load_node(transaction.connection(), pool->id, id);
        if (!node) return node.error();
        if (!removed.insert(node->id).second) continue;
        ++(node->is_dedicated ? dedicated : low_priority);
        node->request = NodeRequest::remove;
        storage::update_node_request(transaction, *node);
        announce_node(transaction, context, *node);
    }
    // The rest stays as it is, whatever was aimed at before.
    pool->target_dedicated_nodes = current.dedicated - dedicated;
    pool->target_low_priority_nodes = current.low_priority - low_priority;
    pool->node_deallocation_option = option;
    pool->resize_timeout = resize_timeout;
    domain::begin_resize(*pool, context.now);
    touch(*pool, context.now);
    storage::update_pool(transaction, *pool);
    announce(transaction, context, {domain::Change::Kind::pool, pool->id, {}});
    transaction.commit();
    return std::move(*pool);
}

Result<std::vector<std::string>> preempt_nodes(
    Context const& context, std::string_view pool_id, std::vector<std::string> const& node_ids, int count
) {
    storage::Transaction transaction(context.database);
    if (!storage::find_pool(transaction.connection(), pool_id))
        return BatchError{BatchErrorCode::pool_not_found, {}};
    std::vector<domain::Node> chosen;
    for (auto const& id : node_ids) {
        auto node = load_node(transaction.connection(), pool_id, id);
        if (!node) return node.error();
        if (!can_be_preempted(*node)) return conflict_of(*node);
        chosen.push_back(std::move(*node));
    }
    for_each_node(transaction.connection(), pool_id, [&](domain::Node const& node) {
        bool const is_wanted = std::ssize(chosen) < count && can_be_preempted(node);
        if (is_wanted) chosen.push_back(node);
    });
    std::vector<std::string> ids;
    for (auto& node : chosen) {
        node.request = NodeRequest::preempt;
        storage::update_node_request(transaction, node);
        announce_node(transaction, context, node);
        ids.push_back(node.id);
    }
    transaction.commit();
    return ids;
}

}  // namespace bluebatch::emulator::batch::service
