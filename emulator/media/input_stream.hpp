#pragma once

#include "emulator/media/libav.hpp"

#include <deque>
#include <vector>

namespace bluebatch::emulator::media {

class InputFile;
class FilterPath;
struct OutputStream;

// One stream of an input, its decoder, and what is known of its clock. Times are microseconds unless said
// otherwise.
struct InputStream {
    InputFile* file = nullptr;
    AVStream* stream = nullptr;
    AVCodec const* decoder = nullptr;
    Dictionary decoder_options;
    CodecContext context;
    Packet packet;
    Frame frame;

    // What the user asked to be thrown away (an AVDiscard), and whether anything reads the stream.
    int user_discard = AVDISCARD_NONE;
    bool used = false;
    bool decoded = false;
    bool has_output = false;
    bool autorotate = true;
    AVRational frame_rate{0, 0};
    std::int64_t next_frame_number = 0;
    std::vector<FilterPath*> paths;

    bool started = false;
    bool wrap_corrected = false;
    std::int64_t dts = 0;
    std::int64_t next_dts = kNoTime;
    std::int64_t pts = 0;
    std::int64_t next_pts = kNoTime;
    // In the stream's time base: of packets the decoder has drained without a time of their own.
    std::deque<std::int64_t> drained_dts;
    std::int64_t previous_packet_pts = kNoTime;
    std::int64_t rescale_state = kNoTime;
    // In samples: where the last frame of sound ended.
    std::int64_t sound_end = kNoTime;

    std::uint64_t packets = 0;
    std::uint64_t bytes = 0;
    std::uint64_t frames_decoded = 0;
    std::uint64_t samples_decoded = 0;

    AVMediaType kind() const { return stream->codecpar->codec_type; }
    bool is_discarded_by_user() const { return user_discard == AVDISCARD_ALL; }
};

}  // namespace bluebatch::emulator::media
