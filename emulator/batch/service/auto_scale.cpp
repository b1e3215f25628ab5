#include "emulator/batch/service/auto_scale.hpp"

#include "emulator/autoscale/evaluation.hpp"
#include "emulator/batch/wire/reader.hpp"

namespace bluebatch::emulator::batch::service {
namespace {

using autoscale::Variable;

constexpr base::Ticks kBetweenChanges = std::chrono::seconds{30};  // Batch: AS-5

Result<domain::Pool> load_pool(storage::Connection& connection, std::string_view id) {
    auto pool = storage::find_pool(connection, id);
    if (!pool) return BatchError{BatchErrorCode::pool_not_found, {}};
    if (pool->state == domain::PoolState::deleting) return BatchError{BatchErrorCode::pool_being_deleted, {}};
    return std::move(*pool);
}

void store_change(storage::Transaction& transaction, Context const& context, domain::Pool& pool) {
    touch(pool, context.now);
    storage::update_pool(transaction, pool);
    announce(transaction, context, {domain::Change::Kind::pool, pool.id, {}});
    transaction.commit();
}

autoscale::PoolSample count_nodes(storage::Connection& connection, domain::Pool const& pool) {
    autoscale::PoolSample sample;
    auto const counts = storage::count_nodes(connection, pool.id);
    int preempted = 0;
    int usable = 0;
    for (auto const& [state, is_dedicated, count] : storage::count_nodes_by_state(connection, pool.id)) {
        if (state == domain::NodeState::preempted) preempted += count;
        if (state == domain::NodeState::idle || state == domain::NodeState::running) usable += count;
    }
    sample[Variable::current_dedicated_nodes] = counts.dedicated;
    sample[Variable::current_low_priority_nodes] = counts.low_priority;
    sample[Variable::preempted_node_count] = preempted;
    sample[Variable::usable_node_count] = usable;
    sample[Variable::sample_node_count] = usable;
    sample[Variable::task_slots_per_node] = pool.task_slots_per_node;
    return sample;
}

domain::AutoScaleRun to_run(autoscale::Outcome const& outcome, base::TimePoint now) {
    domain::AutoScaleRun run{now, outcome.results, std::nullopt};
    if (!outcome.error) return run;
    run.error = domain::AutoScaleError{outcome.error->code, outcome.error->message, {}};
    for (auto const& [name, value] : outcome.error->values)
        run.error->values.push_back({name, value});
    return run;
}

}  // namespace

std::optional<BatchError> fault_of_formula(std::string_view formula) {
    auto const parsed = autoscale::parse(formula);
    if (parsed) return std::nullopt;
    bool const is_long = parsed.error().kind == autoscale::FormulaFault::Kind::too_long;
    return BatchError{
        is_long ? BatchErrorCode::auto_scaling_formula_too_long
                : BatchErrorCode::auto_scaling_formula_syntax_error,
        {{"Message", autoscale::detail_of(parsed.error())}}};
}

Result<domain::Pool> enable_auto_scale(
    Context const& context,
    std::string_view pool_id,
    Conditions const& conditions,
    std::optional<std::string> formula,
    std::optional<base::Ticks> interval
) {
    if (formula) {
        if (auto fault = fault_of_formula(*formula)) return *fault;
    }
    storage::Transaction transaction(context.database);
    auto pool = load_pool(transaction.connection(), pool_id);
    if (!pool) return pool;
    if (auto const fault = check(conditions, pool->last_modified, Access::write)) return *fault;
    bool const was_on = pool->auto_scale.has_value();
    if (!was_on && pool->allocation_state != domain::AllocationState::steady)
        return BatchError{BatchErrorCode::pool_being_resized, {}};
    if (!was_on && !formula) return wire::missing_property("autoScaleFormula");
    if (!formula && !interval) return wire::missing_property("autoScaleFormula");
    bool const is_recent = was_on && context.now >= pool->auto_scale->enabled &&
                           context.now - pool->auto_scale->enabled < kBetweenChanges;
    if (is_recent) return BatchError{BatchErrorCode::too_many_enable_auto_scale_requests, {}};
    if (!was_on) pool->auto_scale.emplace();
    if (formula) pool->auto_scale->formula = std::move(*formula);
    if (interval) pool->auto_scale->interval = *interval;
    pool->auto_scale->enabled = pool->auto_scale->due = context.now;
    store_change(transaction, context, *pool);
    return pool;
}

Result<domain::Pool> disable_auto_scale(Context const& context, std::string_view pool_id) {
    storage::Transaction transaction(context.database);
    auto pool = load_pool(transaction.connection(), pool_id);
    if (!pool) return pool;
    pool->auto_scale.reset();
    store_change(transaction, context, *pool);
    return pool;
}

Result<domain::AutoScaleRun> evaluate_auto_scale(
    Context const& context,
    autoscale::PoolSamples const& samples,
    std::string_view pool_id,
    std::string_view formula
) {
    storage::Snapshot snapshot(context.database);
    auto const pool = load_pool(snapshot.connection(), pool_id);
    if (!pool) return pool.error();
    if (!pool->auto_scale) return BatchError{BatchErrorCode::operation_not_valid_on_pool, {}};
    autoscale::Decision const initial{
        pool->target_dedicated_nodes, pool->target_low_priority_nodes, autoscale::Deallocation::requeue};
    auto const parsed = autoscale::parse(formula);
    if (!parsed) return to_run(autoscale::refuse(parsed.error(), initial), context.now);
    auto const current = count_nodes(snapshot.connection(), *pool);
    autoscale::Outcome outcome;
    samples.look(pool->id, [&](autoscale::Samples const& known) {
        outcome = autoscale::evaluate(*parsed, {context.now, initial, current, known, context.random});
    });
    return to_run(outcome, context.now);
}

}  // namespace bluebatch::emulator::batch::service
