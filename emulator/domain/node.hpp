#pragma once

#include "emulator/domain/node_task.hpp"
#include "emulator/domain/pool.hpp"
#include "emulator/domain/task.hpp"
#include "emulator/domain/words.hpp"
#include "shared/base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bluebatch::emulator::domain {

enum class NodeState : std::uint8_t {
    idle,
    rebooting,
    reimaging,
    running,
    unusable,
    creating,
    starting,
    waiting_for_start_task,
    start_task_failed,
    unknown,
    leaving_pool,
    offline,
    preempted,
    upgrading_os,
    deallocated,
    deallocating,
};
template <>
inline constexpr auto kWords<NodeState> = std::to_array<std::string_view>({
    "idle",
    "rebooting",
    "reimaging",
    "running",
    "unusable",
    "creating",
    "starting",
    "waitingforstarttask",
    "starttaskfailed",
    "unknown",
    "leavingpool",
    "offline",
    "preempted",
    "upgradingos",
    "deallocated",
    "deallocating",
});

enum class SchedulingState : std::uint8_t { enabled, disabled };
template <>
inline constexpr auto kWords<SchedulingState> = std::to_array<std::string_view>({"enabled", "disabled"});

// One of the latest tasks of a node. Batch: NODE-7
struct RecentTask {
    std::string job_id;
    std::string task_id;
    TaskState state = TaskState::running;
    TaskExecution execution;
    std::optional<int> subtask_id = std::nullopt;  // of a multi-instance task
};
inline constexpr std::size_t kRecentTasks = 10;

// What is to be done with a node; the scheduler brings it about once the option is met. Batch: NODE-9 to
// NODE-11, POOL-12, SPOT-2
enum class NodeRequest : std::uint8_t {
    none,
    stop_tasks,
    reboot,
    reimage,
    deallocate,
    start,
    remove,
    preempt
};

struct Node {
    std::string pool_id;
    std::string id;  // "tvmps_<64 hex>_d" dedicated, "..._p" Spot. Batch: NODE-6
    bool is_dedicated = true;
    NodeState state = NodeState::creating;
    SchedulingState scheduling_state = SchedulingState::enabled;
    base::TimePoint state_transition_time;
    base::TimePoint allocation_time;
    std::optional<base::TimePoint> last_boot_time;
    std::string ip_address;
    int total_tasks_run = 0;
    int total_tasks_succeeded = 0;
    int running_tasks_count = 0;
    int running_task_slots_count = 0;
    std::optional<NodeTaskInfo> start_task_info;
    std::optional<FailureInfo> error;  // why it is unusable. Batch: NODE-16
    NodeRequest request = NodeRequest::none;
    NodeDeallocationOption request_option = NodeDeallocationOption::requeue;
    std::vector<RecentTask> recent_tasks;  // latest first, kRecentTasks at most
};

// Batch: SLOT-13
bool takes_new_tasks(Node const& node);

}  // namespace bluebatch::emulator::domain
