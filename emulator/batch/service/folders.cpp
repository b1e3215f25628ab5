#include "emulator/batch/service/folders.hpp"

#include "emulator/domain/node_directories.hpp"

#include <fmt/format.h>

namespace bluebatch::emulator::batch::service {
namespace {

using domain::NodeState;

bool is_reachable(domain::Node const& node) {
    switch (node.state) {
        case NodeState::preempted:
        case NodeState::unusable:
        case NodeState::unknown:
        case NodeState::deallocated:
            return false;
        default:
            return true;
    }
}

}  // namespace

Result<files::Folder> open_task_folder(
    Context const& context, NodeFiles const& where, std::string_view job_id, std::string_view task_id
) {
    storage::Snapshot snapshot(context.database);
    auto& connection = snapshot.connection();
    auto const task = storage::find_task(connection, job_id, task_id);
    if (!task) {
        bool const has_job = storage::find_job(connection, job_id).has_value();
        return BatchError{has_job ? BatchErrorCode::task_not_found : BatchErrorCode::job_not_found, {}};
    }
    // Batch: FILE-6
    if (task->state == domain::TaskState::active || task->state == domain::TaskState::preparing) {
        return invalid_state(fmt::format(
            "The files of the specified task cannot be accessed as the task state is still {}",
            domain::to_word(task->state)
        ));
    }
    if (!task->place) {
        return invalid_state("The files of the specified task cannot be accessed as the task never ran");
    }
    BatchError unavailable{BatchErrorCode::task_files_unavailable, {}};
    if (where.is_simulated)
        unavailable.values.push_back({"Reason", "Tasks are simulated (--simulate); they write no files"});
    if (storage::files_removed(connection, task->sequence))
        return BatchError{BatchErrorCode::task_files_cleanedup, {}};
    auto const node = storage::find_node(connection, task->place->pool_id, task->place->node_id);
    if (!node || !is_reachable(*node)) return unavailable;
    auto const directories =
        domain::node_directories(where.location, where.account, task->place->pool_id, task->place->node_id);
    auto const path = directories.task(task->job_id, task->id);
    // The state is told before the node has made the folder.
    if (task->state == domain::TaskState::running && !where.is_simulated)
        std::filesystem::create_directories(path);
    auto const nodes = domain::nodes_folder(where.location, where.account);
    if (auto folder = files::Folder::open(nodes, path)) return std::move(*folder);
    return unavailable;
}

Result<files::Folder> open_node_folder(
    Context const& context, NodeFiles const& where, std::string_view pool_id, std::string_view node_id
) {
    storage::Snapshot snapshot(context.database);
    auto const pool = storage::find_pool(snapshot.connection(), pool_id);
    if (!pool) return BatchError{BatchErrorCode::pool_not_found, {}};
    auto const node = storage::find_node(snapshot.connection(), pool_id, node_id);
    if (!node) return BatchError{BatchErrorCode::node_not_found, {}};
    auto const directories = domain::node_directories(where.location, where.account, pool->id, node->id);
    if (is_reachable(*node)) {
        // Folders are made with a node's first run; before, it has none to show.
        std::filesystem::create_directories(directories.root);
        auto const nodes = domain::nodes_folder(where.location, where.account);
        if (auto folder = files::Folder::open(nodes, directories.root)) return std::move(*folder);
    }
    return invalid_state("The files of the node cannot be accessed in its present state");
}

}  // namespace bluebatch::emulator::batch::service
