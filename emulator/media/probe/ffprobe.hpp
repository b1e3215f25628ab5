#pragma once

#include "emulator/media/session.hpp"

#include <optional>
#include <span>
#include <string>

namespace bluebatch::emulator::media {

// Runs the arguments (without the program's name) as the ffprobe command does; the result is its exit code.
int run_ffprobe(Session& session, std::span<std::string const> arguments);

// The first option that this ffprobe does not have.
std::optional<std::string> find_unsupported_by_ffprobe(std::span<std::string const> arguments);

}  // namespace bluebatch::emulator::media
