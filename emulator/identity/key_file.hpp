#pragma once

#include "shared/base/rsa_key.hpp"

#include <filesystem>

namespace bluebatch::emulator::identity {

// The key in the file, which only its owner may read; it is made when it is not there. Throws
// std::system_error when it can't be read or made, std::runtime_error when it holds something else.
base::RsaKey load_key(std::filesystem::path const& file);

}  // namespace bluebatch::emulator::identity
