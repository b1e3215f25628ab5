#pragma once

#include "shared/base/unique_descriptor.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace bluebatch::emulator::batch::files {

// The path without empty and "." steps; nothing for an absolute one and for one that goes up or has a NUL in
// it.
std::optional<std::string> clean_path(std::string_view path);

// Opens a cleaned path below a folder. Links are followed as long as they stay below it; on kernels without
// openat2 they are not followed at all. An empty path is the folder itself.
base::UniqueDescriptor open_beneath(int folder, std::string const& clean, int flags);

// The same, but no step may be a link. Not the folder itself.
base::UniqueDescriptor open_without_links(int folder, std::string const& clean, int flags);

}  // namespace bluebatch::emulator::batch::files
