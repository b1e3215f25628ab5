#pragma once

#include "emulator/domain/messages.hpp"
#include "emulator/node/environment.hpp"
#include "shared/base/random.hpp"

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>

namespace bluebatch::emulator::node {

// The directory trees of an account's nodes. Removing is a rename, so it never waits and what comes after
// finds an empty place; a thread of its own empties the folder of removed things. Thread-safe.
class NodeFiles {
public:
    NodeFiles(std::filesystem::path const& location, std::string account);
    ~NodeFiles();
    NodeFiles(NodeFiles const&) = delete;
    NodeFiles& operator=(NodeFiles const&) = delete;

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
    std::error_code throw_away(std::filesystem::path const& path);
    void empty_trash(std::stop_token const& stop);

    std::filesystem::path const location_;
    std::string const account_;
    std::filesystem::path const trash_;
    base::SystemRandom random_;

    std::mutex mutex_;
    std::condition_variable_any something_thrown_away_;
    bool trash_is_full_ = true;  // what an earlier life left there
    std::jthread remover_;
};

}  // namespace bluebatch::emulator::node
