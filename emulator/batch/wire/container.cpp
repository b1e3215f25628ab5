#include "emulator/batch/wire/container.hpp"

namespace bluebatch::emulator::batch::wire {
namespace {

domain::ContainerRegistry read_registry(Json const& json) {
    return {
        std::string(text_of(json, "registryServer")),
        std::string(text_of(json, "username")),
        std::string(text_of(json, "password"))};
}

}  // namespace

std::optional<domain::ContainerSettings> read_container_settings(Json const& task) {
    auto const* const json = find(task, "containerSettings");
    if (json == nullptr) return std::nullopt;
    domain::ContainerSettings settings;
    settings.image = text_of(*json, "imageName");
    settings.run_options = text_of(*json, "containerRunOptions");
    if (auto const* const registry = find(*json, "registry")) settings.registry = read_registry(*registry);
    if (text_of(*json, "workingDirectory") == "containerImageDefault")
        settings.working_directory = domain::ContainerSettings::WorkingDirectory::of_image;
    auto const* const mounts = find(*json, "containerHostBatchBindMounts");
    if (mounts == nullptr) return settings;
    settings.mounts.emplace();
    for (auto const& mount : *mounts) {
        auto const* const read_only = find(mount, "isReadOnly");
        settings.mounts->push_back(
            {std::string(text_of(mount, "source")), read_only != nullptr && read_only->get<bool>()}
        );
    }
    return settings;
}

std::optional<domain::ContainerSetup> read_container_setup(Json const& pool) {
    auto const* const machine = find(pool, "virtualMachineConfiguration");
    auto const* const json = machine != nullptr ? find(*machine, "containerConfiguration") : nullptr;
    if (json == nullptr) return std::nullopt;
    domain::ContainerSetup setup;
    if (auto const* const images = find(*json, "containerImageNames"))
        setup.images = images->get<std::vector<std::string>>();
    if (auto const* const registries = find(*json, "containerRegistries")) {
        for (auto const& registry : *registries)
            setup.registries.push_back(read_registry(registry));
    }
    return setup;
}

}  // namespace bluebatch::emulator::batch::wire
