#pragma once

#include "emulator/domain/container.hpp"
#include "emulator/domain/messages.hpp"
#include "emulator/node/environment.hpp"
#include "shared/base/result.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

// Command lines of podman and docker, which are alike as far as they are needed here.
namespace bluebatch::emulator::node {

// podman, which needs no service and no rights, else docker; the first on `path`.
std::optional<std::filesystem::path> find_container_program(std::string_view path);

// What the program itself may see of the emulator's environment.
Environment container_program_environment();

struct ContainerCall {
    std::vector<std::string> arguments;  // without argv[0]
    Environment environment;  // of the program; secrets of the command are here and not in the arguments
};

// Runs the command of a task: with its working directory, the node's tree at the same place as outside, and
// the variables of the service and of the user, but none of this machine. Fails when a text cannot be split
// into words. Batch: TASK-54, TASK-55
base::Result<ContainerCall> make_container_run(
    domain::RunCommand const& command,
    RunDirectories const& directories,
    Environment const& environment,
    Environment const& program_environment,
    std::string const& name
);

// "auths" for registries that ask who one is; both programs read it. Fails for a server whose name is none.
base::Result<std::string> write_registry_access(std::vector<domain::ContainerRegistry> const& registries);

}  // namespace bluebatch::emulator::node
