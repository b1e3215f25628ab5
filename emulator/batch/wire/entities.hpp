#pragma once

#include "emulator/batch/wire/json.hpp"
#include "emulator/batch/wire/task_specification.hpp"
#include "emulator/batch/wire/urls.hpp"
#include "emulator/batch/wire/writer.hpp"
#include "emulator/domain/job.hpp"
#include "emulator/domain/job_schedule.hpp"
#include "emulator/domain/node.hpp"
#include "emulator/domain/node_task.hpp"
#include "emulator/domain/pool.hpp"
#include "emulator/domain/subtask.hpp"
#include "emulator/domain/task.hpp"

// Entities in the newest shape; write_object() turns them into older ones.
namespace bluebatch::emulator::batch::wire {

struct CurrentNodes {
    int dedicated = 0;
    int low_priority = 0;
};

Json to_json(domain::Pool const& pool, CurrentNodes const& current, Urls const& urls);
Json to_json(domain::AutoScaleRun const& run);
Json to_json(domain::Job const& job, Urls const& urls);
Json to_json(domain::JobSchedule const& schedule, Urls const& urls);

// Only members that are selected are made.
Json to_json(domain::Task const& task, Urls const& urls, Selection const& selection);

// Of that task. Batch: MI-6
Json to_json(domain::Subtask const& subtask, domain::Task const& task, Urls const& urls);

// `pool_document` tells what a node shows of its pool.
Json to_json(domain::Node const& node, std::string_view vm_size, Json const& pool_document, Urls const& urls);

// `tasks` names the two tasks of the job.
Json to_json(domain::JobOnNode const& status, JobNodeTasks const& tasks, Urls const& urls);

// {"taskCounts": ..., "taskSlotCounts": ...}, as versions since 2020-09-01 have it.
Json to_json(domain::TaskCounts const& counts);
// The flat form before that.
Json to_flat_json(domain::TaskCounts const& counts);

}  // namespace bluebatch::emulator::batch::wire
