#pragma once

#include "emulator/domain/messages.hpp"
#include "emulator/node/command.hpp"
#include "emulator/node/container_cli.hpp"

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

namespace bluebatch::emulator::node {

// Commands in containers, by podman or docker of this machine. Thread-safe.
class Containers {
public:
    // `program` may be empty; nothing runs in a container then.
    explicit Containers(std::filesystem::path program)
        : program_(std::move(program)), environment_(container_program_environment()) {}

    // What a node gets when it joins a pool: images, and who it is at registries; nothing: its tasks run
    // without containers. Says why it could not. Batch: POOL-33
    std::optional<domain::FailureInfo> set_up(
        domain::NodeDirectories const& node,
        std::optional<domain::ContainerSetup> const& setup,
        std::stop_token const& stop
    );
    void forget(domain::NodeDirectories const& node);

    // Whether tasks and pool agree about containers, and the image, which is brought if it is not there.
    std::optional<domain::FailureInfo> prepare(
        domain::RunCommand const& command, RunDirectories const& directories, std::stop_token const& stop
    );
    CommandOutcome run(
        domain::RunCommand const& command,
        RunDirectories const& directories,
        Environment const& environment,
        CommandFiles files,
        UseMeter::Run& meter,
        std::stop_token const& stop
    );

private:
    using Registries = std::vector<domain::ContainerRegistry>;

    std::optional<Registries> registries_of(domain::NodeDirectories const& node) const;
    std::optional<domain::FailureInfo> bring_image(
        std::string const& image, Registries const& registries, std::stop_token const& stop
    );
    // Runs the program for its own sake; what it said is the failure.
    std::optional<std::string> call(
        std::vector<std::string> arguments, Environment const& environment, std::stop_token const& stop
    );

    std::filesystem::path const program_;
    Environment const environment_;
    mutable std::mutex mutex_;
    std::map<std::filesystem::path, Registries> of_nodes_;  // those that run containers
};

}  // namespace bluebatch::emulator::node
