#pragma once

#include <cstdint>
#include <filesystem>

namespace bluebatch::emulator::storage {

enum class Durability : std::uint8_t { process, fsync };

// How far what was written has come. Failures throw std::system_error. Thread-safe.
class Disk {
public:
    virtual ~Disk() = default;
    // Returns once the file's bytes and its length outlast a loss of power.
    virtual void sync_file(std::filesystem::path const& file) = 0;
    // The same for the folder's entries: what was made, renamed or removed in it.
    virtual void sync_folder(std::filesystem::path const& folder) = 0;
};

// Asks the kernel to write, and waits for it.
Disk& flushing_disk();
// Leaves it to the kernel when to write: what was written outlasts the process, which is all that is wanted.
Disk& lazy_disk();

}  // namespace bluebatch::emulator::storage
