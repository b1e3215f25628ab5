#include "emulator/scheduler/autoscaling.hpp"

#include "emulator/autoscale/choices.hpp"
#include "emulator/autoscale/evaluation.hpp"
#include "emulator/scheduler/resource_samples.hpp"
#include "emulator/storage/batch/batch_store.hpp"
#include "emulator/storage/batch/dependency_store.hpp"
#include "emulator/storage/batch/subtask_store.hpp"

#include <algorithm>
#include <utility>

namespace bluebatch::emulator::scheduler {

namespace {

using autoscale::Variable;

void count_nodes(World const& world, PoolEntry const& pool, autoscale::PoolSample& sample) {
    int dedicated = 0;
    int low_priority = 0;
    int preempted = 0;
    int usable = 0;
    for (NodeKey const key : pool.nodes) {
        domain::Node const& node = world.nodes.at(key).row;
        ++(node.is_dedicated ? dedicated : low_priority);
        if (node.state == domain::NodeState::preempted) ++preempted;
        if (node.state == domain::NodeState::idle || node.state == domain::NodeState::running) ++usable;
    }
    sample[Variable::current_dedicated_nodes] = dedicated;
    sample[Variable::current_low_priority_nodes] = low_priority;
    sample[Variable::preempted_node_count] = preempted;
    sample[Variable::usable_node_count] = usable;
    sample[Variable::sample_node_count] = usable;
}

// Of all jobs of the pool; tasks that wait for others do not count. Batch: AS-37, AS-39
void count_tasks(Turn& turn, PoolEntry const& pool, autoscale::PoolSample& sample) {
    domain::TaskCounts::Sums sums;
    std::int64_t blocked = 0;
    for (JobKey const key : pool.jobs) {
        std::string const& job_id = turn.world.jobs.at(key).id;
        auto const counts = storage::count_tasks(turn.store(), job_id).tasks;
        sums.active +=
            counts.active + storage::count_further_instances(turn.store(), job_id);  // Batch: MI-10
        sums.running += counts.running;
        sums.succeeded += counts.succeeded;
        sums.failed += counts.failed;
        if (turn.world.jobs.at(key).acts_on_ends)
            blocked += storage::count_blocked_tasks(turn.store(), job_id);
    }
    auto const number = [](std::int64_t count) { return static_cast<double>(count); };
    sample[Variable::active_tasks] = number(sums.active - blocked);
    sample[Variable::running_tasks] = number(sums.running);
    sample[Variable::pending_tasks] = number(sums.active - blocked + sums.running);
    sample[Variable::succeeded_tasks] = number(sums.succeeded);
    sample[Variable::failed_tasks] = number(sums.failed);
}

autoscale::PoolSample measure(Turn& turn, PoolEntry const& pool, int slots_per_node) {
    autoscale::PoolSample sample;
    count_nodes(turn.world, pool, sample);
    count_tasks(turn, pool, sample);
    sample[Variable::task_slots_per_node] = slots_per_node;
    return sample;
}

PoolMachines machines_of(Turn const& turn, PoolEntry const& pool, autoscale::PoolSample const& sample) {
    return {
        static_cast<int>(sample[Variable::usable_node_count].value_or(0)),
        std::min(pool.cores, turn.options.machine_cores)};
}

void wait_for_sample(Turn& turn, PoolEntry& pool, base::TimePoint at) {
    pool.sample_at = at;
    turn.world.timers.add({at, Timer::Kind::pool_sample, static_cast<std::uint64_t>(pool.key)});
}

std::optional<domain::AutoScaleError> error_of(autoscale::Outcome const& outcome) {
    if (!outcome.error) return std::nullopt;
    domain::AutoScaleError error{outcome.error->code, outcome.error->message, {}};
    for (auto const& [name, value] : outcome.error->values)
        error.values.push_back({name, value});
    return error;
}

void evaluate(Turn& turn, PoolEntry const& pool, domain::Pool& row) {
    domain::AutoScale& auto_scale = *row.auto_scale;
    autoscale::Decision const initial{
        row.target_dedicated_nodes,
        row.target_low_priority_nodes,
        autoscale::Deallocation::requeue,
    };
    auto const formula = autoscale::parse(auto_scale.formula);
    auto const current = measure(turn, pool, row.task_slots_per_node);
    autoscale::Outcome outcome;
    turn.options.samples->look(pool.id, [&](autoscale::Samples const& samples) {
        outcome = formula ? autoscale::evaluate(*formula, {turn.now, initial, current, samples, turn.random})
                          : autoscale::refuse(formula.error(), initial);
    });
    auto_scale.run = domain::AutoScaleRun{turn.now, outcome.results, error_of(outcome)};
    // An interval that the clock has jumped over is not made up for.
    while (auto_scale.due <= turn.now)
        auto_scale.due += auto_scale.interval;
    if (outcome.error) return;  // Batch: AS-11b
    row.target_dedicated_nodes = outcome.decision.dedicated;
    row.target_low_priority_nodes = outcome.decision.low_priority;
    row.node_deallocation_option = static_cast<domain::NodeDeallocationOption>(outcome.decision.deallocation);
    begin_resize(row, turn.now);  // Batch: AS-4, even to the size that it has
}

}  // namespace

void follow_auto_scale(Turn& turn, PoolEntry& pool, domain::Pool& row) {
    bool const is_on = row.auto_scale && row.state == domain::PoolState::active;
    if (!is_on) {
        if (std::exchange(pool.sample_at, std::nullopt)) turn.options.samples->forget(pool.id);
        return;
    }
    // A clock that went back would let both wait for as long.
    auto& due = row.auto_scale->due;
    if (due > turn.now + row.auto_scale->interval) due = turn.now;
    bool const is_late = pool.sample_at && *pool.sample_at > turn.now + autoscale::kSamplePeriod;
    if (!pool.sample_at || is_late) {
        // Whatever was before it was switched on is not known to its formula. Batch: AS-48
        turn.options.samples->forget(pool.id);
        turn.take_use(pool.id);
        wait_for_sample(turn, pool, turn.now + autoscale::kSamplePeriod);
    }
    if (row.auto_scale->due > turn.now) return;
    evaluate(turn, pool, row);
    storage::update_pool(turn.transaction, row);
}

void take_sample(Turn& turn, PoolEntry& pool, base::TimePoint at) {
    if (pool.sample_at != at) return;
    auto const row = storage::find_pool(turn.store(), pool.id);
    if (!row) return;
    auto sample = measure(turn, pool, row->task_slots_per_node);
    // What the clock has jumped over looks like the present; more than the history holds need not be told.
    auto const oldest = turn.now - autoscale::kHistoryWindow;
    if (at < oldest) at = oldest;
    auto const samples = static_cast<std::size_t>(
        std::max<base::Ticks::rep>(0, (turn.now - at) / autoscale::kSamplePeriod) + 1
    );
    if (auto const use = turn.take_use(pool.id))
        add_resources(sample, *use, machines_of(turn, pool, sample), samples);
    for (; at <= turn.now; at += autoscale::kSamplePeriod)
        turn.options.samples->record(pool.id, at, sample);
    wait_for_sample(turn, pool, at);
}

}  // namespace bluebatch::emulator::scheduler
