// How many times a picture is shown: the stream of frames is brought to the rate and clock of the output.
#include "emulator/media/compat.hpp"
#include "emulator/media/filter_path.hpp"
#include "emulator/media/transcode.hpp"

#include <algorithm>
#include <cmath>

namespace bluebatch::emulator::media {
namespace {

// More repeats than a gap of this many frames explains are a fault of the clock.
constexpr std::int64_t kMostRepeats = std::int64_t{3600} * 30 * 30;

struct Count {
    // How often the previous frame is shown once more, and how many frames there are in all.
    std::int64_t repeats = 0;
    std::int64_t frames = 1;
    // Of each frame, in the encoder's time base.
    double duration = 1;
};

std::int64_t middle(std::array<std::int64_t, 3> values) {
    std::ranges::sort(values);
    return values[1];
}

// How long a frame lasts, in the encoder's time base, as newer versions see it: it says so itself.
double own_duration_of(OutputStream const& output, AVFrame const& frame) {
    AVRational const clock = av_buffersink_get_time_base(output.path->sink());
    std::int64_t duration = compat::duration_of(frame);
    AVRational const rate = av_buffersink_get_frame_rate(output.path->sink());
    if (duration == 0 && rate.num > 0 && rate.den > 0) duration = av_rescale_q(1, av_inv_q(rate), clock);
    return static_cast<double>(duration) * av_q2d(clock) / av_q2d(output.context->time_base);
}

// The same for older versions, which ask the rates first.
double duration_of(OutputStream const& output, AVFrame const* frame) {
    AVRational const time_base = output.context->time_base;
    AVStream const& source = *output.source->stream;
    double duration = 0;
    AVRational const rate = av_buffersink_get_frame_rate(output.path->sink());
    if (rate.num > 0 && rate.den > 0) duration = 1 / (av_q2d(rate) * av_q2d(time_base));
    if (source.start_time != kNoTime && output.frame_rate.num != 0)
        duration = std::min(duration, 1 / (av_q2d(output.frame_rate) * av_q2d(time_base)));
    if (output.own_filters || frame == nullptr) return duration;
    // Without filters of the user's, the frame's own duration counts.
    auto const own = std::lrint(static_cast<float>(
        static_cast<double>(compat::duration_of(*frame)) * av_q2d(source.time_base) / av_q2d(time_base)
    ));
    return own > 0 ? static_cast<double>(own) : duration;
}

Count count_frames(OutputStream& output, double time, double duration) {
    Count count;
    count.duration = duration;
    // The drift between the frame and its place in the output.
    double drift = time - static_cast<double>(output.next_pts);
    double const behind = drift + duration;
    bool const corrects = output.sync != FrameSync::passthrough && output.sync != FrameSync::drop_times;
    double end = behind;
    if (drift < 0 && behind > 0 && corrects) {
        time = static_cast<double>(output.next_pts);
        count.duration += drift;
        drift = 0;
    }
    if (output.is_constant_rate) count.duration = 1;
    switch (output.sync) {
        case FrameSync::constant_from_first:
            if (output.frame_number == 0 && drift >= 0.5) {
                end = duration;
                drift = 0;
                output.next_pts = std::llrint(time);
            }
            [[fallthrough]];
        case FrameSync::constant:
            if (end < -1.1) {
                count.frames = 0;
            } else if (end > 1.1) {
                count.frames = std::llrint(static_cast<float>(end));
                if (drift > 1.1) count.repeats = std::llrint(static_cast<float>(drift - 0.6));
            }
            break;
        case FrameSync::variable:
            if (end <= -0.6)
                count.frames = 0;
            else if (end > 0.6)
                output.next_pts = std::llrint(time);
            break;
        case FrameSync::passthrough:
        case FrameSync::drop_times:
        case FrameSync::automatic:
            output.next_pts = std::llrint(time);
            break;
    }
    return count;
}

// Whether the count is believable; keeps the figures that the report shows.
bool account(Transcode& transcode, OutputStream& output, Count const& count, bool at_end) {
    std::ranges::copy_backward(
        output.recent_repeats.begin(), output.recent_repeats.end() - 1, output.recent_repeats.end()
    );
    output.recent_repeats[0] = count.repeats;
    if (count.repeats == 0 && output.dropped_last) {
        ++transcode.frames_dropped;
        log(AV_LOG_VERBOSE,
            "*** dropping frame {} from stream {} at ts {}\n",
            output.frame_number,
            output.index,
            output.last_frame->pts);
    }
    std::int64_t const expected =
        (count.repeats != 0 && output.dropped_last ? 1 : 0) + (count.frames > count.repeats ? 1 : 0);
    if (count.frames > expected) {
        if (count.frames > kMostRepeats) {
            log(AV_LOG_ERROR, "{} frame duplication too large, skipping\n", count.frames - 1);
            ++transcode.frames_dropped;
            return false;
        }
        transcode.frames_repeated += static_cast<std::uint64_t>(count.frames - expected);
        log(AV_LOG_VERBOSE, "*** {} dup!\n", count.frames - 1);
        if (transcode.frames_repeated > transcode.repeat_warning) {
            log(AV_LOG_WARNING, "More than {} frames duplicated\n", transcode.repeat_warning);
            transcode.repeat_warning *= 10;
        }
    }
    output.dropped_last = count.frames == count.repeats && !at_end;
    return true;
}

}  // namespace

Outcome<> encode_video(Transcode& transcode, OutputStream& output, AVFrame* frame) {
    if (auto const done = initialize(transcode, output, frame); !done) return done;
    double const time = frame == nullptr ? 0 : to_encoder_time(output, *frame);
    Count count;
    if (frame == nullptr) {
        count.repeats = count.frames = middle(output.recent_repeats);
    } else {
        count = count_frames(
            output,
            time,
            compat::kTrustsFrameDurations ? own_duration_of(output, *frame) : duration_of(output, frame)
        );
    }
    count.frames = std::min(count.frames, output.max_frames - output.frame_number);
    count.repeats = std::min(count.repeats, count.frames);
    if (!account(transcode, output, count, frame == nullptr)) return {};

    for (std::int64_t i = 0; i < count.frames; ++i) {
        bool const repeats = i < count.repeats && output.last_frame->buf[0] != nullptr;
        AVFrame* const shown = repeats ? output.last_frame.get() : frame;
        if (shown == nullptr) return {};
        shown->pts = output.next_pts;
        if (!within_recording_time(output)) return {};
        shown->quality = output.context->global_quality;
        shown->pict_type = AV_PICTURE_TYPE_NONE;
        auto const duration = shown == frame ? std::llrint(count.duration) : compat::duration_of(*shown);
        compat::set_duration(*shown, duration);
        if (auto const encoded = encode_frame(transcode, output, *shown, shown->pts + duration); !encoded)
            return encoded;
        ++output.next_pts;
        ++output.frame_number;
    }
    av_frame_unref(output.last_frame.get());
    if (frame != nullptr) av_frame_move_ref(output.last_frame.get(), frame);
    return {};
}

}  // namespace bluebatch::emulator::media
