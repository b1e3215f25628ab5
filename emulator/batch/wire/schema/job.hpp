#pragma once

#include "emulator/batch/wire/schema/network.hpp"
#include "emulator/batch/wire/schema/statistics.hpp"

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

inline constexpr Object kAutoPool{"AutoPoolSpecification", {}};
inline constexpr auto kPoolInfoFields = std::to_array<Field>({
    text("poolId"),
    object("autoPoolSpecification", kAutoPool).unsupported(),
});
inline constexpr Object kPoolInfo{"PoolInformation", kPoolInfoFields};

inline constexpr auto kJobExecutionFields = std::to_array<Field>({
    time("startTime"),
    time("endTime"),
    text("poolId"),
    text("terminateReason"),
});
inline constexpr Object kJobExecution{"JobExecutionInformation", kJobExecutionFields};

inline constexpr Object kJobManagerTask{"JobManagerTask", {}};
inline constexpr Object kJobPreparationTask{"JobPreparationTask", {}};
inline constexpr Object kJobReleaseTask{"JobReleaseTask", {}};

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
    truth("allowTaskPreemption").since(V::v2022_01).in(kEverywhere).unsupported(),
    truth("usesTaskDependencies").in(kAnswer | kAdd).unsupported(),
    object("constraints", kJobConstraints).in(kEverywhere),
    object("jobManagerTask", kJobManagerTask).in(kAdd).unsupported(),
    object("jobPreparationTask", kJobPreparationTask).in(kAdd).unsupported(),
    object("jobReleaseTask", kJobReleaseTask).in(kAdd).unsupported(),
    objects("commonEnvironmentSettings", kEnvironmentSetting).in(kAnswer | kAdd),
    object("poolInfo", kPoolInfo).in(kEverywhere).required_in(kAdd | kReplace),
    objects("metadata", kMetadata).in(kEverywhere),
    object("executionInfo", kJobExecution).in(kAnswer),
    word("onAllTasksComplete", kOnAllTasksComplete).in(kEverywhere),
    word("onTaskFailure", kOnTaskFailure).in(kAnswer | kAdd).unsupported(),
    object("networkConfiguration", kJobNetwork).since(V::v2018_12).in(kAnswer | kAdd | kPatch).patched_since(V::v2024_07),
    object("stats", kJobStatistics).in(kAnswer),
});
inline constexpr Object kJob{"Job", kJobFields};

inline constexpr auto kTerminateFields = std::to_array<Field>({text("terminateReason")});
inline constexpr Object kTerminate{"JobTerminateParameter", kTerminateFields};
// clang-format on

}  // namespace bluebatch::emulator::batch::wire::schema
