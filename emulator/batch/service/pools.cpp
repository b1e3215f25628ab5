#include "emulator/batch/service/pools.hpp"

#include "emulator/batch/rules/rules.hpp"
#include "emulator/batch/service/auto_scale.hpp"
#include "emulator/batch/service/references.hpp"
#include "emulator/storage/batch/quota_store.hpp"
#include "shared/base/text.hpp"

#include <array>

namespace bluebatch::emulator::batch::service {
namespace {

using domain::AllocationState;
using domain::PoolState;
using wire::Json;

void set_allocation_state(domain::Pool& pool, AllocationState state, base::TimePoint now) {
    pool.allocation_state = state;
    pool.allocation_state_transition_time = now;
}

template <class Set>
void take_number(Json& body, std::string_view name, Set set) {
    auto const* const member = wire::find(body, name);
    if (member == nullptr) return;
    set(member->get<int>());
    body.erase(std::string(name));
}

void take_targets(domain::Pool& pool, Json& body) {
    take_number(body, "targetDedicatedNodes", [&](int count) { pool.target_dedicated_nodes = count; });
    take_number(body, "targetLowPriorityNodes", [&](int count) { pool.target_low_priority_nodes = count; });
    auto const timeout = base::parse_iso8601_duration(wire::text_of(body, "resizeTimeout"));
    if (timeout) pool.resize_timeout = *timeout;
    body.erase("resizeTimeout");
}

// Loads, checks, changes, stores and announces a pool.
template <class Change>
Result<domain::Pool> change_pool(
    Context const& context, std::string_view id, Conditions const& conditions, Change change
) {
    storage::Transaction transaction(context.database);
    auto pool = storage::find_pool(transaction.connection(), id);
    if (!pool) return BatchError{BatchErrorCode::pool_not_found, {}};
    if (auto const fault = check(conditions, pool->last_modified, Access::write)) return *fault;
    // Batch: POOL-27
    if (pool->state == PoolState::deleting) return BatchError{BatchErrorCode::pool_being_deleted, {}};
    std::optional<BatchError> const fault = change(*pool, transaction.connection());
    if (fault) return *fault;
    storage::update_pool(transaction, *pool);
    announce(transaction, context, {domain::Change::Kind::pool, pool->id, {}});
    transaction.commit();
    return std::move(*pool);
}

// Members that say what nodes are made of change only while there are none.
constexpr auto kStructural = std::to_array<char const*>({
    "vmSize",
    "taskSlotsPerNode",
    "taskSchedulingPolicy",
    "enableInterNodeCommunication",
    "virtualMachineConfiguration",
    "networkConfiguration",
    "userAccounts",
    "upgradePolicy",
});

// Those that updateproperties replaces, or removes where they are absent. Batch: POOL-25
constexpr auto kReplaced = std::to_array<char const*>({
    "startTask",
    "metadata",
    "targetNodeCommunicationMode",
    "certificateReferences",
    "applicationPackageReferences",
});

bool is_structural(Json const& body) {
    return std::ranges::any_of(kStructural, [&](char const* name) { return body.contains(name); });
}

void take_auto_scale(domain::Pool& pool, Json const& body, base::TimePoint now) {
    auto const* const formula = wire::find(body, "autoScaleFormula");
    if (formula == nullptr) return;
    pool.auto_scale.emplace();
    pool.auto_scale->formula = formula->get<std::string>();
    auto const interval = base::parse_iso8601_duration(wire::text_of(body, "autoScaleEvaluationInterval"));
    if (interval) pool.auto_scale->interval = *interval;
    pool.auto_scale->enabled = pool.auto_scale->due = now;
}

}  // namespace

void take_members(domain::Pool& pool, Json& body) {
    body.erase("id");
    if (auto const* const size = wire::find(body, "vmSize")) {
        pool.vm_size = base::to_lower(size->get_ref<std::string const&>());  // Batch: REST-43
        body.erase("vmSize");
    }
    take_targets(pool, body);
    take_number(body, "taskSlotsPerNode", [&](int count) { pool.task_slots_per_node = count; });
    if (auto const* const policy = wire::find(body, "taskSchedulingPolicy")) {
        auto const type = domain::parse_word<domain::NodeFillType>(wire::text_of(*policy, "nodeFillType"));
        pool.node_fill_type = type.value_or(domain::NodeFillType::spread);
    }
    pool.has_start_task = body.contains("startTask");
    auto const* const communication = wire::find(body, "enableInterNodeCommunication");
    pool.inter_node_communication = communication != nullptr && communication->get<bool>();
    for (auto const* name : {"enableAutoScale", "autoScaleFormula", "autoScaleEvaluationInterval"})
        body.erase(name);
    pool.document = wire::dump(body);
}

domain::Pool make_pool(std::string id, Json body, base::TimePoint now) {
    domain::Pool pool;
    pool.id = std::move(id);
    pool.creation_time = pool.last_modified = now;
    pool.state_transition_time = pool.allocation_state_transition_time = pool.resize_started = now;
    take_auto_scale(pool, body, now);
    take_members(pool, body);
    if (pool.target_dedicated_nodes + pool.target_low_priority_nodes > 0) domain::begin_resize(pool, now);
    return pool;
}

Result<domain::Pool> add_pool(Context const& context, Json body) {
    std::string id(wire::text_of(body, "id"));
    if (auto const* const formula = wire::find(body, "autoScaleFormula")) {
        if (auto const fault = fault_of_formula(formula->get_ref<std::string const&>())) return *fault;
    }
    if (auto const fault = check_containers(context, body)) return *fault;
    storage::Transaction transaction(context.database);
    if (auto const other = storage::find_pool(transaction.connection(), id)) {
        // Batch: POOL-30
        bool const is_going = other->state == PoolState::deleting;
        return BatchError{is_going ? BatchErrorCode::pool_being_deleted : BatchErrorCode::pool_exists, {}};
    }
    if (context.quotas.pools && storage::count_pools(transaction.connection()) >= *context.quotas.pools)
        return BatchError{BatchErrorCode::pool_quota_reached, {}};
    if (auto const fault = check_references(transaction.connection(), body)) return *fault;
    auto const pool = make_pool(std::move(id), std::move(body), context.now);
    storage::insert_pool(transaction, pool);
    announce(transaction, context, {domain::Change::Kind::pool, pool.id, {}});
    transaction.commit();
    return pool;
}

Result<PoolWithNodes> get_pool(Context const& context, std::string_view id, Conditions const& conditions) {
    storage::Snapshot snapshot(context.database);
    auto pool = storage::find_pool(snapshot.connection(), id);
    if (!pool) return BatchError{BatchErrorCode::pool_not_found, {}};
    if (auto const fault = check(conditions, pool->last_modified, Access::read)) return *fault;
    auto const nodes = storage::count_nodes(snapshot.connection(), id);
    return PoolWithNodes{std::move(*pool), nodes};
}

std::vector<PoolWithNodes> list_pools(Context const& context, storage::ListQuery const& query) {
    storage::Snapshot snapshot(context.database);
    std::vector<PoolWithNodes> pools;
    for (auto& pool : storage::list_pools(snapshot.connection(), query)) {
        auto const nodes = storage::count_nodes(snapshot.connection(), pool.id);
        pools.push_back({std::move(pool), nodes});
    }
    return pools;
}

// Batch: POOL-28
Result<domain::Pool> delete_pool(Context const& context, std::string_view id, Conditions const& conditions) {
    return change_pool(
        context,
        id,
        conditions,
        [&](domain::Pool& pool, storage::Connection&) -> std::optional<BatchError> {
            domain::begin_deletion(pool, context.now);
            touch(pool, context.now);
            return std::nullopt;
        }
    );
}

Result<domain::Pool> resize_pool(
    Context const& context, std::string_view id, Conditions const& conditions, Json const& body
) {
    return change_pool(
        context,
        id,
        conditions,
        [&](domain::Pool& pool, storage::Connection&) -> std::optional<BatchError> {
            // Batch: POOL-10
            if (pool.auto_scale) return BatchError{BatchErrorCode::operation_not_valid_on_pool, {}};
            if (pool.allocation_state != AllocationState::steady)
                return BatchError{BatchErrorCode::pool_being_resized, {}};
            auto request = body;
            pool.resize_timeout = domain::Pool{}.resize_timeout;
            take_targets(pool, request);
            auto const option = wire::text_of(request, "nodeDeallocationOption");
            pool.node_deallocation_option =
                domain::parse_word<domain::NodeDeallocationOption>(option).value_or(
                    domain::NodeDeallocationOption::requeue
                );
            domain::begin_resize(pool, context.now);
            touch(pool, context.now);
            return std::nullopt;
        }
    );
}

// The entity tag stays what it was, as recorded.
Result<domain::Pool> stop_resize(Context const& context, std::string_view id, Conditions const& conditions) {
    return change_pool(
        context,
        id,
        conditions,
        [&](domain::Pool& pool, storage::Connection&) -> std::optional<BatchError> {
            if (pool.allocation_state != AllocationState::resizing)
                return invalid_state("The pool is not being resized");
            set_allocation_state(pool, AllocationState::stopping, context.now);
            return std::nullopt;
        }
    );
}

Result<domain::Pool> patch_pool(
    Context const& context, std::string_view id, Conditions const& conditions, Json body
) {
    if (auto const fault = check_containers(context, body)) return *fault;
    auto const patch = [&](domain::Pool& pool, storage::Connection& connection) -> std::optional<BatchError> {
        auto const nodes = storage::count_nodes(connection, pool.id);
        bool const is_empty =
            nodes.dedicated + nodes.low_priority == 0 && pool.allocation_state == AllocationState::steady;
        if (is_structural(body) && !is_empty)
            return invalid_state("Only a pool without compute nodes can be changed in this way");
        if (auto fault = check_references(connection, body)) return fault;
        auto document = Json::parse(pool.document);
        for (auto const& [name, value] : body.items()) {
            if (value.is_array() && value.empty()) {
                document.erase(name);
            } else {
                document[name] = value;
            }
        }
        take_members(pool, document);
        if (body.contains("vmSize") || body.contains("taskSlotsPerNode")) {
            if (auto fault = rules::check_slots(pool.task_slots_per_node, pool.vm_size)) return fault;
        }
        touch(pool, context.now);
        return std::nullopt;
    };
    return change_pool(context, id, conditions, patch);
}

Result<domain::Pool> replace_pool_properties(Context const& context, std::string_view id, Json body) {
    auto const replace = [&](domain::Pool& pool,
                             storage::Connection& connection) -> std::optional<BatchError> {
        if (auto fault = check_references(connection, body)) return fault;
        auto document = Json::parse(pool.document);
        for (auto const* name : kReplaced) {
            document.erase(name);
            if (body.contains(name)) document[name] = body[name];
        }
        take_members(pool, document);
        touch(pool, context.now);
        return std::nullopt;
    };
    return change_pool(context, id, {}, replace);
}

}  // namespace bluebatch::emulator::batch::service
