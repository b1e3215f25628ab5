#pragma once

#include "emulator/batch/service/conditions.hpp"
#include "emulator/domain/subtask.hpp"

namespace bluebatch::emulator::batch::service {

struct TaskWithSubtasks {
    domain::Task task;
    std::vector<domain::Subtask> subtasks;
};

// What the nodes of a multi-instance task do and did; nothing for any other task. JobNotFound, TaskNotFound.
// Batch: MI-6
Result<TaskWithSubtasks> list_subtasks(Context const& context, std::string_view job_id, std::string_view id);

// Where they have their files.
std::vector<domain::TaskPlace> subtask_places_of(storage::Connection& connection, domain::Task const& task);

}  // namespace bluebatch::emulator::batch::service
