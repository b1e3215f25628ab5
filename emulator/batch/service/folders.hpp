#pragma once

#include "emulator/batch/files/folder.hpp"
#include "emulator/batch/service/context.hpp"

namespace bluebatch::emulator::batch::service {

// Whose files are asked for.
struct NodeFiles {
    std::filesystem::path const& location;
    std::string_view account;
    bool is_simulated = false;  // tasks write none; those of earlier tasks are there
};

// The files of a task, on the node where it ran last. JobNotFound, TaskNotFound,
// OperationInvalidForCurrentState before its start, TaskFilesUnavailable, TaskFilesCleanedup. Batch: FILE-1,
// FILE-6, FILE-8
Result<files::Folder> open_task_folder(
    Context const& context, NodeFiles const& where, std::string_view job_id, std::string_view task_id
);

// All files of a node. PoolNotFound, NodeNotFound, OperationInvalidForCurrentState while the node can't be
// reached. Batch: FILE-1, FILE-9
Result<files::Folder> open_node_folder(
    Context const& context, NodeFiles const& where, std::string_view pool_id, std::string_view node_id
);

}  // namespace bluebatch::emulator::batch::service
