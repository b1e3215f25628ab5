#pragma once

#include "emulator/batch/wire/schema/network.hpp"
#include "emulator/batch/wire/schema/pool.hpp"
#include "emulator/batch/wire/schema/statistics.hpp"
#include "emulator/batch/wire/schema/task.hpp"

namespace bluebatch::emulator::batch::wire::schema {

inline constexpr auto kJobStates = std::to_array<std::string_view>(
    {"active", "disabling", "disabled", "enabling", "terminating", "completed", "deleting"}
);
inline constexpr auto kOnAllTasksComplete = std::to_array<std::string_view>({"noaction", "terminatejob"});
inline constexpr auto kOnTaskFailure =
    std::to_array<std::string_view>({"noaction", "performexitoptionsjobaction"});

// clang-format off
inline constexpr auto kJobConstraintsFields = std::to_array<Field>({
    duration("maxWallClockTime"),
    integer("maxTaskRetryCount"),
});
inline constexpr Object kJobConstraints{"JobConstraints", kJobConstraintsFields};

inline constexpr auto kPoolLifetimes = std::to_array<std::string_view>({"jobschedule", "job"});
inline constexpr auto kAutoPoolFields = std::to_array<Field>({
    text("autoPoolIdPrefix"),
    word("poolLifetimeOption", kPoolLifetimes).needed(),
    truth("keepAlive"),
    object("pool", kPoolSpecification).read_as(kAdd),
});
inline constexpr Object kAutoPool{"AutoPoolSpecification", kAutoPoolFields};
inline constexpr auto kPoolInfoFields = std::to_array<Field>({
    text("poolId"),
    object("autoPoolSpecification", kAutoPool),
});
inline constexpr Object kPoolInfo{"PoolInformation", kPoolInfoFields};

inline constexpr auto kJobExecutionFields = std::to_array<Field>({
    time("startTime"),
    time("endTime"),
    text("poolId"),
    object("schedulingError", kFailureInfo),
    text("terminateReason"),
});
inline constexpr Object kJobExecution{"JobExecutionInformation", kJobExecutionFields};

inline constexpr auto kJobManagerTaskFields = std::to_array<Field>({
    text("id").needed(),
    text("displayName"),
    text("commandLine").needed(),
    object("containerSettings", kContainerSettings),
    objects("resourceFiles", kResourceFile),
    objects("outputFiles", kOutputFile),
    objects("environmentSettings", kEnvironmentSetting),
    object("constraints", kTaskConstraints),
    integer("requiredSlots").since(V::v2020_09),
    truth("killJobOnCompletion"),
    object("userIdentity", kUserIdentity),
    truth("runExclusive"),
    objects("applicationPackageReferences", kPackageReference),
    object("authenticationTokenSettings", kAuthenticationToken),
    truth("allowLowPriorityNode"),
});
inline constexpr Object kJobManagerTask{"JobManagerTask", kJobManagerTaskFields};

inline constexpr auto kJobPreparationTaskFields = std::to_array<Field>({
    text("id"),
    text("commandLine").needed(),
    object("containerSettings", kContainerSettings),
    objects("resourceFiles", kResourceFile),
    objects("environmentSettings", kEnvironmentSetting),
    object("constraints", kTaskConstraints),
    truth("waitForSuccess"),
    object("userIdentity", kUserIdentity),
    truth("rerunOnNodeRebootAfterSuccess"),
});
inline constexpr Object kJobPreparationTask{"JobPreparationTask", kJobPreparationTaskFields};

inline constexpr auto kJobReleaseTaskFields = std::to_array<Field>({
    text("id"),
    text("commandLine").needed(),
    object("containerSettings", kContainerSettings),
    objects("resourceFiles", kResourceFile),
    objects("environmentSettings", kEnvironmentSetting),
    duration("maxWallClockTime"),
    duration("retentionTime"),
    object("userIdentity", kUserIdentity),
});
inline constexpr Object kJobReleaseTask{"JobReleaseTask", kJobReleaseTaskFields};

inline constexpr auto kNodeTaskStates = std::to_array<std::string_view>({"running", "completed"});
inline constexpr auto kPreparationInfoFields = std::to_array<Field>({
    time("startTime"),
    time("endTime"),
    word("state", kNodeTaskStates),
    text("taskRootDirectory"),
    text("taskRootDirectoryUrl"),
    integer("exitCode"),
    object("failureInfo", kFailureInfo),
    integer("retryCount"),
    time("lastRetryTime"),
    word("result", kResults),
});
inline constexpr Object kPreparationInfo{"JobPreparationTaskExecutionInformation", kPreparationInfoFields};

inline constexpr auto kReleaseInfoFields = std::to_array<Field>({
    time("startTime"),
    time("endTime"),
    word("state", kNodeTaskStates),
    text("taskRootDirectory"),
    text("taskRootDirectoryUrl"),
    integer("exitCode"),
    object("failureInfo", kFailureInfo),
    word("result", kResults),
});
inline constexpr Object kReleaseInfo{"JobReleaseTaskExecutionInformation", kReleaseInfoFields};

inline constexpr auto kJobOnNodeFields = std::to_array<Field>({
    text("poolId"),
    text("nodeId"),
    text("nodeUrl"),
    object("jobPreparationTaskExecutionInfo", kPreparationInfo),
    object("jobReleaseTaskExecutionInfo", kReleaseInfo),
});
inline constexpr Object kJobOnNode{"JobPreparationAndReleaseTaskExecutionInformation", kJobOnNodeFields};


inline constexpr auto kJobFields = std::to_array<Field>({
    text("id").in(kAnswer | kAdd).required_in(kAdd),
    text("displayName").in(kAnswer | kAdd),
    text("url").in(kAnswer),
    text("eTag").in(kAnswer),
    time("lastModified").in(kAnswer),
    time("creationTime").in(kAnswer),
    word("state", kJobStates).in(kAnswer),
    time("stateTransitionTime").in(kAnswer),
    word("previousState", kJobStates).in(kAnswer),
    time("previousStateTransitionTime").in(kAnswer),
    integer("priority").in(kEverywhere),
    integer("maxParallelTasks").since(V::v2021_06).in(kEverywhere),
    truth("allowTaskPreemption").since(V::v2022_01).in(kEverywhere),
    truth("usesTaskDependencies").in(kAnswer | kAdd),
    object("constraints", kJobConstraints).in(kEverywhere),
    object("jobManagerTask", kJobManagerTask).in(kAnswer | kAdd),
    object("jobPreparationTask", kJobPreparationTask).in(kAnswer | kAdd),
    object("jobReleaseTask", kJobReleaseTask).in(kAnswer | kAdd),
    objects("commonEnvironmentSettings", kEnvironmentSetting).in(kAnswer | kAdd),
    object("poolInfo", kPoolInfo).in(kEverywhere).required_in(kAdd | kReplace),
    objects("metadata", kMetadata).in(kEverywhere),
    object("executionInfo", kJobExecution).in(kAnswer),
    word("onAllTasksComplete", kOnAllTasksComplete).in(kEverywhere),
    word("onTaskFailure", kOnTaskFailure).in(kAnswer | kAdd),
    object("networkConfiguration", kJobNetwork).since(V::v2018_12).in(kAnswer | kAdd | kPatch).patched_since(V::v2024_07),
    object("stats", kJobStatistics).in(kAnswer),
});
inline constexpr Object kJob{"Job", kJobFields};

inline constexpr auto kTerminateFields = std::to_array<Field>({text("terminateReason")});
inline constexpr Object kTerminate{"JobTerminateParameter", kTerminateFields};

inline constexpr auto kDisableTasks = std::to_array<std::string_view>({"requeue", "terminate", "wait"});
inline constexpr auto kDisableFields = std::to_array<Field>({word("disableTasks", kDisableTasks).needed()});
inline constexpr Object kDisable{"JobDisableParameter", kDisableFields};
// clang-format on

}  // namespace bluebatch::emulator::batch::wire::schema
