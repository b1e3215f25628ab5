#pragma once

#include "emulator/ffmpeg/media_abi.hpp"

namespace bluebatch::emulator::media::program {

// Serves jobs from the control socket until its other end closes, each in a child process forked from this
// one, which has libav* loaded and a single thread.
int serve_jobs(int control, BluebatchMediaFunctions const& functions);

}  // namespace bluebatch::emulator::media::program
