#pragma once

#include "emulator/media/input_stream.hpp"
#include "emulator/media/libav.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace bluebatch::emulator::media {

class OutputFile;
class FilterPath;

// How frames become the steady stream an encoder or format wants: repeat and drop, drop only, or take them as
// they are.
enum class FrameSync { automatic, passthrough, constant, variable, constant_from_first, drop_times };

// The formats an encoder takes, in the words of the aformat and format filters; empty where it takes
// anything.
struct FilterConstraints {
    std::string sample_formats;
    std::string sample_rates;
    std::string channel_layouts;
    std::string pixel_formats;
    int width = 0;
    int height = 0;
};

// One stream of an output: the encoder or copier that feeds it, and what has been written so far.
struct OutputStream {
    OutputFile* file = nullptr;
    int index = 0;
    AVStream* stream = nullptr;
    InputStream* source = nullptr;
    AVCodec const* encoder = nullptr;
    CodecContext context;
    Dictionary encoder_options;
    Dictionary scaler_options;
    Dictionary resampler_options;
    bool copies = false;
    std::string disposition;
    BitstreamFilter bitstream_filter;

    // The chain of -vf or -af, "null" or "anull" without one; `own_filters` when the user gave it.
    std::string filters;
    bool own_filters = false;
    std::unique_ptr<FilterPath> path;
    FilterConstraints constraints;
    bool keep_pixel_format = false;
    bool autoscale = true;

    AVRational frame_rate{0, 0};
    AVRational max_frame_rate{0, 0};
    AVRational aspect{0, 1};
    bool force_frame_rate = false;
    FrameSync sync = FrameSync::automatic;
    bool is_constant_rate = false;
    std::int64_t max_frames = kUnlimited;
    std::size_t max_queued_packets = 128;
    bool copies_from_any_frame = false;

    // Encoding. Times are in the encoder's time base.
    Frame filtered;
    Frame last_frame;
    Packet packet;
    std::int64_t next_pts = 0;
    std::int64_t frame_number = 0;
    std::array<std::int64_t, 3> recent_repeats{};
    bool dropped_last = false;
    int quality = 0;

    // Copying.
    bool copy_started = false;

    // Writing. mux_time_base is that of the packets handed over, before they are brought to the stream's own.
    AVRational mux_time_base{0, 1};
    std::deque<Packet> queue;
    std::size_t queued_bytes = 0;
    std::int64_t last_dts = kNoTime;
    std::int64_t end_pts = kNoTime;

    bool initialized = false;
    bool inputs_done = false;
    bool unavailable = false;
    bool encoder_finished = false;
    bool muxer_finished = false;
    bool finished() const { return encoder_finished || muxer_finished; }

    std::uint64_t bytes = 0;
    std::uint64_t packets_written = 0;
    std::uint64_t frames_encoded = 0;
    std::uint64_t samples_encoded = 0;

    OutputStream();
    ~OutputStream();
    AVMediaType kind() const { return stream->codecpar->codec_type; }
    bool encodes() const { return !copies; }
};

}  // namespace bluebatch::emulator::media
