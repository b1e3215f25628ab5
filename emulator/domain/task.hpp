#pragma once

#include "emulator/domain/failure.hpp"
#include "emulator/domain/task_specification.hpp"
#include "emulator/domain/words.hpp"
#include "shared/base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace bluebatch::emulator::domain {

enum class TaskState : std::uint8_t { active, preparing, running, completed };
template <>
inline constexpr auto kWords<TaskState> =
    std::to_array<std::string_view>({"active", "preparing", "running", "completed"});

enum class TaskResult : std::uint8_t { success, failure };
template <>
inline constexpr auto kWords<TaskResult> = std::to_array<std::string_view>({"success", "failure"});

// Batch: TASK-13
struct TaskExecution {
    std::optional<base::TimePoint> start_time;
    std::optional<base::TimePoint> end_time;
    std::optional<int> exit_code;
    std::optional<TaskResult> result;
    std::optional<FailureInfo> failure;
    int retry_count = 0;
    std::optional<base::TimePoint> last_retry_time;
    int requeue_count = 0;
    std::optional<base::TimePoint> last_requeue_time;
};

inline constexpr int kMostInstances = 100;  // of a multi-instance task. Batch: MI-1

// Where a task runs or ran. The rest of the service's nodeInfo follows from these.
struct TaskPlace {
    std::string pool_id;
    std::string node_id;
};

// A task as the scheduler and the store see it. `document` holds the members that users gave, as JSON of the
// newest api-version; only emulator/batch/wire reads it.
struct Task {
    std::int64_t sequence = 0;  // order of addition over all jobs; set by the store
    std::string job_id;
    std::string id;
    TaskState state = TaskState::active;
    base::TimePoint state_transition_time;
    std::optional<TaskState> previous_state;
    std::optional<base::TimePoint> previous_state_transition_time;
    base::TimePoint creation_time;
    base::TimePoint last_modified;  // moves with user changes only. Batch: REST-21
    int required_slots = 1;
    int instances = 0;        // nodes that run a multi-instance task together; 0: any other task. Batch: MI-1
    std::string affinity_id;  // where it would best run; may be empty. Batch: SLOT-11
    bool is_blocked = false;  // waits for other tasks, while it is active. Batch: TASK-44
    TaskConstraints constraints;
    TaskExecution execution;
    std::optional<TaskPlace> place;
    // A user asked to end it while it was running; the scheduler completes it once its processes are gone.
    bool termination_requested = false;
    std::string document;
};

// Sets state and the two transition times; previous_state_transition_time is when the previous state was
// entered. Batch: REST-45
void move_to(Task& task, TaskState state, base::TimePoint now);

}  // namespace bluebatch::emulator::domain
