#pragma once

#include "emulator/domain/messages.hpp"
#include "emulator/node/environment.hpp"
#include "emulator/node/trash.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

namespace bluebatch::emulator::node {

// The directory trees of an account's nodes. Removing never waits, and what comes after finds an empty place.
// Thread-safe.
class NodeFiles {
public:
    NodeFiles(std::filesystem::path const& location, std::string account);

    // Below it are all files of the account's nodes.
    std::filesystem::path root() const;
    RunDirectories directories_of(domain::RunCommand const& command) const;
    // The node's own tree; what is there already stays.
    static std::error_code make_node(domain::NodeDirectories const& node);
    // An empty directory for the run, with wd in it, and the node's own tree around it. Batch: TASK-22, ENV-2
    std::error_code prepare(RunDirectories const& directories);
    // The same with what an earlier run of the task left there.
    static std::error_code keep(RunDirectories const& directories);

    void remove_task(
        std::string_view pool_id, std::string_view node_id, std::string_view job_id, std::string_view task_id
    );
    void remove_job(std::string_view pool_id, std::string_view job_id);
    // Tells which node that was.
    domain::NodeDirectories remove_node(std::string_view pool_id, std::string_view node_id);

private:
    std::filesystem::path const location_;
    std::string const account_;
    Trash trash_;
};

}  // namespace bluebatch::emulator::node
