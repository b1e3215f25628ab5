#pragma once

#include "client/api/batch_types.hpp"

#include <nlohmann/json_fwd.hpp>

#include <span>
#include <string>

namespace bluebatch::client {

nlohmann::ordered_json to_json(PoolSpecification const& pool);
nlohmann::ordered_json to_json(JobSpecification const& job);
nlohmann::ordered_json to_json(TaskSpecification const& task);

// Members that are absent or of another type keep their defaults: what the service adds must not break us.
Pool read_pool(nlohmann::json const& json);
Job read_job(nlohmann::json const& json);
Node read_node(nlohmann::json const& json);
Task read_task(nlohmann::json const& json);
// Both shapes: flat before 2020-09, within "taskCounts" since.
TaskCounts read_task_counts(nlohmann::json const& json);

enum class AddTaskStatus : std::uint8_t { success, client_error, server_error };
struct AddTaskResult {
    std::string id;
    AddTaskStatus status = AddTaskStatus::success;
    std::string code;
    std::string message;
};
AddTaskResult read_add_task_result(nlohmann::json const& json);

}  // namespace bluebatch::client
