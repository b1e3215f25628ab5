#pragma once

#include "emulator/batch/wire/schema/job.hpp"

namespace bluebatch::emulator::batch::wire::schema {

inline constexpr auto kJobScheduleStates =
    std::to_array<std::string_view>({"active", "completed", "disabled", "terminating", "deleting"});

// clang-format off
inline constexpr auto kScheduleFields = std::to_array<Field>({
    time("doNotRunUntil"),
    time("doNotRunAfter"),
    duration("startWindow"),
    duration("recurrenceInterval"),
});
inline constexpr Object kSchedule{"Schedule", kScheduleFields};

inline constexpr auto kJobSpecificationFields = std::to_array<Field>({
    integer("priority"),
    truth("allowTaskPreemption").since(V::v2022_01).unsupported(),
    integer("maxParallelTasks").since(V::v2021_06),
    text("displayName"),
    truth("usesTaskDependencies"),
    word("onAllTasksComplete", kOnAllTasksComplete),
    word("onTaskFailure", kOnTaskFailure),
    object("networkConfiguration", kJobNetwork).since(V::v2018_12),
    object("constraints", kJobConstraints),
    object("jobManagerTask", kJobManagerTask),
    object("jobPreparationTask", kJobPreparationTask),
    object("jobReleaseTask", kJobReleaseTask),
    objects("commonEnvironmentSettings", kEnvironmentSetting),
    object("poolInfo", kPoolInfo).needed(),
    objects("metadata", kMetadata),
});
inline constexpr Object kJobSpecification{"JobSpecification", kJobSpecificationFields};

inline constexpr auto kRecentJobFields = std::to_array<Field>({
    text("id"),
    text("url"),
});
inline constexpr Object kRecentJob{"RecentJob", kRecentJobFields};

inline constexpr auto kScheduleExecutionFields = std::to_array<Field>({
    time("nextRunTime"),
    object("recentJob", kRecentJob),
    time("endTime"),
});
inline constexpr Object kScheduleExecution{"JobScheduleExecutionInformation", kScheduleExecutionFields};

inline constexpr auto kJobScheduleFields = std::to_array<Field>({
    text("id").in(kAnswer | kAdd).required_in(kAdd),
    text("displayName").in(kAnswer | kAdd),
    text("url").in(kAnswer),
    text("eTag").in(kAnswer),
    time("lastModified").in(kAnswer),
    time("creationTime").in(kAnswer),
    word("state", kJobScheduleStates).in(kAnswer),
    time("stateTransitionTime").in(kAnswer),
    word("previousState", kJobScheduleStates).in(kAnswer),
    time("previousStateTransitionTime").in(kAnswer),
    object("schedule", kSchedule).required_in(kAdd),
    object("jobSpecification", kJobSpecification).required_in(kAdd),
    object("executionInfo", kScheduleExecution).in(kAnswer),
    objects("metadata", kMetadata),
    object("stats", kJobStatistics).in(kAnswer),
});
inline constexpr Object kJobSchedule{"JobSchedule", kJobScheduleFields};

// Updates replace each of these as a whole, so what is in them is as in a new schedule.
inline constexpr auto kPatchedScheduleFields = std::to_array<Field>({
    object("schedule", kSchedule),
    object("jobSpecification", kJobSpecification),
    objects("metadata", kMetadata),
});
inline constexpr Object kPatchedSchedule{"JobSchedulePatchParameter", kPatchedScheduleFields};

inline constexpr auto kReplacedScheduleFields = std::to_array<Field>({
    object("schedule", kSchedule),
    object("jobSpecification", kJobSpecification).needed(),
    objects("metadata", kMetadata),
});
inline constexpr Object kReplacedSchedule{"JobScheduleUpdateParameter", kReplacedScheduleFields};
// clang-format on

}  // namespace bluebatch::emulator::batch::wire::schema
