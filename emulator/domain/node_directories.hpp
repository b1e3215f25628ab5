#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace bluebatch::emulator::domain {

// "workitems/<job>/job-1", or "workitems/<schedule>/job-<N>" for a job of a schedule, whose id has a colon.
inline std::string job_root_directory(std::string_view job_id) {
    auto const colon = job_id.find(':');
    bool const is_of_schedule = colon != std::string_view::npos;
    return std::string("workitems/")
        .append(job_id.substr(0, colon))
        .append("/")
        .append(is_of_schedule ? job_id.substr(colon + 1) : "job-1");
}

// Where a node keeps its files; pure path arithmetic. Ids are at most 64 letters, digits, '-' and '_', so
// they are safe names. Batch: ENV-2, ENV-3
struct NodeDirectories {
    std::filesystem::path root;  // AZ_BATCH_NODE_ROOT_DIR

    std::filesystem::path shared() const { return root / "shared"; }
    std::filesystem::path startup() const { return root / "startup"; }
    std::filesystem::path applications() const { return root / "applications"; }
    std::filesystem::path mounts() const { return root / "fsmounts"; }
    std::filesystem::path volatile_files() const { return root / "volatile"; }
    std::filesystem::path job(std::string_view job_id) const { return root / job_root_directory(job_id); }
    std::filesystem::path task(std::string_view job_id, std::string_view task_id) const {
        return job(job_id) / task_id;
    }
};

// "workitems/<job>/job-1/<task>", as nodeInfo tells it. Batch: TASK-16
inline std::string task_root_directory(std::string_view job_id, std::string_view task_id) {
    return job_root_directory(job_id).append("/").append(task_id);
}

// Of all nodes of an account.
std::filesystem::path nodes_folder(std::filesystem::path const& location, std::string_view account);

// Of what an account's nodes no longer need, until it is removed.
std::filesystem::path trash_folder(std::filesystem::path const& location, std::string_view account);

// Of what accounts had that are gone, until it is removed.
std::filesystem::path removed_folder(std::filesystem::path const& location);

// Pool ids compare without case, so their folder does not keep it.
NodeDirectories node_directories(
    std::filesystem::path const& location,
    std::string_view account,
    std::string_view pool_id,
    std::string_view node_id
);

}  // namespace bluebatch::emulator::domain
