#pragma once

#include "shared/base/result.hpp"
#include "shared/http/client.hpp"

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>

namespace bluebatch::cli {

// What makes connections to the emulator those of a guest, who may use any account with any key. A failure
// says why this run can't have guests there.
base::Result<std::string> find_guest_preface(
    http::Client& client, std::string const& emulator_url, std::stop_token stop
);

// The word in that file, or "" when it isn't one that an emulator of this user keeps for himself: whoever
// answers at the port says which file that is, and must not be told what others hold.
std::string read_guest_word_file(std::filesystem::path const& file);

// Whether all that listen at that port of this machine are programs of this user.
bool is_listener_ours(std::uint16_t port);

}  // namespace bluebatch::cli
