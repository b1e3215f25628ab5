#include "emulator/batch/service/subtasks.hpp"

#include "emulator/batch/service/tasks.hpp"
#include "emulator/storage/batch/subtask_store.hpp"

namespace bluebatch::emulator::batch::service {

Result<TaskWithSubtasks> list_subtasks(Context const& context, std::string_view job_id, std::string_view id) {
    auto task = get_task(context, job_id, id, {});
    if (!task) return task.error();
    storage::Snapshot snapshot(context.database);
    auto subtasks = storage::list_subtasks(snapshot.connection(), task->sequence);
    return TaskWithSubtasks{std::move(*task), std::move(subtasks)};
}

std::vector<domain::TaskPlace> subtask_places_of(storage::Connection& connection, domain::Task const& task) {
    std::vector<domain::TaskPlace> places;
    if (task.instances == 0) return places;
    for (auto& subtask : storage::list_subtasks(connection, task.sequence))
        places.push_back(std::move(subtask.place));
    return places;
}

}  // namespace bluebatch::emulator::batch::service
