#pragma once

#include "emulator/batch/wire/schema/common.hpp"
#include "emulator/batch/wire/schema/statistics.hpp"

namespace bluebatch::emulator::batch::wire::schema {

inline constexpr auto kTaskStates =
    std::to_array<std::string_view>({"active", "preparing", "running", "completed"});

// clang-format off
inline constexpr auto kTaskConstraintsFields = std::to_array<Field>({
    duration("maxWallClockTime"),
    duration("retentionTime"),
    integer("maxTaskRetryCount"),
});
inline constexpr Object kTaskConstraints{"TaskConstraints", kTaskConstraintsFields};

inline constexpr auto kUploadHeaderFields = std::to_array<Field>({
    text("name").needed(),
    text("value"),
});
inline constexpr Object kUploadHeader{"HttpHeader", kUploadHeaderFields};

inline constexpr auto kOutputContainerFields = std::to_array<Field>({
    text("path"),
    text("containerUrl").needed(),
    object("identityReference", kIdentityReference).since(V::v2021_06),
    objects("uploadHeaders", kUploadHeader).since(V::v2022_01),
});
inline constexpr Object kOutputContainer{"OutputFileBlobContainerDestination", kOutputContainerFields};

inline constexpr auto kOutputDestinationFields = std::to_array<Field>({object("container", kOutputContainer)});
inline constexpr Object kOutputDestination{"OutputFileDestination", kOutputDestinationFields};

inline constexpr auto kUploadOptionsFields = std::to_array<Field>({
    word("uploadCondition", kUploadConditions).needed(),
});
inline constexpr Object kUploadOptions{"OutputFileUploadOptions", kUploadOptionsFields};

inline constexpr auto kOutputFileFields = std::to_array<Field>({
    text("filePattern").needed(),
    object("destination", kOutputDestination).needed(),
    object("uploadOptions", kUploadOptions).needed(),
});
inline constexpr Object kOutputFile{"OutputFile", kOutputFileFields};

inline constexpr auto kTaskIdRangeFields = std::to_array<Field>({
    integer("start").needed(),
    integer("end").needed(),
});
inline constexpr Object kTaskIdRange{"TaskIdRange", kTaskIdRangeFields};

inline constexpr auto kDependenciesFields = std::to_array<Field>({
    texts("taskIds"),
    objects("taskIdRanges", kTaskIdRange),
});
inline constexpr Object kDependencies{"TaskDependencies", kDependenciesFields};

inline constexpr auto kJobActions = std::to_array<std::string_view>({"none", "disable", "terminate"});
inline constexpr auto kDependencyActions = std::to_array<std::string_view>({"satisfy", "block"});

inline constexpr auto kExitOptionsFields = std::to_array<Field>({
    word("jobAction", kJobActions),
    word("dependencyAction", kDependencyActions),
});
inline constexpr Object kExitOptions{"ExitOptions", kExitOptionsFields};

inline constexpr auto kExitCodeFields = std::to_array<Field>({
    integer("code").needed(),
    object("exitOptions", kExitOptions).needed(),
});
inline constexpr Object kExitCode{"ExitCodeMapping", kExitCodeFields};

inline constexpr auto kExitCodeRangeFields = std::to_array<Field>({
    integer("start").needed(),
    integer("end").needed(),
    object("exitOptions", kExitOptions).needed(),
});
inline constexpr Object kExitCodeRange{"ExitCodeRangeMapping", kExitCodeRangeFields};

inline constexpr auto kExitConditionsFields = std::to_array<Field>({
    objects("exitCodes", kExitCode),
    objects("exitCodeRanges", kExitCodeRange),
    object("preProcessingError", kExitOptions),
    object("fileUploadError", kExitOptions),
    object("default", kExitOptions),
});
inline constexpr Object kExitConditions{"ExitConditions", kExitConditionsFields};

inline constexpr auto kExecutionFields = std::to_array<Field>({
    time("startTime"),
    time("endTime"),
    integer("exitCode"),
    object("failureInfo", kFailureInfo),
    word("result", kResults),
    integer("retryCount"),
    time("lastRetryTime"),
    integer("requeueCount"),
    time("lastRequeueTime"),
});
inline constexpr Object kExecution{"TaskExecutionInformation", kExecutionFields};

inline constexpr auto kNodeInfoFields = std::to_array<Field>({
    text("affinityId"),
    text("nodeUrl"),
    text("poolId"),
    text("nodeId"),
    text("taskRootDirectory"),
    text("taskRootDirectoryUrl"),
});
inline constexpr Object kNodeInfo{"ComputeNodeInformation", kNodeInfoFields};

inline constexpr auto kAffinityInfoFields = std::to_array<Field>({text("affinityId").needed()});
inline constexpr Object kAffinityInfo{"AffinityInformation", kAffinityInfoFields};

inline constexpr auto kMultiInstanceFields = std::to_array<Field>({
    integer("numberOfInstances"),
    text("coordinationCommandLine").needed(),
    objects("commonResourceFiles", kResourceFile),
});
inline constexpr Object kMultiInstance{"MultiInstanceSettings", kMultiInstanceFields};

inline constexpr auto kAuthenticationTokenFields = std::to_array<Field>({words("access", kAccessScopes)});
inline constexpr Object kAuthenticationToken{"AuthenticationTokenSettings", kAuthenticationTokenFields};

inline constexpr auto kTaskFields = std::to_array<Field>({
    text("id").in(kAnswer | kAdd).required_in(kAdd),
    text("displayName").in(kAnswer | kAdd),
    text("url").in(kAnswer),
    text("eTag").in(kAnswer),
    time("creationTime").in(kAnswer),
    time("lastModified").in(kAnswer),
    word("state", kTaskStates).in(kAnswer),
    time("stateTransitionTime").in(kAnswer),
    word("previousState", kTaskStates).in(kAnswer),
    time("previousStateTransitionTime").in(kAnswer),
    text("commandLine").in(kAnswer | kAdd).required_in(kAdd),
    object("containerSettings", kContainerSettings).in(kAnswer | kAdd),
    object("exitConditions", kExitConditions).in(kAnswer | kAdd),
    objects("resourceFiles", kResourceFile).in(kAnswer | kAdd),
    objects("outputFiles", kOutputFile).in(kAnswer | kAdd),
    objects("environmentSettings", kEnvironmentSetting).in(kAnswer | kAdd),
    object("affinityInfo", kAffinityInfo).in(kAnswer | kAdd),
    object("userIdentity", kUserIdentity).in(kAnswer | kAdd),
    object("multiInstanceSettings", kMultiInstance).in(kAnswer | kAdd),
    object("constraints", kTaskConstraints).in(kAnswer | kAdd | kReplace),
    integer("requiredSlots").since(V::v2020_09).in(kAnswer | kAdd),
    object("executionInfo", kExecution).in(kAnswer),
    object("nodeInfo", kNodeInfo).in(kAnswer),
    object("stats", kTaskStatistics).in(kAnswer),
    object("dependsOn", kDependencies).in(kAnswer | kAdd),
    objects("applicationPackageReferences", kPackageReference).in(kAnswer | kAdd),
    object("authenticationTokenSettings", kAuthenticationToken).in(kAnswer | kAdd),
});
inline constexpr Object kTask{"Task", kTaskFields};

inline constexpr auto kSubtaskStates = std::to_array<std::string_view>({"preparing", "running", "completed"});

inline constexpr auto kSubtaskFields = std::to_array<Field>({
    integer("id"),
    time("startTime"),
    time("endTime"),
    word("state", kSubtaskStates),
    time("stateTransitionTime"),
    word("previousState", kSubtaskStates),
    time("previousStateTransitionTime"),
    word("result", kResults),
    integer("exitCode"),
    object("failureInfo", kFailureInfo),
    object("nodeInfo", kNodeInfo),
});
inline constexpr Object kSubtask{"SubtaskInformation", kSubtaskFields};
// clang-format on

}  // namespace bluebatch::emulator::batch::wire::schema
