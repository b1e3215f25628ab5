#pragma once

#include "emulator/media/session.hpp"

#include <optional>
#include <span>
#include <string>

namespace bluebatch::emulator::media {

// Runs the arguments (without the program's name) as the ffmpeg command does; the result is its exit code.
int run_ffmpeg(Session& session, std::span<std::string const> arguments);

// The first option, file or filter that a run in these surroundings cannot do as ffmpeg would; nullopt when
// it can.
std::optional<std::string> find_unsupported(
    std::span<std::string const> arguments, Surroundings surroundings
);

}  // namespace bluebatch::emulator::media
