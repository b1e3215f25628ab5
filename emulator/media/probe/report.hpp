#pragma once

#include "emulator/media/libav.hpp"
#include "emulator/media/probe/document.hpp"

#include <vector>

namespace bluebatch::emulator::media::probe {

// Streams are told of with what their decoder adds; a stream without one has nullptr.
struct ProbedStream {
    AVStream* stream = nullptr;
    CodecContext decoder;
};

Section report_stream(AVFormatContext& file, ProbedStream const& probed);
Section report_format(AVFormatContext& file, std::string const& name);

// Leaves of the report what was asked for.
void select(Section& section, std::string_view unique_name, Selection const& selection);

}  // namespace bluebatch::emulator::media::probe
