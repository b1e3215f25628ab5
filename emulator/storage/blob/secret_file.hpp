#pragma once

#include "emulator/storage/disk.hpp"
#include "shared/base/random.hpp"

#include <filesystem>
#include <string>

namespace bluebatch::emulator::storage::blob {

// Random bytes that stay the same as long as the file does, readable by its owner only: made when the file is
// not there. Throws std::system_error when it can't be read or made, std::runtime_error when it holds
// something else.
std::string load_secret(
    std::filesystem::path const& file, base::Random& random, Disk& disk = flushing_disk()
);

}  // namespace bluebatch::emulator::storage::blob
