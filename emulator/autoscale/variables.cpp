#include "emulator/autoscale/variables.hpp"

#include "emulator/autoscale/choices.hpp"
#include "shared/base/text.hpp"

namespace bluebatch::emulator::autoscale {

namespace {

struct VariableRow {
    Variable variable;
    std::string_view name;
    std::string_view alias;
    bool is_number;
};

constexpr std::array<VariableRow, kVariableCount> kVariables{{
    {Variable::cpu_percent, "$CPUPercent", "", false},
    {Variable::wall_clock_seconds, "$WallClockSeconds", "", false},
    {Variable::memory_bytes, "$MemoryBytes", "", false},
    {Variable::disk_bytes, "$DiskBytes", "", false},
    {Variable::disk_read_bytes, "$DiskReadBytes", "", false},
    {Variable::disk_write_bytes, "$DiskWriteBytes", "", false},
    {Variable::disk_read_ops, "$DiskReadOps", "", false},
    {Variable::disk_write_ops, "$DiskWriteOps", "", false},
    {Variable::network_in_bytes, "$NetworkInBytes", "", false},
    {Variable::network_out_bytes, "$NetworkOutBytes", "", false},
    {Variable::sample_node_count, "$SampleNodeCount", "", true},
    {Variable::active_tasks, "$ActiveTasks", "", false},
    {Variable::running_tasks, "$RunningTasks", "", false},
    {Variable::pending_tasks, "$PendingTasks", "", false},
    {Variable::succeeded_tasks, "$SucceededTasks", "", false},
    {Variable::failed_tasks, "$FailedTasks", "", false},
    {Variable::task_slots_per_node, "$TaskSlotsPerNode", "", true},
    {Variable::current_dedicated_nodes, "$CurrentDedicatedNodes", "$CurrentDedicated", true},
    {Variable::current_low_priority_nodes, "$CurrentLowPriorityNodes", "", true},
    {Variable::preempted_node_count, "$PreemptedNodeCount", "", true},
    {Variable::usable_node_count, "$UsableNodeCount", "", true},
}};

constexpr bool rows_are_in_order() {
    for (std::size_t i = 0; i < kVariables.size(); ++i)
        if (static_cast<std::size_t>(kVariables[i].variable) != i) return false;
    return true;
}
static_assert(rows_are_in_order());

constexpr std::array<std::string_view, 4> kDeallocations{
    "requeue", "terminate", "taskcompletion", "retaineddata"};

bool is_named(std::string_view name, std::string_view expected) {
    if (kServiceVariablesIgnoreCase) return base::equal_ignoring_case(name, expected);
    return name == expected;
}

VariableRow const& row_of(Variable variable) {
    return kVariables[static_cast<std::size_t>(variable)];
}

}  // namespace

std::string_view to_text(Variable variable) {
    return row_of(variable).name;
}

bool is_number(Variable variable) {
    return row_of(variable).is_number;
}

std::optional<Variable> find_variable(std::string_view name) {
    for (auto const& row : kVariables)
        if (is_named(name, row.name) || (!row.alias.empty() && is_named(name, row.alias)))
            return row.variable;
    return std::nullopt;
}

std::string_view to_text(Target target) {
    return target == Target::dedicated ? "$TargetDedicatedNodes" : "$TargetLowPriorityNodes";
}

std::optional<TargetName> find_target(std::string_view name) {
    for (auto const target : {Target::dedicated, Target::low_priority})
        if (is_named(name, to_text(target))) return TargetName{target, false};
    if (is_named(name, "$TargetDedicated")) return TargetName{Target::dedicated, true};
    if (is_named(name, "$TargetLowPriority")) return TargetName{Target::low_priority, true};
    return std::nullopt;
}

std::string_view to_text(Deallocation option) {
    return kDeallocations[static_cast<std::size_t>(option)];
}

std::optional<Deallocation> find_deallocation(std::string_view word) {
    for (std::size_t i = 0; i < kDeallocations.size(); ++i)
        if (word == kDeallocations[i]) return static_cast<Deallocation>(i);
    return std::nullopt;
}

bool is_deallocation_variable(std::string_view name) {
    return is_named(name, kDeallocationVariable);
}

}  // namespace bluebatch::emulator::autoscale
