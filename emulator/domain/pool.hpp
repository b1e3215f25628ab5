#pragma once

#include "emulator/domain/auto_scale.hpp"
#include "emulator/domain/failure.hpp"
#include "emulator/domain/words.hpp"
#include "shared/base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bluebatch::emulator::domain {

enum class PoolState : std::uint8_t { active, deleting };
template <>
inline constexpr auto kWords<PoolState> = std::to_array<std::string_view>({"active", "deleting"});

enum class AllocationState : std::uint8_t { steady, resizing, stopping };
template <>
inline constexpr auto kWords<AllocationState> =
    std::to_array<std::string_view>({"steady", "resizing", "stopping"});

enum class NodeFillType : std::uint8_t { spread, pack };
template <>
inline constexpr auto kWords<NodeFillType> = std::to_array<std::string_view>({"Spread", "Pack"});

enum class NodeDeallocationOption : std::uint8_t { requeue, terminate, task_completion, retained_data };
template <>
inline constexpr auto kWords<NodeDeallocationOption> =
    std::to_array<std::string_view>({"requeue", "terminate", "taskcompletion", "retaineddata"});

struct ResizeError {
    std::string code;
    std::string message;
    std::vector<NameValue> values;
};

// A pool as the scheduler and the store see it. `document` holds the members that users gave, as JSON of the
// newest api-version; only emulator/batch/wire reads it.
struct Pool {
    std::string id;
    PoolState state = PoolState::active;
    base::TimePoint state_transition_time;
    AllocationState allocation_state = AllocationState::steady;
    base::TimePoint allocation_state_transition_time;
    base::TimePoint creation_time;
    base::TimePoint
        last_modified;  // moves with user changes only; the entity tag follows from it. Batch: REST-21
    std::string vm_size;
    int target_dedicated_nodes = 0;
    int target_low_priority_nodes = 0;
    base::Ticks resize_timeout = std::chrono::minutes{15};
    base::TimePoint resize_started;  // when the running or latest resize began; its time-out counts from here
    NodeDeallocationOption node_deallocation_option = NodeDeallocationOption::requeue;
    std::vector<ResizeError> resize_errors;
    int task_slots_per_node = 1;
    NodeFillType node_fill_type = NodeFillType::spread;
    bool has_start_task = false;
    bool inter_node_communication = false;  // Batch: COMM-1, COMM-2
    std::optional<AutoScale> auto_scale;    // while it is enabled
    std::string document;
};

// It shrinks to nothing and is gone then. Batch: POOL-28
void begin_deletion(Pool& pool, base::TimePoint now);

// Its numbers of nodes are about to change. Batch: POOL-3, POOL-17
void begin_resize(Pool& pool, base::TimePoint now);

}  // namespace bluebatch::emulator::domain
