#pragma once

#include "emulator/batch/wire/schema/virtual_machine.hpp"

// Bodies about logging in to nodes, their logs and their extensions.
namespace bluebatch::emulator::batch::wire::schema {

inline constexpr auto kStatusLevels = std::to_array<std::string_view>({"Error", "Info", "Warning"});

// clang-format off
inline constexpr auto kNodeUserFields = std::to_array<Field>({
    text("name").needed(),
    truth("isAdmin"),
    time("expiryTime"),
    text("password"),
    text("sshPublicKey"),
});
inline constexpr Object kNodeUser{"ComputeNodeUser", kNodeUserFields};

inline constexpr auto kNodeUserUpdateFields = std::to_array<Field>({
    text("password"),
    time("expiryTime"),
    text("sshPublicKey"),
});
inline constexpr Object kNodeUserUpdate{"NodeUpdateUserParameter", kNodeUserUpdateFields};

inline constexpr auto kRemoteLoginFields = std::to_array<Field>({
    text("ipv6RemoteLoginIPAddress").since(V::v2025_06),
    integer("ipv6RemoteLoginPort").since(V::v2025_06),
    text("remoteLoginIPAddress"),
    integer("remoteLoginPort"),
});
inline constexpr Object kRemoteLogin{"ComputeNodeGetRemoteLoginSettingsResult", kRemoteLoginFields};

inline constexpr auto kUploadLogsFields = std::to_array<Field>({
    text("containerUrl").needed(),
    time("startTime").needed(),
    time("endTime"),
    object("identityReference", kIdentityReference).since(V::v2021_06),
});
inline constexpr Object kUploadLogs{"UploadBatchServiceLogsConfiguration", kUploadLogsFields};

inline constexpr auto kStatusFields = std::to_array<Field>({
    text("code"),
    text("displayStatus"),
    word("level", kStatusLevels),
    text("message"),
    time("time"),
});
inline constexpr Object kStatus{"InstanceViewStatus", kStatusFields};

inline constexpr auto kInstanceViewFields = std::to_array<Field>({
    text("name"),
    objects("statuses", kStatus),
});
inline constexpr Object kInstanceView{"VMExtensionInstanceView", kInstanceViewFields};

inline constexpr auto kNodeExtensionFields = std::to_array<Field>({
    text("provisioningState"),
    object("vmExtension", kExtension),
    object("instanceView", kInstanceView),
});
inline constexpr Object kNodeExtension{"NodeVMExtension", kNodeExtensionFields};
// clang-format on

}  // namespace bluebatch::emulator::batch::wire::schema
