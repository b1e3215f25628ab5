#include "emulator/batch/wire/entities.hpp"
#include "emulator/batch/wire/parts.hpp"
#include "emulator/domain/node_directories.hpp"

namespace bluebatch::emulator::batch::wire {

// Batch: PREP-9
Json to_json(domain::JobOnNode const& status, JobNodeTasks const& tasks, Urls const& urls) {
    auto const node_url = urls.node(status.pool_id, status.node_id);
    auto const to_info = [&](domain::NodeTaskInfo const& info, std::string const& task_id) {
        auto json = to_json(info);
        auto const root = domain::task_root_directory(status.job_id, task_id);
        json["taskRootDirectory"] = root;
        json["taskRootDirectoryUrl"] = node_url + "/files/" + root;
        return json;
    };
    Json json{{"poolId", status.pool_id}, {"nodeId", status.node_id}, {"nodeUrl", node_url}};
    json["jobPreparationTaskExecutionInfo"] = to_info(status.preparation, tasks.preparation_id);
    if (status.release) json["jobReleaseTaskExecutionInfo"] = to_info(*status.release, tasks.release_id);
    return json;
}

}  // namespace bluebatch::emulator::batch::wire
