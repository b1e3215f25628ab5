#pragma once

#include "emulator/batch/wire/schema/network.hpp"
#include "emulator/batch/wire/schema/statistics.hpp"
#include "emulator/batch/wire/schema/virtual_machine.hpp"

namespace bluebatch::emulator::batch::wire::schema {

inline constexpr auto kPoolStates = std::to_array<std::string_view>({"active", "deleting"});
inline constexpr auto kAllocationStates = std::to_array<std::string_view>({"steady", "resizing", "stopping"});
inline constexpr auto kFillTypes = std::to_array<std::string_view>({"Spread", "Pack"});
inline constexpr auto kJobOrders = std::to_array<std::string_view>({"none", "creationtime"});
inline constexpr auto kLoginModes = std::to_array<std::string_view>({"batch", "interactive"});
inline constexpr auto kCommunicationModes =
    std::to_array<std::string_view>({"default", "classic", "simplified"});
inline constexpr auto kUpgradeModes = std::to_array<std::string_view>({"automatic", "manual", "rolling"});

inline constexpr auto kIdentityTypes = std::to_array<std::string_view>({"UserAssigned", "None"});

// clang-format off
inline constexpr auto kStartTaskFields = std::to_array<Field>({
    text("commandLine").needed(),
    object("containerSettings", kContainerSettings),
    objects("resourceFiles", kResourceFile),
    objects("environmentSettings", kEnvironmentSetting),
    object("userIdentity", kUserIdentity),
    integer("maxTaskRetryCount"),
    truth("waitForSuccess"),
});
inline constexpr Object kStartTask{"StartTask", kStartTaskFields};

inline constexpr auto kSchedulingPolicyFields = std::to_array<Field>({
    word("jobDefaultOrder", kJobOrders).since(V::v2025_06),
    word("nodeFillType", kFillTypes).needed(),
});
inline constexpr Object kSchedulingPolicy{"TaskSchedulingPolicy", kSchedulingPolicyFields};

inline constexpr auto kLinuxUserFields = std::to_array<Field>({
    integer("uid"),
    integer("gid"),
    text("sshPrivateKey").secret(),
});
inline constexpr Object kLinuxUser{"LinuxUserConfiguration", kLinuxUserFields};

inline constexpr auto kWindowsUserFields = std::to_array<Field>({word("loginMode", kLoginModes)});
inline constexpr Object kWindowsUser{"WindowsUserConfiguration", kWindowsUserFields};

inline constexpr auto kUserAccountFields = std::to_array<Field>({
    text("name").needed(),
    text("password").needed().secret(),
    word("elevationLevel", kElevationLevels),
    object("linuxUserConfiguration", kLinuxUser),
    object("windowsUserConfiguration", kWindowsUser).since(V::v2018_12),
});
inline constexpr Object kUserAccount{"UserAccount", kUserAccountFields};

inline constexpr auto kAutomaticUpgradeFields = std::to_array<Field>({
    truth("disableAutomaticRollback"),
    truth("enableAutomaticOSUpgrade"),
    truth("useRollingUpgradePolicy"),
    truth("osRollingUpgradeDeferral"),
});
inline constexpr Object kAutomaticUpgrade{"AutomaticOSUpgradePolicy", kAutomaticUpgradeFields};

inline constexpr auto kRollingUpgradeFields = std::to_array<Field>({
    truth("enableCrossZoneUpgrade"),
    integer("maxBatchInstancePercent"),
    integer("maxUnhealthyInstancePercent"),
    integer("maxUnhealthyUpgradedInstancePercent"),
    duration("pauseTimeBetweenBatches"),
    truth("prioritizeUnhealthyInstances"),
    truth("rollbackFailedInstancesOnPolicyBreach"),
});
inline constexpr Object kRollingUpgrade{"RollingUpgradePolicy", kRollingUpgradeFields};

inline constexpr auto kUpgradePolicyFields = std::to_array<Field>({
    word("mode", kUpgradeModes).needed(),
    object("automaticOSUpgradePolicy", kAutomaticUpgrade),
    object("rollingUpgradePolicy", kRollingUpgrade),
});
inline constexpr Object kUpgradePolicy{"UpgradePolicy", kUpgradePolicyFields};

inline constexpr auto kResizeErrorFields = std::to_array<Field>({
    text("code"),
    text("message"),
    objects("values", kNameValue),
});
inline constexpr Object kResizeError{"ResizeError", kResizeErrorFields};

inline constexpr auto kAutoScaleErrorFields = std::to_array<Field>({
    text("code"),
    text("message"),
    objects("values", kNameValue),
});
inline constexpr Object kAutoScaleError{"AutoScaleRunError", kAutoScaleErrorFields};

inline constexpr auto kAutoScaleRunFields = std::to_array<Field>({
    time("timestamp"),
    text("results"),
    object("error", kAutoScaleError),
});
inline constexpr Object kAutoScaleRun{"AutoScaleRun", kAutoScaleRunFields};

inline constexpr auto kUserAssignedIdentityFields = std::to_array<Field>({text("resourceId")});
inline constexpr Object kUserAssignedIdentity{"UserAssignedIdentity", kUserAssignedIdentityFields};

inline constexpr auto kPoolIdentityFields = std::to_array<Field>({
    word("type", kIdentityTypes),
    objects("userAssignedIdentities", kUserAssignedIdentity),
});
inline constexpr Object kPoolIdentity{"BatchPoolIdentity", kPoolIdentityFields};

inline constexpr Object kMount{"MountConfiguration", {}};

inline constexpr Uses kAddedPoolMember = kAnswer | kAdd;
inline constexpr Uses kPatchedPoolMember = kAnswer | kAdd | kPatch;

inline constexpr auto kPoolFields = std::to_array<Field>({
    text("id").in(kAddedPoolMember).required_in(kAdd),
    text("displayName").in(kPatchedPoolMember).patched_since(V::v2024_07),
    text("url").in(kAnswer),
    text("eTag").in(kAnswer),
    time("lastModified").in(kAnswer),
    time("creationTime").in(kAnswer),
    word("state", kPoolStates).in(kAnswer),
    time("stateTransitionTime").in(kAnswer),
    word("allocationState", kAllocationStates).in(kAnswer),
    time("allocationStateTransitionTime").in(kAnswer),
    text("vmSize").in(kPatchedPoolMember).required_in(kAdd).patched_since(V::v2024_07),
    duration("resizeTimeout").in(kAddedPoolMember),
    objects("resizeErrors", kResizeError).in(kAnswer),
    integer("currentDedicatedNodes").in(kAnswer),
    integer("targetDedicatedNodes").in(kAddedPoolMember),
    integer("currentLowPriorityNodes").in(kAnswer),
    integer("targetLowPriorityNodes").in(kAddedPoolMember),
    truth("enableAutoScale").in(kAddedPoolMember),
    text("autoScaleFormula").in(kAddedPoolMember),
    duration("autoScaleEvaluationInterval").in(kAddedPoolMember),
    object("autoScaleRun", kAutoScaleRun).in(kAnswer),
    truth("enableInterNodeCommunication").in(kPatchedPoolMember).patched_since(V::v2024_07),
    object("startTask", kStartTask).in(kEverywhere),
    objects("userAccounts", kUserAccount).in(kPatchedPoolMember).patched_since(V::v2024_07),
    objects("certificateReferences", kCertificateReference).until(V::v2024_07).in(kEverywhere).required_in(kReplace),
    objects("applicationPackageReferences", kPackageReference).in(kEverywhere).required_in(kReplace),
    texts("applicationLicenses").until(V::v2024_02).in(kAdd).unsupported(),
    objects("metadata", kMetadata).in(kEverywhere).required_in(kReplace),
    integer("maxTasksPerNode").until(V::v2020_03).in(kAddedPoolMember).named("taskSlotsPerNode"),
    integer("taskSlotsPerNode").since(V::v2020_09).in(kPatchedPoolMember).patched_since(V::v2024_07),
    object("taskSchedulingPolicy", kSchedulingPolicy).in(kPatchedPoolMember).patched_since(V::v2024_07),
    object("cloudServiceConfiguration", kCloudService).until(V::v2024_02).in(kAddedPoolMember),
    object("virtualMachineConfiguration", kVirtualMachine).in(kPatchedPoolMember).patched_since(V::v2024_07),
    object("networkConfiguration", kNetwork).in(kPatchedPoolMember).patched_since(V::v2024_07),
    objects("mountConfiguration", kMount).since(V::v2019_08).in(kAdd | kPatch).patched_since(V::v2024_07).unsupported(),
    object("identity", kPoolIdentity).since(V::v2021_06).in(kAnswer),
    word("targetNodeCommunicationMode", kCommunicationModes).since(V::v2022_10).until(V::v2024_07).in(kEverywhere),
    word("currentNodeCommunicationMode", kCommunicationModes).since(V::v2022_10).until(V::v2024_07).in(kAnswer),
    object("upgradePolicy", kUpgradePolicy).since(V::v2024_02).in(kPatchedPoolMember).patched_since(V::v2024_07),
    texts_by_name("resourceTags").since(V::v2023_11).until(V::v2024_07).in(kPatchedPoolMember).patched_since(V::v2024_07),
    object("stats", kPoolStatistics).in(kAnswer),
});
inline constexpr Object kPool{"Pool", kPoolFields};

// A pool without its id, which comes first.
inline constexpr Object kPoolSpecification{"PoolSpecification", std::span(kPoolFields).subspan(1)};

inline constexpr auto kEnableAutoScaleFields = std::to_array<Field>({
    text("autoScaleFormula"),
    duration("autoScaleEvaluationInterval"),
});
inline constexpr Object kEnableAutoScale{"PoolEnableAutoScaleParameter", kEnableAutoScaleFields};

inline constexpr auto kEvaluateAutoScaleFields = std::to_array<Field>({text("autoScaleFormula").needed()});
inline constexpr Object kEvaluateAutoScale{"PoolEvaluateAutoScaleParameter", kEvaluateAutoScaleFields};
inline constexpr auto kUpgradeOsFields = std::to_array<Field>({text("targetOSVersion").needed()});
inline constexpr Object kUpgradeOs{"PoolUpgradeOSParameter", kUpgradeOsFields};

inline constexpr auto kResizeFields = std::to_array<Field>({
    integer("targetDedicatedNodes"),
    integer("targetLowPriorityNodes"),
    duration("resizeTimeout"),
    word("nodeDeallocationOption", kNodeOptions),
});
inline constexpr Object kResize{"PoolResizeParameter", kResizeFields};
// clang-format on

}  // namespace bluebatch::emulator::batch::wire::schema
