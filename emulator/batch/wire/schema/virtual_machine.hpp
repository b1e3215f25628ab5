#pragma once

#include "emulator/batch/wire/schema/common.hpp"

// What a pool says of its machines. A single machine holds it as data: it has neither these disks nor these
// images.
namespace bluebatch::emulator::batch::wire::schema {

inline constexpr auto kCachingTypes = std::to_array<std::string_view>({"none", "readonly", "readwrite"});
inline constexpr auto kStorageAccountTypes =
    std::to_array<std::string_view>({"standard_lrs", "premium_lrs", "standardssd_lrs"});
inline constexpr auto kDiskEncryptionTargets = std::to_array<std::string_view>({"osdisk", "temporarydisk"});
inline constexpr auto kPlacementPolicies = std::to_array<std::string_view>({"Regional", "Zonal"});
inline constexpr auto kDiffDiskPlacements = std::to_array<std::string_view>({"CacheDisk"});
inline constexpr auto kSecurityEncryptionTypes =
    std::to_array<std::string_view>({"DiskWithVMGuestState", "NonPersistedTPM", "VMGuestStateOnly"});
inline constexpr auto kSecurityTypes = std::to_array<std::string_view>({"trustedLaunch", "confidentialVM"});
inline constexpr auto kHostEndpointModes = std::to_array<std::string_view>({"Audit", "Enforce"});

// clang-format off
inline constexpr auto kImageReferenceFields = std::to_array<Field>({
    text("publisher"),
    text("offer"),
    text("sku"),
    text("version"),
    text("virtualMachineImageId"),
    text("sharedGalleryImageId").since(V::v2024_07),
    text("communityGalleryImageId").since(V::v2024_07),
    text("exactVersion").since(V::v2021_06).in(kAnswer),
});
inline constexpr Object kImageReference{"ImageReference", kImageReferenceFields};

inline constexpr auto kDiskEncryptionSetFields = std::to_array<Field>({text("id")});
inline constexpr Object kDiskEncryptionSet{"DiskEncryptionSetParameters", kDiskEncryptionSetFields};

inline constexpr auto kDiskSecurityProfileFields = std::to_array<Field>({
    word("securityEncryptionType", kSecurityEncryptionTypes),
});
inline constexpr Object kDiskSecurityProfile{"VMDiskSecurityProfile", kDiskSecurityProfileFields};

inline constexpr auto kManagedDiskFields = std::to_array<Field>({
    object("diskEncryptionSet", kDiskEncryptionSet).since(V::v2025_06),
    word("storageAccountType", kStorageAccountTypes),
    object("securityProfile", kDiskSecurityProfile).since(V::v2024_07),
});
inline constexpr Object kManagedDisk{"ManagedDisk", kManagedDiskFields};

inline constexpr auto kDataDiskFields = std::to_array<Field>({
    integer("lun").needed(),
    word("caching", kCachingTypes),
    integer("diskSizeGB").needed(),
    object("managedDisk", kManagedDisk).since(V::v2025_06),
    word("storageAccountType", kStorageAccountTypes),
});
inline constexpr Object kDataDisk{"DataDisk", kDataDiskFields};

inline constexpr auto kDiffDiskFields = std::to_array<Field>({word("placement", kDiffDiskPlacements)});
inline constexpr Object kDiffDisk{"DiffDiskSettings", kDiffDiskFields};

inline constexpr auto kOsDiskFields = std::to_array<Field>({
    object("ephemeralOSDiskSettings", kDiffDisk).since(V::v2021_06),
    word("caching", kCachingTypes),
    integer("diskSizeGB").since(V::v2023_11),
    object("managedDisk", kManagedDisk).since(V::v2023_11),
    truth("writeAcceleratorEnabled").since(V::v2023_11),
});
inline constexpr Object kOsDisk{"OSDisk", kOsDiskFields};

inline constexpr auto kCustomerManagedKeyFields = std::to_array<Field>({
    object("identityReference", kIdentityReference),
    text("keyUrl"),
    truth("rotationToLatestKeyVersionEnabled"),
});
inline constexpr Object kCustomerManagedKey{"DiskCustomerManagedKey", kCustomerManagedKeyFields};

inline constexpr auto kDiskEncryptionFields = std::to_array<Field>({
    object("customerManagedKey", kCustomerManagedKey).since(V::v2025_06),
    words("targets", kDiskEncryptionTargets),
});
inline constexpr Object kDiskEncryption{"DiskEncryptionConfiguration", kDiskEncryptionFields};

inline constexpr auto kNodePlacementFields = std::to_array<Field>({word("policy", kPlacementPolicies)});
inline constexpr Object kNodePlacement{"NodePlacementConfiguration", kNodePlacementFields};

inline constexpr auto kWindowsConfigurationFields = std::to_array<Field>({truth("enableAutomaticUpdates")});
inline constexpr Object kWindowsConfiguration{"WindowsConfiguration", kWindowsConfigurationFields};

inline constexpr auto kHostEndpointFields = std::to_array<Field>({
    text("inVMAccessControlProfileReferenceId"),
    word("mode", kHostEndpointModes),
});
inline constexpr Object kHostEndpoint{"HostEndpointSettings", kHostEndpointFields};

inline constexpr auto kProxyAgentFields = std::to_array<Field>({
    truth("enabled"),
    object("imds", kHostEndpoint),
    object("wireServer", kHostEndpoint),
});
inline constexpr Object kProxyAgent{"ProxyAgentSettings", kProxyAgentFields};

inline constexpr auto kUefiSettingsFields = std::to_array<Field>({
    truth("secureBootEnabled"),
    truth("vTpmEnabled"),
});
inline constexpr Object kUefiSettings{"UefiSettings", kUefiSettingsFields};

inline constexpr auto kSecurityProfileFields = std::to_array<Field>({
    truth("encryptionAtHost"),
    object("proxyAgentSettings", kProxyAgent).since(V::v2025_06),
    word("securityType", kSecurityTypes),
    object("uefiSettings", kUefiSettings),
});
inline constexpr Object kSecurityProfile{"SecurityProfile", kSecurityProfileFields};

inline constexpr auto kServiceArtifactFields = std::to_array<Field>({text("id").needed()});
inline constexpr Object kServiceArtifact{"ServiceArtifactReference", kServiceArtifactFields};

inline constexpr auto kExtensionFields = std::to_array<Field>({
    text("name").needed(),
    text("publisher").needed(),
    text("type").needed(),
    text("typeHandlerVersion"),
    truth("autoUpgradeMinorVersion"),
    truth("enableAutomaticUpgrade").since(V::v2023_05),
    any_object("settings"),
    any_object("protectedSettings").secret(),
    texts("provisionAfterExtensions"),
});
inline constexpr Object kExtension{"VMExtension", kExtensionFields};

inline constexpr auto kVirtualMachineFields = std::to_array<Field>({
    object("imageReference", kImageReference).needed(),
    text("nodeAgentSKUId").needed(),
    object("windowsConfiguration", kWindowsConfiguration),
    objects("dataDisks", kDataDisk),
    text("licenseType"),
    object("containerConfiguration", kContainerConfiguration),
    object("diskEncryptionConfiguration", kDiskEncryption).since(V::v2020_03),
    object("nodePlacementConfiguration", kNodePlacement).since(V::v2021_06),
    objects("extensions", kExtension).since(V::v2021_06),
    object("osDisk", kOsDisk),
    object("securityProfile", kSecurityProfile).since(V::v2023_11),
    object("serviceArtifactReference", kServiceArtifact).since(V::v2023_11),
});
inline constexpr Object kVirtualMachine{"VirtualMachineConfiguration", kVirtualMachineFields};

inline constexpr auto kCloudServiceFields = std::to_array<Field>({
    text("osFamily").needed(),
    text("targetOSVersion").until(V::v2018_08).named("osVersion"),
    text("currentOSVersion").until(V::v2018_08).in(kAnswer),
    text("osVersion").since(V::v2018_12),
});
inline constexpr Object kCloudService{"CloudServiceConfiguration", kCloudServiceFields};
// clang-format on

}  // namespace bluebatch::emulator::batch::wire::schema
