#pragma once

#include "shared/base/result.hpp"
#include "shared/http/client.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

namespace bluebatch::cli {

// What makes a connection to the emulator that of a guest, who may use any account with any key; to be called
// for each connection just before it is made. "" when the port has come to be another's, who must not be
// told.
using GuestPreface = std::function<std::string()>;

// A failure says why this run can't have guests there.
base::Result<GuestPreface> find_guest_preface(
    http::Client& client, std::string const& emulator_url, std::stop_token stop
);

// Of an emulator that listens at that port and keeps its word in that file.
GuestPreface make_guest_preface(std::uint16_t port, std::filesystem::path file);

// The word in that file, or "" when it isn't one that an emulator of this user keeps for himself: whoever
// answers at the port says which file that is, and must not be told what others hold.
std::string read_guest_word_file(std::filesystem::path const& file);

// Whether all that listen at that port of this machine are programs of this user.
bool is_listener_ours(std::uint16_t port);

}  // namespace bluebatch::cli
