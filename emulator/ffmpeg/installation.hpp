#pragma once

#include "shared/base/result.hpp"

#include <filesystem>

namespace bluebatch::emulator::ffmpeg {

// Where the parts of transcoding lie, seen from the running program: ../lib and ../libexec of a build tree,
// or lib/bluebatch and libexec/bluebatch of an installation. BLUEBATCH_LIBEXEC_DIR names one folder for all
// of them. A part that is nowhere is a Failure that tells where it was looked for.
base::Result<std::filesystem::path> find_media_library();
base::Result<std::filesystem::path> find_ffmpeg_program();
// The folder with `ffmpeg` and `ffprobe` that nodes put first on PATH.
base::Result<std::filesystem::path> find_node_bin();

}  // namespace bluebatch::emulator::ffmpeg
