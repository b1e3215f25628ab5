#pragma once

#include "shared/base/time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What the client says to Batch and hears from it, in Batch's own words.
namespace bluebatch::client {

struct MetadataItem {
    std::string name;
    std::string value;

    friend bool operator==(MetadataItem const&, MetadataItem const&) = default;
};

struct ImageReference {
    std::string publisher;
    std::string offer;
    std::string sku;
    std::string version = "latest";
};

enum class ElevationLevel : std::uint8_t { non_admin, admin };

struct StartTaskSpecification {
    std::string command_line;
    ElevationLevel elevation_level = ElevationLevel::non_admin;
    bool wait_for_success = true;
    int max_task_retry_count = 0;
};

struct PoolSpecification {
    std::string id;
    std::string vm_size;
    ImageReference image_reference;
    std::string node_agent_sku_id;
    int target_dedicated_nodes = 0;
    int target_low_priority_nodes = 0;
    int task_slots_per_node = 1;
    std::optional<StartTaskSpecification> start_task;
    std::vector<MetadataItem> metadata;
};

struct JobSpecification {
    std::string id;
    std::string pool_id;
    std::vector<MetadataItem> metadata;
};

struct ResourceFile {
    std::string http_url;
    std::string file_path;
};

struct OutputFile {
    std::string file_pattern;
    std::string container_url;
    std::string path;  // the blob's name
};

struct TaskSpecification {
    std::string id;
    std::string command_line;
    std::vector<ResourceFile> resource_files;
    std::vector<OutputFile> output_files;  // uploaded on success
};

struct ResizeError {
    std::string code;
    std::string message;
};

struct Pool {
    std::string id;
    std::string state;             // "active", "deleting"
    std::string allocation_state;  // "steady", "resizing", "stopping"
    int current_nodes = 0;         // dedicated and low-priority
    int target_nodes = 0;
    std::vector<ResizeError> resize_errors;
    std::vector<MetadataItem> metadata;
};

struct Job {
    std::string id;
    std::string state;
    std::string pool_id;
    std::vector<MetadataItem> metadata;
};

struct FailureInfo {
    std::string category;
    std::string code;
    std::string message;
    std::vector<MetadataItem> details;
};

struct Node {
    std::string id;
    std::string state;
    std::optional<int> start_task_exit_code;
    std::optional<FailureInfo> start_task_failure;
};

enum class TaskResult : std::uint8_t { none, success, failure };

struct Task {
    std::string id;
    std::string state;
    std::optional<base::TimePoint> state_transition_time;
    TaskResult result = TaskResult::none;
    std::optional<int> exit_code;
    std::optional<FailureInfo> failure;
    std::optional<base::TimePoint> start_time;
    std::optional<base::TimePoint> end_time;
    std::string node_id;
};

struct TaskCounts {
    std::int64_t active = 0;
    std::int64_t running = 0;
    std::int64_t completed = 0;
    std::int64_t succeeded = 0;
    std::int64_t failed = 0;
};

// A task of a collection that the service did not take.
struct RefusedTask {
    std::string id;
    std::string code;
    std::string message;
};

}  // namespace bluebatch::client
