#include "emulator/media/sound_time.hpp"

#include "emulator/media/compat.hpp"

namespace bluebatch::emulator::media {
namespace {

// A frame's time in samples: to the sample where frames follow each other, though containers count coarser. A
// frame without a time follows the previous one; one that begins later than that one's end begins a new
// count.
void count_sound_time(InputStream& input, AVFrame& frame) {
    AVRational const samples{1, input.context->sample_rate};
    std::int64_t const expected = input.sound_end == kNoTime ? 0 : input.sound_end;
    AVRational time_base = input.stream->time_base;
    if (frame.pts == kNoTime) {
        frame.pts = expected;
        time_base = samples;
    } else if (input.sound_end != kNoTime && frame.pts > av_rescale_q_rnd(expected, samples, time_base, AV_ROUND_UP)) {
        input.rescale_state = kNoTime;
    }
    frame.pts =
        av_rescale_delta(time_base, frame.pts, samples, frame.nb_samples, &input.rescale_state, samples);
    compat::set_duration(frame, frame.nb_samples);
    input.sound_end = frame.pts + frame.nb_samples;
}

// The same by older versions, to whom packets tell of gaps.
void guess_sound_time(InputStream& input, AVFrame& frame, AVPacket const* packet) {
    AVRational time_base = input.stream->time_base;
    if (frame.pts == kNoTime && packet != nullptr && packet->pts != kNoTime) {
        frame.pts = packet->pts;
    } else if (frame.pts == kNoTime) {
        frame.pts = input.dts;
        time_base = kMicroseconds;
    }
    if (packet != nullptr) {
        bool const gap = packet->duration != 0 && input.previous_packet_pts != kNoTime &&
                         packet->pts != kNoTime && packet->pts - input.previous_packet_pts > packet->duration;
        if (gap) input.rescale_state = kNoTime;
        input.previous_packet_pts = packet->pts;
    }
    if (frame.pts != kNoTime) {
        AVRational const samples{1, input.context->sample_rate};
        frame.pts =
            av_rescale_delta(time_base, frame.pts, samples, frame.nb_samples, &input.rescale_state, samples);
    }
}

}  // namespace

void set_sound_time(InputStream& input, AVFrame& frame, AVPacket const* packet) {
    if (compat::kTrustsFrameDurations)
        count_sound_time(input, frame);
    else
        guess_sound_time(input, frame, packet);
}

}  // namespace bluebatch::emulator::media
