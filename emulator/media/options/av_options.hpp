#pragma once

#include "emulator/media/options/command_line.hpp"
#include "emulator/media/outcome.hpp"

#include <optional>
#include <string>

namespace bluebatch::emulator::media::options {

// Asks libavcodec, libavformat, libswscale and libswresample, in ffmpeg's order.
AvOption find_av_option(std::string_view name);

// The codec settings of a group that concern one stream: specifiers are resolved, and only what the codec
// (nullptr: any) or every codec of this kind knows is kept. `AV_OPT_FLAG_ENCODING_PARAM` or the decoding one
// tells the side.
Outcome<Dictionary> codec_options_for(
    Dictionary const& all, AVFormatContext* file, AVStream* stream, AVCodec const* codec, int side
);

// The last setting of this name whose specifier fits the stream.
Outcome<std::optional<std::string>> setting_for(
    std::span<Setting const> settings, std::string_view name, AVFormatContext* file, AVStream* stream
);
// The same for numbers: "the value for q was x which is not within ..." is an Exit.
Outcome<std::optional<double>> number_for(
    std::span<Setting const> settings, std::string_view name, AVFormatContext* file, AVStream* stream
);

Outcome<double> parse_number(std::string_view option, std::string const& text);
// In microseconds: "90", "00:01:30.5", "1500ms".
Outcome<std::int64_t> parse_duration(std::string_view option, std::string const& text);

}  // namespace bluebatch::emulator::media::options
