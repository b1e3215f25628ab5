#pragma once

#include "emulator/batch/wire/schema.hpp"
#include "emulator/batch/wire/schema/container.hpp"

#include <array>

// Objects that pools, jobs and tasks share. Names in the tables are those of the service.
namespace bluebatch::emulator::batch::wire::schema {

using V = ApiVersion;

inline constexpr auto kElevationLevels = std::to_array<std::string_view>({"nonadmin", "admin"});
inline constexpr auto kAutoUserScopes = std::to_array<std::string_view>({"pool", "task"});
inline constexpr auto kUploadConditions =
    std::to_array<std::string_view>({"TaskSuccess", "TaskFailure", "TaskCompletion"});
inline constexpr auto kNodeOptions =
    std::to_array<std::string_view>({"requeue", "terminate", "taskcompletion", "retaineddata"});
inline constexpr auto kErrorCategories = std::to_array<std::string_view>({"UserError", "ServerError"});
inline constexpr auto kStoreLocations = std::to_array<std::string_view>({"CurrentUser", "LocalMachine"});
inline constexpr auto kVisibilities = std::to_array<std::string_view>({"starttask", "task", "remoteuser"});
inline constexpr auto kResults = std::to_array<std::string_view>({"success", "failure"});

inline constexpr auto kAccessScopes = std::to_array<std::string_view>({"job"});

// clang-format off
inline constexpr auto kNameValueFields = std::to_array<Field>({
    text("name"),
    text("value"),
});
inline constexpr Object kNameValue{"NameValuePair", kNameValueFields};

inline constexpr auto kMetadataFields = std::to_array<Field>({
    text("name").needed(),
    text("value").needed(),
});
inline constexpr Object kMetadata{"MetadataItem", kMetadataFields};

inline constexpr auto kEnvironmentSettingFields = std::to_array<Field>({
    text("name").needed(),
    text("value"),
});
inline constexpr Object kEnvironmentSetting{"EnvironmentSetting", kEnvironmentSettingFields};

inline constexpr auto kIdentityReferenceFields = std::to_array<Field>({
    text("resourceId"),
});
inline constexpr Object kIdentityReference{"ComputeNodeIdentityReference", kIdentityReferenceFields};

inline constexpr auto kResourceFileFields = std::to_array<Field>({
    text("blobSource").until(V::v2018_08).needed().named("httpUrl"),
    text("autoStorageContainerName").since(V::v2018_12),
    text("storageContainerUrl").since(V::v2018_12),
    text("httpUrl").since(V::v2018_12),
    text("blobPrefix").since(V::v2018_12),
    text("filePath"),
    text("fileMode"),
    object("identityReference", kIdentityReference).since(V::v2021_06),
});
inline constexpr Object kResourceFile{"ResourceFile", kResourceFileFields};

inline constexpr auto kAutoUserFields = std::to_array<Field>({
    word("scope", kAutoUserScopes),
    word("elevationLevel", kElevationLevels),
});
inline constexpr Object kAutoUser{"AutoUserSpecification", kAutoUserFields};

inline constexpr auto kUserIdentityFields = std::to_array<Field>({
    text("username"),
    object("autoUser", kAutoUser),
});
inline constexpr Object kUserIdentity{"UserIdentity", kUserIdentityFields};

inline constexpr auto kCertificateReferenceFields = std::to_array<Field>({
    text("thumbprint").needed(),
    text("thumbprintAlgorithm").needed(),
    word("storeLocation", kStoreLocations),
    text("storeName"),
    words("visibility", kVisibilities),
});
inline constexpr Object kCertificateReference{"CertificateReference", kCertificateReferenceFields};

inline constexpr auto kPackageReferenceFields = std::to_array<Field>({
    text("applicationId").needed(),
    text("version"),
});
inline constexpr Object kPackageReference{"ApplicationPackageReference", kPackageReferenceFields};

inline constexpr auto kFailureInfoFields = std::to_array<Field>({
    word("category", kErrorCategories),
    text("code"),
    text("message"),
    objects("details", kNameValue),
});
inline constexpr Object kFailureInfo{"TaskFailureInformation", kFailureInfoFields};
// clang-format on

}  // namespace bluebatch::emulator::batch::wire::schema
