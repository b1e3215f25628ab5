#pragma once

namespace bluebatch::emulator::media::program {

// Becomes the next program of this name on PATH that is not this one. Returns when there is none, or when the
// environment forbids it (BLUEBATCH_FFMPEG_FALLBACK=0).
void run_real_program(char const* name, char** arguments);

}  // namespace bluebatch::emulator::media::program
