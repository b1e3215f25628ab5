#include "emulator/node/orphans.hpp"

#include "shared/base/text.hpp"
#include "shared/base/unique_descriptor.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <sys/stat.h>
#include <sys/syscall.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <system_error>

namespace bluebatch::emulator::node {

namespace {

namespace fs = std::filesystem;

constexpr int kRounds = 10;  // each ends what the one before was too early for
constexpr int kDiesWithinMilliseconds = 1000;

// Unreadable, as those of other users are: nothing.
bool is_task_of(pid_t process, std::string const& marker) {
    std::ifstream file("/proc/" + std::to_string(process) + "/environ", std::ios::binary);
    std::string const environment(std::istreambuf_iterator<char>(file), {});
    return environment.starts_with(marker) || environment.find('\0' + marker) != std::string::npos;
}

// Through a handle, so that the number cannot have come to mean another process in between.
bool end_process(pid_t process, std::string const& marker) {
    base::UniqueDescriptor const handle(static_cast<int>(::syscall(SYS_pidfd_open, process, 0)));
    if (!handle || !is_task_of(process, marker)) return false;
    pid_t const group = ::getpgid(process);
    // Its children may have an environment of their own, but they are in its group.
    if (group > 1 && group != ::getpgrp()) ::kill(-group, SIGKILL);
    if (::syscall(SYS_pidfd_send_signal, handle.get(), SIGKILL, nullptr, 0) != 0) return false;
    // Gone for sure before its task runs again, and not met a second time in the next round.
    ::pollfd death{handle.get(), POLLIN, 0};
    ::poll(&death, 1, kDiesWithinMilliseconds);
    return true;
}

std::size_t end_once(std::string const& marker) {
    std::size_t ended = 0;
    std::error_code error;
    for (fs::directory_iterator it("/proc", error), end; !error && it != end; it.increment(error)) {
        auto const process = base::parse_number<pid_t>(it->path().filename().string());
        if (!process || *process == ::getpid()) continue;
        struct stat information {};
        bool const is_ours =
            ::stat(it->path().c_str(), &information) == 0 && information.st_uid == ::getuid();
        if (is_ours && is_task_of(*process, marker) && end_process(*process, marker)) ++ended;
    }
    return ended;
}

}  // namespace

std::size_t end_orphans(fs::path const& nodes) {
    std::string const marker = "AZ_BATCH_NODE_ROOT_DIR=" + nodes.string() + '/';
    std::size_t ended = 0;
    for (int round = 0; round < kRounds; ++round) {
        std::size_t const now = end_once(marker);
        if (now == 0) break;
        ended += now;
    }
    return ended;
}

}  // namespace bluebatch::emulator::node
