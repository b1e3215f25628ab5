#pragma once

#include "shared/base/result.hpp"

#include <filesystem>
#include <string_view>

namespace bluebatch::base {

// A new folder that only this user may read, below TMPDIR or /tmp. The caller removes it. The failure names
// the place.
Result<std::filesystem::path> make_temporary_folder(std::string_view prefix);

}  // namespace bluebatch::base
