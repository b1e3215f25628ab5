#pragma once

#include "emulator/domain/task.hpp"
#include "emulator/domain/task_specification.hpp"

#include <optional>
#include <string_view>

namespace bluebatch::emulator::batch::wire {

// What a node needs to run a task, read from the documents of its job and its own. The job's common
// environment settings come first, and a task's own setting of the same name takes the place of the job's.
// Batch: JOB-12
domain::TaskSpecification read_task_specification(std::string_view job_document, domain::Task const& task);

struct StartTask {
    domain::TaskSpecification specification;
    bool wait_for_success = true;  // Batch: START-3
};

// The start task of a pool's document, if it has one.
std::optional<StartTask> read_start_task(std::string_view pool_document);

}  // namespace bluebatch::emulator::batch::wire
