#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace bluebatch::emulator::autoscale {

// What the service measures for a formula. Batch: AS-37
enum class Variable : std::uint8_t {
    cpu_percent,
    wall_clock_seconds,
    memory_bytes,
    disk_bytes,
    disk_read_bytes,
    disk_write_bytes,
    disk_read_ops,
    disk_write_ops,
    network_in_bytes,
    network_out_bytes,
    sample_node_count,
    active_tasks,
    running_tasks,
    pending_tasks,
    succeeded_tasks,
    failed_tasks,
    task_slots_per_node,
    current_dedicated_nodes,
    current_low_priority_nodes,
    preempted_node_count,
    usable_node_count,
};
inline constexpr std::size_t kVariableCount = 21;

// "$CPUPercent"
std::string_view to_text(Variable variable);
// By name or alias.
std::optional<Variable> find_variable(std::string_view name);
// Node counts may stand for a number; metrics of tasks and resources have sampling methods only. Batch: AS-38
bool is_number(Variable variable);

// The number of each variable at one moment, where there is one: a pool without nodes has no $CPUPercent.
class PoolSample {
public:
    std::optional<double>& operator[](Variable variable) { return numbers_[index(variable)]; }
    std::optional<double> const& operator[](Variable variable) const { return numbers_[index(variable)]; }

private:
    static std::size_t index(Variable variable) { return static_cast<std::size_t>(variable); }
    std::array<std::optional<double>, kVariableCount> numbers_{};
};

enum class Target : std::uint8_t { dedicated, low_priority };

// A name of a variable that formulas may write. Batch: AS-32
struct TargetName {
    Target target;
    bool is_alias;
};
std::optional<TargetName> find_target(std::string_view name);
std::string_view to_text(Target target);

// What happens to the tasks of nodes that a formula removes.
enum class Deallocation : std::uint8_t { requeue, terminate, taskcompletion, retaineddata };
std::string_view to_text(Deallocation option);
std::optional<Deallocation> find_deallocation(std::string_view word);

inline constexpr std::string_view kDeallocationVariable = "$NodeDeallocationOption";
bool is_deallocation_variable(std::string_view name);

}  // namespace bluebatch::emulator::autoscale
