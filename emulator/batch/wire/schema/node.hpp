#pragma once

#include "emulator/batch/wire/schema/pool.hpp"
#include "emulator/batch/wire/schema/task.hpp"

// Bodies of compute nodes, counts, files and images: all of them answers only.
namespace bluebatch::emulator::batch::wire::schema {

inline constexpr auto kNodeStates = std::to_array<std::string_view>({
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
inline constexpr auto kSchedulingStates = std::to_array<std::string_view>({"enabled", "disabled"});
inline constexpr auto kStartTaskStates = std::to_array<std::string_view>({"running", "completed"});

// clang-format off
inline constexpr auto kRecentTaskFields = std::to_array<Field>({
    text("taskUrl"),
    text("jobId"),
    text("taskId"),
    integer("subtaskId"),
    word("taskState", kTaskStates),
    object("executionInfo", kExecution),
});
inline constexpr Object kRecentTask{"TaskInformation", kRecentTaskFields};

inline constexpr auto kStartTaskInfoFields = std::to_array<Field>({
    word("state", kStartTaskStates),
    time("startTime"),
    time("endTime"),
    integer("exitCode"),
    object("failureInfo", kFailureInfo),
    word("result", kResults),
    integer("retryCount"),
    time("lastRetryTime"),
});
inline constexpr Object kStartTaskInfo{"StartTaskInformation", kStartTaskInfoFields};

inline constexpr auto kVirtualMachineInfoFields = std::to_array<Field>({object("imageReference", kImageReference)});
inline constexpr Object kVirtualMachineInfo{"VirtualMachineInfo", kVirtualMachineInfoFields};

inline constexpr auto kNodeAgentInfoFields = std::to_array<Field>({
    text("version"),
    time("lastUpdateTime"),
});
inline constexpr Object kNodeAgentInfo{"NodeAgentInformation", kNodeAgentInfoFields};

inline constexpr auto kNodeErrorFields = std::to_array<Field>({
    text("code"),
    text("message"),
    objects("errorDetails", kNameValue),
});
inline constexpr Object kNodeError{"ComputeNodeError", kNodeErrorFields};

inline constexpr auto kNodeFields = std::to_array<Field>({
    text("id"),
    text("url"),
    word("state", kNodeStates),
    word("schedulingState", kSchedulingStates),
    time("stateTransitionTime"),
    time("lastBootTime"),
    time("allocationTime"),
    text("ipAddress"),
    text("affinityId"),
    text("vmSize"),
    integer("totalTasksRun"),
    integer("totalTasksSucceeded"),
    integer("runningTasksCount"),
    integer("runningTaskSlotsCount").since(V::v2020_09),
    objects("recentTasks", kRecentTask),
    object("startTask", kStartTask),
    object("startTaskInfo", kStartTaskInfo),
    objects("certificateReferences", kCertificateReference).until(V::v2024_07),
    objects("errors", kNodeError),
    truth("isDedicated"),
    object("nodeAgentInfo", kNodeAgentInfo).since(V::v2018_08),
    object("virtualMachineInfo", kVirtualMachineInfo).since(V::v2021_06),
});
inline constexpr Object kNode{"ComputeNode", kNodeFields};

inline constexpr auto kNodeCountsFields = std::to_array<Field>({
    integer("creating"),
    integer("idle"),
    integer("leavingPool").since(V::v2018_08),
    integer("offline"),
    integer("preempted"),
    integer("rebooting"),
    integer("reimaging"),
    integer("running"),
    integer("starting"),
    integer("startTaskFailed"),
    integer("unusable"),
    integer("unknown"),
    integer("waitingForStartTask"),
    integer("deallocated").since(V::v2024_07),
    integer("deallocating").since(V::v2024_07),
    integer("upgradingOS").since(V::v2024_02),
    integer("total"),
});
inline constexpr Object kNodeCounts{"NodeCounts", kNodeCountsFields};

inline constexpr auto kPoolNodeCountsFields = std::to_array<Field>({
    text("poolId"),
    object("dedicated", kNodeCounts),
    object("lowPriority", kNodeCounts),
});
inline constexpr Object kPoolNodeCounts{"PoolNodeCounts", kPoolNodeCountsFields};
// clang-format on

}  // namespace bluebatch::emulator::batch::wire::schema
