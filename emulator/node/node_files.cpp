#include "emulator/node/node_files.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <initializer_list>

namespace bluebatch::emulator::node {

namespace {

namespace fs = std::filesystem;

constexpr ::mode_t kFolderMode = 0755;

std::error_code make_folder(fs::path const& folder) {
    if (::mkdir(folder.c_str(), kFolderMode) == 0) return {};
    return {errno, std::generic_category()};
}

std::error_code make_node_folders(domain::NodeDirectories const& node) {
    for (fs::path const& folder :
         {node.shared(), node.startup() / "wd", node.applications(), node.mounts(), node.volatile_files()}) {
        std::error_code error;
        fs::create_directories(folder, error);
        if (error) return error;
    }
    return {};
}

}  // namespace

NodeFiles::NodeFiles(fs::path const& location, std::string account)
    // One spelling in every life of the emulator: orphans are known by it.
    : location_(fs::weakly_canonical(location)),
      account_(std::move(account)),
      trash_(domain::trash_folder(location_, account_)) {
    fs::create_directories(root());
}

fs::path NodeFiles::root() const {
    return domain::nodes_folder(location_, account_);
}

RunDirectories NodeFiles::directories_of(domain::RunCommand const& command) const {
    domain::NodeDirectories node =
        domain::node_directories(location_, account_, command.pool_id, command.node_id);
    fs::path task =
        domain::is_of_node(command.kind) ? node.startup() : node.task(command.job_id, command.task_id);
    return {std::move(node), std::move(task)};
}

std::error_code NodeFiles::make_node(domain::NodeDirectories const& node) {
    return make_node_folders(node);
}

std::error_code NodeFiles::prepare(RunDirectories const& directories) {
    // In the usual case neither the task's directory nor anything else is to be made or removed first.
    std::error_code error = make_folder(directories.task);
    // Who reads a task's files makes its directory when it is not there, also between these two.
    while (error == std::errc::file_exists) {
        if (auto const kept = trash_.throw_away(directories.task)) return kept;
        error = make_folder(directories.task);
    }
    if (error == std::errc::no_such_file_or_directory) {
        if (auto const failed = make_node_folders(directories.node)) return failed;
        fs::create_directories(directories.task, error);
    }
    if (error) return error;
    error = make_folder(directories.working());
    return error == std::errc::file_exists ? std::error_code{} : error;
}

std::error_code NodeFiles::keep(RunDirectories const& directories) {
    std::error_code error;
    fs::create_directories(directories.working(), error);
    return error;
}

void NodeFiles::remove_task(
    std::string_view pool_id, std::string_view node_id, std::string_view job_id, std::string_view task_id
) {
    trash_.throw_away(domain::node_directories(location_, account_, pool_id, node_id).task(job_id, task_id));
}

void NodeFiles::remove_job(std::string_view pool_id, std::string_view job_id) {
    fs::path const pool = domain::node_directories(location_, account_, pool_id, "").root;
    std::error_code error;
    std::error_code ignored;
    for (fs::directory_iterator it(pool, error), end; !error && it != end; it.increment(error)) {
        std::string const node_id = it->path().filename();
        auto const job = domain::node_directories(location_, account_, pool_id, node_id).job(job_id);
        trash_.throw_away(job);
        fs::remove(job.parent_path(), ignored);  // unless other jobs of a schedule are in it
    }
}

domain::NodeDirectories NodeFiles::remove_node(std::string_view pool_id, std::string_view node_id) {
    auto node = domain::node_directories(location_, account_, pool_id, node_id);
    trash_.throw_away(node.root);
    return node;
}

}  // namespace bluebatch::emulator::node
