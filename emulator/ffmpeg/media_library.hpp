#pragma once

#include "emulator/ffmpeg/media_abi.hpp"
#include "shared/base/result.hpp"

#include <filesystem>

namespace bluebatch::emulator::ffmpeg {

// Loads libbluebatch-media.so, and with it libav*, for the life of the process: codecs leave threads and
// thread-local data behind, so it is never unloaded.
base::Result<BluebatchMediaFunctions const*> load_media_library(std::filesystem::path const& file);

}  // namespace bluebatch::emulator::ffmpeg
