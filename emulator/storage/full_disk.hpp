#pragma once

#include <exception>

namespace bluebatch::emulator::storage {

// Whether that went wrong for want of space, be it of the disk, of a quota or of `ulimit -f`.
bool is_full_disk(std::exception const& error);

}  // namespace bluebatch::emulator::storage
