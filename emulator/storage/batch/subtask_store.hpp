#pragma once

#include "emulator/domain/subtask.hpp"
#include "emulator/storage/sqlite.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

// What the nodes of multi-instance tasks did; it goes with the task. Batch: MI-6
namespace bluebatch::emulator::storage {

// Adds it, or takes the place of the one of that number. `task` is the task's sequence, here and below.
void put_subtask(Transaction& transaction, std::int64_t task, domain::Subtask const& subtask);

// In order of their numbers.
std::vector<domain::Subtask> list_subtasks(Connection& connection, std::int64_t task);

void delete_subtasks(Transaction& transaction, std::int64_t task);

// How many more nodes than tasks the waiting multi-instance tasks of a job want. Batch: MI-10
std::int64_t count_further_instances(Connection& connection, std::string_view job_id);

}  // namespace bluebatch::emulator::storage
