// Packets that go from input to output as they are.
#include "emulator/media/compat.hpp"
#include "emulator/media/transcode.hpp"

#include <algorithm>

namespace bluebatch::emulator::media {
namespace {

int copy_parameters(OutputStream& output) {
    InputStream& input = *output.source;
    AVCodecParameters& to = *output.stream->codecpar;
    CodecParameters from(avcodec_parameters_alloc());
    if (!from) return AVERROR(ENOMEM);
    int error = avcodec_parameters_to_context(output.context.get(), input.stream->codecpar);
    if (error >= 0) error = av_opt_set_dict(output.context.get(), output.encoder_options.address());
    if (error >= 0) error = avcodec_parameters_from_context(from.get(), output.context.get());
    if (error < 0) return error;

    // The input's tag stays where the format knows it for this codec, or knows none at all.
    std::uint32_t tag = to.codec_tag;
    AVCodecTag const* const* const tags = output.file->context->oformat->codec_tag;
    if (tag == 0) {
        unsigned known = 0;
        if (tags == nullptr || av_codec_get_id(tags, from->codec_tag) == from->codec_id ||
            av_codec_get_tag2(tags, from->codec_id, &known) == 0)
            tag = from->codec_tag;
    }
    error = avcodec_parameters_copy(&to, from.get());
    to.codec_tag = tag;
    return error;
}

int copy_timing(OutputStream& output) {
    AVStream& to = *output.stream;
    AVStream const& from = *output.source->stream;
    if (output.frame_rate.num == 0) output.frame_rate = output.source->frame_rate;
    to.avg_frame_rate = output.frame_rate.num != 0 ? output.frame_rate : from.avg_frame_rate;
    int const error = avformat_transfer_internal_stream_timing_info(
        output.file->context->oformat, &to, &from, AVFMT_TBCF_AUTO
    );
    if (error < 0) return error;
    if (to.time_base.num <= 0 || to.time_base.den <= 0) {
        to.time_base = output.frame_rate.num != 0
                           ? av_inv_q(output.frame_rate)
                           : av_add_q(compat::copied_time_base(to, from), AVRational{0, 1});
    }
    if (to.duration <= 0 && from.duration > 0)
        to.duration = av_rescale_q(from.duration, from.time_base, to.time_base);
    return 0;
}

void fix_parameters(OutputStream& output) {
    AVStream& to = *output.stream;
    AVStream const& from = *output.source->stream;
    AVCodecParameters& parameters = *to.codecpar;
    if (parameters.codec_type == AVMEDIA_TYPE_AUDIO) {
        int const align = parameters.block_align;
        bool const mp3_frame = align == 1 || align == 576 || align == 1152;
        if ((mp3_frame && parameters.codec_id == AV_CODEC_ID_MP3) || parameters.codec_id == AV_CODEC_ID_AC3)
            parameters.block_align = 0;
    } else if (parameters.codec_type == AVMEDIA_TYPE_VIDEO) {
        AVRational aspect = parameters.sample_aspect_ratio;
        if (output.aspect.num != 0) {
            aspect = av_mul_q(output.aspect, AVRational{parameters.height, parameters.width});
            log(AV_LOG_WARNING, "Overriding aspect ratio with stream copy may produce invalid files\n");
        } else if (from.sample_aspect_ratio.num != 0) {
            aspect = from.sample_aspect_ratio;
        }
        to.sample_aspect_ratio = parameters.sample_aspect_ratio = aspect;
        to.avg_frame_rate = from.avg_frame_rate;
        to.r_frame_rate = from.r_frame_rate;
    }
}

// -ss, -t and -to, told for either side. An ended output takes nothing more.
bool is_within_range(InputStream const& input, OutputStream& output) {
    OutputFile const& file = *output.file;
    bool const over =
        (file.recording_time != kUnlimited && input.pts >= file.recording_time + file.start_or_zero()) ||
        (input.file->recording_time != kUnlimited && input.pts >= input.file->recording_time);
    if (over) output.encoder_finished = true;
    return !over;
}

bool may_start_with(OutputStream const& output, AVPacket const& packet) {
    return output.copy_started || output.copies_from_any_frame || (packet.flags & AV_PKT_FLAG_KEY) != 0;
}

void shift_times(InputStream& input, OutputStream& output, AVPacket const& from, AVPacket& to) {
    AVRational const time_base = input.stream->time_base;
    AVRational const mux = output.mux_time_base;
    std::int64_t const start = av_rescale_q(output.file->start_or_zero(), kMicroseconds, mux);
    if (from.pts != kNoTime) to.pts = av_rescale_q(from.pts, time_base, mux) - start;
    if (from.dts == kNoTime) {
        // Newer versions do not guess finer than the input counts.
        to.dts = compat::kTrustsFrameDurations
                     ? av_rescale_q(av_rescale_q(input.dts, kMicroseconds, time_base), time_base, mux)
                     : av_rescale_q(input.dts, kMicroseconds, mux);
    } else if (output.kind() == AVMEDIA_TYPE_AUDIO) {
        int duration = av_get_audio_frame_duration(input.context.get(), from.size);
        if (duration == 0) duration = input.context->frame_size;
        to.dts = av_rescale_delta(
            time_base,
            from.dts,
            AVRational{1, input.context->sample_rate},
            duration,
            &input.rescale_state,
            mux
        );
        to.pts = to.dts - start;
    } else {
        to.dts = av_rescale_q(from.dts, time_base, mux);
    }
    to.dts -= start;
    to.duration = av_rescale_q(from.duration, time_base, mux);
}

}  // namespace

bool takes_from(OutputStream const& output, InputStream const& input) {
    if (output.source != &input || output.muxer_finished) return false;
    return output.file->start_time == kNoTime || input.pts >= output.file->start_time;
}

Outcome<> initialize_copy(OutputStream& output) {
    int error = copy_parameters(output);
    if (error >= 0) error = copy_timing(output);
    for (AVPacketSideData const& data : compat::side_data_of(*output.source->stream)) {
        if (error < 0) break;
        if (compat::add_side_data(*output.stream, data.type, {data.data, data.size}) == nullptr)
            error = AVERROR(ENOMEM);
    }
    if (error < 0) {
        log(AV_LOG_FATAL, "Error setting up codec context options.\n");
        log(AV_LOG_ERROR,
            "Error initializing output stream {}:{} -- {}\n",
            output.file->index,
            output.index,
            error_text(error));
        return Exit::because(error);
    }
    fix_parameters(output);
    output.mux_time_base = output.source->stream->time_base;
    return {};
}

Outcome<> copy_packet(
    Transcode& transcode, InputStream& input, OutputStream& output, AVPacket const* packet
) {
    AVPacket* const copy = output.packet.get();
    av_packet_unref(copy);
    if (packet == nullptr) return output_packet(transcode, output, copy, PacketKind::end);
    if (!may_start_with(output, *packet) || !is_within_range(input, output)) return {};
    if (av_packet_ref(copy, packet) < 0) return Exit::failure;
    shift_times(input, output, *packet, *copy);
    output.next_pts += copy->duration;
    if (auto const sent = output_packet(transcode, output, copy, PacketKind::data); !sent) return sent;
    output.copy_started = true;
    return {};
}

}  // namespace bluebatch::emulator::media
