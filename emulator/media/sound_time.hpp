#pragma once

#include "emulator/media/input_stream.hpp"

namespace bluebatch::emulator::media {

// Gives a decoded frame of sound its time in samples, the clock of the filters. `packet` is the one that was
// just sent to the decoder; nullptr while the decoder gives more for an earlier one.
void set_sound_time(InputStream& input, AVFrame& frame, AVPacket const* packet);

}  // namespace bluebatch::emulator::media
