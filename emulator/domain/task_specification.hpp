#pragma once

#include "emulator/domain/container.hpp"
#include "emulator/domain/failure.hpp"
#include "shared/base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bluebatch::emulator::domain {

inline constexpr base::Ticks kDefaultRetentionTime = std::chrono::days{7};
inline constexpr int kUnlimitedRetries = -1;

// Exactly one source is set. Batch: RES-1
struct ResourceFile {
    std::string http_url;
    std::string storage_container_url;
    std::string auto_storage_container_name;
    std::string blob_prefix;
    std::string file_path;
    std::string file_mode;      // octal; empty: 0770
    std::string identity = {};  // the resource id of what opens the source; may be empty. Batch: RES-7
};

enum class UploadCondition : std::uint8_t { task_success, task_failure, task_completion };
template <>
inline constexpr auto kWords<UploadCondition> =
    std::to_array<std::string_view>({"tasksuccess", "taskfailure", "taskcompletion"});

struct OutputFile {
    std::string file_pattern;
    std::string container_url;  // with its SAS
    std::string path;
    std::vector<NameValue> upload_headers;
    UploadCondition upload_condition = UploadCondition::task_completion;
    std::string identity = {};  // as with resource files. Batch: OUT-10
};

// A version of an application, the default one where `version` is empty.
struct PackageReference {
    std::string application_id;
    std::string version;

    bool operator==(PackageReference const&) const = default;
};

struct TaskConstraints {
    base::Ticks max_wall_clock_time = base::kUnlimited;
    base::Ticks retention_time = kDefaultRetentionTime;
    int max_task_retry_count = 0;
};

// What all nodes of a multi-instance task do before the primary's command. Batch: MI-3
struct Coordination {
    std::string command_line;
    std::vector<ResourceFile> common_resource_files;
};

// What a node needs to run a command: the common part of tasks, start tasks, and (later) preparation and
// release tasks.
struct TaskSpecification {
    std::string command_line;
    std::vector<ResourceFile> resource_files;
    std::vector<OutputFile> output_files;
    std::vector<NameValue>
        environment_settings;  // the job's common ones already merged in, the task's own winning
    std::vector<PackageReference> application_packages;  // beside those of the pool. Batch: APP-3
    std::optional<ContainerSettings> container;          // that the command runs in
    bool opens_job = false;  // it is given a token for its own job. Batch: TASK-56
    TaskConstraints constraints;
    std::optional<Coordination> coordination;  // of a multi-instance task
};

// What a node gets when it joins its pool, before the start task. Batch: APP-2
struct NodeSetup {
    std::vector<PackageReference> application_packages;

    std::optional<ContainerSetup> containers;  // of pools whose tasks run in containers

    bool is_empty() const { return application_packages.empty() && !containers; }
};

}  // namespace bluebatch::emulator::domain
