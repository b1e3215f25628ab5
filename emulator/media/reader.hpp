#pragma once

#include "emulator/media/transcode.hpp"

namespace bluebatch::emulator::media {

enum class ReadResult { packet, end };

// Reads one packet of the file, puts its times on the run's clock and has it decoded or copied. At the end it
// drains the decoders, a frame a call; `end` says that nothing is left in them.
Outcome<ReadResult> read_packet(Transcode& transcode, InputFile& file);

}  // namespace bluebatch::emulator::media
