#pragma once

#include "emulator/batch/wire/json.hpp"
#include "emulator/domain/task.hpp"
#include "emulator/domain/task_specification.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::batch::wire {

// What a node needs to run a task, read from the documents of its job and its own. The job's common
// environment settings come first, and a task's own setting of the same name takes the place of the job's.
// Batch: JOB-12
domain::TaskSpecification read_task_specification(std::string_view job_document, domain::Task const& task);

// The same for many tasks in a row, without reading their job's document for each. Not thread-safe.
class TaskReader {
public:
    domain::TaskSpecification operator()(std::string_view job_document, domain::Task const& task);

private:
    std::string job_document_;
    std::vector<domain::NameValue> common_settings_;
};

// Limits; those that are not there are the defaults. `json` may be null.
domain::TaskConstraints read_task_constraints(Json const* json);

struct StartTask {
    domain::TaskSpecification specification;
    bool wait_for_success = true;  // Batch: START-3
};

// What a job runs on each of its nodes beside its tasks. Batch: PREP-1, REL-1
struct JobNodeTasks {
    std::string preparation_id;
    domain::TaskSpecification preparation;
    bool wait_for_success = true;
    bool reruns_after_reboot = true;
    std::string release_id;  // empty: there is no release task
    domain::TaskSpecification release;
};
// Of a job's document that has a preparation task.
JobNodeTasks read_job_node_tasks(std::string_view job_document);

// What the nodes of a pool get before their start task, of the pool's document.
domain::NodeSetup read_node_setup(std::string_view pool_document);

// The start task of a pool's document, if it has one.
std::optional<StartTask> read_start_task(std::string_view pool_document);

}  // namespace bluebatch::emulator::batch::wire
