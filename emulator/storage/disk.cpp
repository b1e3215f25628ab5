#include "emulator/storage/disk.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace bluebatch::emulator::storage {
namespace {

void sync(std::filesystem::path const& path, int flags, int (*call)(int)) {
    int const descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | flags);
    int const outcome = descriptor < 0 ? -1 : call(descriptor);
    int const error = errno;
    if (descriptor >= 0) ::close(descriptor);
    if (outcome != 0) throw std::system_error(error, std::generic_category(), "sync " + path.string());
}

class FlushingDisk final : public Disk {
public:
    void sync_file(std::filesystem::path const& file) override { sync(file, 0, ::fdatasync); }
    void sync_folder(std::filesystem::path const& folder) override { sync(folder, O_DIRECTORY, ::fsync); }
};

class LazyDisk final : public Disk {
public:
    void sync_file(std::filesystem::path const&) override {}
    void sync_folder(std::filesystem::path const&) override {}
};

}  // namespace

Disk& flushing_disk() {
    static FlushingDisk disk;
    return disk;
}

Disk& lazy_disk() {
    static LazyDisk disk;
    return disk;
}

}  // namespace bluebatch::emulator::storage
