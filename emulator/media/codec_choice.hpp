#pragma once

#include "emulator/media/libav.hpp"
#include "emulator/media/options/command_line.hpp"
#include "emulator/media/outcome.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace bluebatch::emulator::media {

// "libmp3lame" or the name of a format ("mp3"): an unknown one is an Exit.
enum class CodecSide { decoder, encoder };
Outcome<AVCodec const*> find_codec(std::string const& name, AVMediaType kind, CodecSide side);

// The decoder for a stream: the one that was told (-c before -i), else libavcodec's own choice, which may be
// none.
Outcome<AVCodec const*> choose_decoder(
    options::FileGroup const& group, AVFormatContext* context, AVStream* stream
);

// A codec setting that nothing used: warned of, or an Exit when it is for the other side.
Outcome<> check_codec_options(
    Dictionary const& told,
    std::vector<Dictionary const*> const& used,
    CodecSide side,
    int index,
    std::string const& name
);

// A tag is a number or four characters.
std::uint32_t parse_codec_tag(std::string const& text);

}  // namespace bluebatch::emulator::media
