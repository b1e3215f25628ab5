#include "emulator/app/location.hpp"

#include "emulator/node/orphans.hpp"
#include "emulator/node/trash.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <sys/file.h>
#include <sys/statvfs.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <system_error>
#include <vector>

namespace bluebatch::emulator::app {

namespace {

namespace fs = std::filesystem;

constexpr auto kLockName = "lock";
constexpr auto kTemporaryPrefix = "bluebatch-in-memory-";
constexpr unsigned long kEnoughFreeBytes = 512UL << 20;

base::UniqueDescriptor open_lock(fs::path const& folder) {
    return base::UniqueDescriptor{::open((folder / kLockName).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
}

bool try_lock(base::UniqueDescriptor const& lock) {
    return ::flock(lock.get(), LOCK_EX | LOCK_NB) == 0;
}

void write_pid(base::UniqueDescriptor const& lock) {
    auto const text = fmt::format("{}\n", ::getpid());
    if (::ftruncate(lock.get(), 0) != 0 || ::pwrite(lock.get(), text.data(), text.size(), 0) < 0)
        throw std::system_error(errno, std::generic_category(), "lock file");
}

std::string read_pid(base::UniqueDescriptor const& lock) {
    std::array<char, 32> text{};
    auto const size = ::pread(lock.get(), text.data(), text.size(), 0);
    std::string pid(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    while (!pid.empty() && pid.back() == '\n')
        pid.pop_back();
    return pid;
}

// Tasks run programs from their working directories, so a file system mounted noexec does not do.
bool is_fit(fs::path const& folder) {
    struct statvfs info {};
    return ::access(folder.c_str(), W_OK | X_OK) == 0 && ::statvfs(folder.c_str(), &info) == 0 &&
           (info.f_flag & ST_NOEXEC) == 0 && info.f_bavail * info.f_frsize >= kEnoughFreeBytes;
}

fs::path temporary_root() {
    return is_fit("/dev/shm") ? fs::path("/dev/shm") : fs::temp_directory_path();
}

void remove_if_abandoned(fs::path const& folder) {
    if (!folder.filename().string().starts_with(kTemporaryPrefix)) return;
    base::UniqueDescriptor const lock{::open((folder / kLockName).c_str(), O_RDWR | O_CLOEXEC)};
    // Between making the folder and locking it a new emulator holds no lock, but then its lock file is empty.
    if (!lock || !try_lock(lock) || read_pid(lock).empty()) return;
    node::end_orphans(folder / "nodes");
    node::remove_tree(folder);
}

}  // namespace

Location Location::open(fs::path const& folder) {
    make_folder(folder);
    auto lock = open_lock(folder);
    if (!lock)
        throw std::runtime_error(fmt::format(
            "can't write in {}: {}; choose another with --location", folder.string(), std::strerror(errno)
        ));
    if (!try_lock(lock)) {
        throw std::runtime_error(fmt::format(
            "{} is in use by another bluebatch-emulator (process {}); end that one, or choose another folder "
            "with --location",
            folder.string(),
            read_pid(lock)
        ));
    }
    write_pid(lock);
    return {fs::absolute(folder), std::move(lock), Lifetime::kept};
}

Location Location::temporary() {
    auto pattern = (temporary_root() / kTemporaryPrefix).string() + "XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr)
        throw std::system_error(errno, std::generic_category(), "can't make a folder for --in-memory");
    auto lock = open_lock(pattern);
    if (!lock || !try_lock(lock))
        throw std::system_error(errno, std::generic_category(), "can't lock the folder for --in-memory");
    Location location(pattern, std::move(lock), Lifetime::temporary);
    write_pid(location.lock_);
    return location;
}

Location::~Location() {
    if (lock_ && lifetime_ == Lifetime::temporary) node::remove_tree(path_);
}

void make_folder(fs::path const& folder) {
    std::error_code error;
    bool const is_new = fs::create_directories(folder, error);
    if (error)
        throw std::runtime_error(fmt::format(
            "can't make the folder {}: {}; choose another with --location", folder.string(), error.message()
        ));
    // A folder that was there keeps the mode that its owner gave it.
    if (is_new) fs::permissions(folder, fs::perms::owner_all, error);
}

void remove_abandoned_locations() {
    std::error_code error;
    for (fs::path const& root : {fs::path("/dev/shm"), fs::temp_directory_path(error)}) {
        fs::directory_iterator entry(root, fs::directory_options::skip_permission_denied, error);
        for (; !error && entry != fs::directory_iterator{}; entry.increment(error))
            remove_if_abandoned(entry->path());
    }
}

}  // namespace bluebatch::emulator::app
