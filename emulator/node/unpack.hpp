#pragma once

#include "shared/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>

namespace bluebatch::emulator::node {

// What an archive may become; a small file can say that it is as large as any disk.
struct UnpackLimits {
    std::size_t entries = 100'000;  // files and folders together
    std::uint64_t bytes = std::uint64_t{16} << 30;
};

enum class UnpackFault : std::uint8_t { bad_archive, too_large, disk_full, local_file, cancelled };

struct UnpackError {
    UnpackFault fault = UnpackFault::bad_archive;
    std::string message;
};

[[noreturn]] void throw_exception_from_error(UnpackError const& error, boost::source_location const&);

using UnpackResult = base::Result<void, UnpackError>;

// Writes what an open zip file holds below `folder`, which is there and empty. Nothing is ever written
// elsewhere: a name that leads out makes the archive bad, and so does a symbolic link that does. Files keep
// the permissions that the archive gives them, but for set-user-id and its like. What was written before a
// failure stays.
UnpackResult unpack(
    int archive, std::filesystem::path const& folder, UnpackLimits const& limits, std::stop_token const& stop
);

}  // namespace bluebatch::emulator::node
