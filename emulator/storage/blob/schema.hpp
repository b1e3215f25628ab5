#pragma once

#include <string>
#include <vector>

namespace bluebatch::emulator::storage::blob {

// One script per version of blob.sqlite; published ones never change.
std::vector<std::string> const& schema();

}  // namespace bluebatch::emulator::storage::blob
