#pragma once

#include "emulator/batch/wire/schema.hpp"

#include <array>

// Containers of pools and tasks.
namespace bluebatch::emulator::batch::wire::schema {

inline constexpr auto kContainerTypes =
    std::to_array<std::string_view>({"dockerCompatible", "criCompatible"});
inline constexpr auto kContainerWorkingDirectories =
    std::to_array<std::string_view>({"taskWorkingDirectory", "containerImageDefault"});
inline constexpr auto kContainerMountSources =
    std::to_array<std::string_view>({"Shared", "Startup", "VfsMounts", "Task", "JobPrep", "Applications"});

// clang-format off
inline constexpr Object kRegistryIdentity{"ComputeNodeIdentityReference", {}};

// Passwords are kept, because nodes need them, and never answered.
inline constexpr auto kContainerRegistryFields = std::to_array<Field>({
    text("registryServer"),
    text("username"),
    text("password").in(kAdd | kPatch | kReplace),
    object("identityReference", kRegistryIdentity).since(ApiVersion::v2021_06).unsupported(),
});
inline constexpr Object kContainerRegistry{"ContainerRegistry", kContainerRegistryFields};

inline constexpr auto kContainerConfigurationFields = std::to_array<Field>({
    word("type", kContainerTypes).needed(),
    texts("containerImageNames"),
    objects("containerRegistries", kContainerRegistry),
});
inline constexpr Object kContainerConfiguration{"ContainerConfiguration", kContainerConfigurationFields};

inline constexpr auto kContainerMountFields = std::to_array<Field>({
    word("source", kContainerMountSources),
    truth("isReadOnly"),
});
inline constexpr Object kContainerMount{"ContainerHostBatchBindMountEntry", kContainerMountFields};

inline constexpr auto kContainerSettingsFields = std::to_array<Field>({
    text("containerRunOptions"),
    text("imageName").needed(),
    object("registry", kContainerRegistry),
    word("workingDirectory", kContainerWorkingDirectories).since(ApiVersion::v2019_06),
    objects("containerHostBatchBindMounts", kContainerMount).since(ApiVersion::v2024_07),
});
inline constexpr Object kContainerSettings{"TaskContainerSettings", kContainerSettingsFields};
// clang-format on

}  // namespace bluebatch::emulator::batch::wire::schema
