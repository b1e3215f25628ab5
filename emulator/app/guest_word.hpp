#pragma once

#include "shared/base/random.hpp"

#include <filesystem>
#include <string>

namespace bluebatch::emulator::app {

// The word that brings guests in, and the file that tells it to the programs of this user.
struct GuestWord {
    std::filesystem::path file;
    std::string word;
};

// Another word at each start: one that somebody has overheard opens nothing later.
GuestWord make_guest_word(std::filesystem::path const& location, base::Random& random);

}  // namespace bluebatch::emulator::app
