#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bluebatch::emulator::domain {

struct ContainerRegistry {
    std::string server;  // empty: docker.io
    std::string user_name;
    std::string password;

    bool operator==(ContainerRegistry const&) const = default;
};

// What the nodes of a pool that runs containers get. Batch: POOL-33
struct ContainerSetup {
    std::vector<std::string> images;
    std::vector<ContainerRegistry> registries;
};

// A folder of the node that a container sees, by the service's name for it.
struct ContainerMount {
    std::string source;  // "Shared", "Startup", "VfsMounts", "Task", "JobPrep", "Applications"
    bool is_read_only = false;
};

// What makes a command run in a container. Batch: TASK-54
struct ContainerSettings {
    enum class WorkingDirectory : std::uint8_t { of_task, of_image };

    std::string image;
    std::string run_options;
    std::optional<ContainerRegistry> registry;
    WorkingDirectory working_directory = WorkingDirectory::of_task;
    std::optional<std::vector<ContainerMount>> mounts;  // empty: the whole tree of the node
};

}  // namespace bluebatch::emulator::domain
