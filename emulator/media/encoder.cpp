// Frames from the filters into the encoders.
#include "emulator/media/compat.hpp"
#include "emulator/media/filter_path.hpp"
#include "emulator/media/transcode.hpp"

#include <algorithm>

namespace bluebatch::emulator::media {
namespace {

Outcome<> encode_now(Transcode& transcode, OutputStream& output, AVFrame const& frame) {
    output.samples_encoded += static_cast<std::uint64_t>(frame.nb_samples);
    auto const encoded = encode(transcode, output, &frame);
    if (!encoded) return encoded.error();
    if (*encoded < 0) return Exit::because(*encoded);
    return {};
}

// Encodes what need not wait any longer.
Outcome<> release(Transcode& transcode, FrameGate& gate) {
    for (;;) {
        FrameGate::Released const next = gate.receive();
        if (next.output == nullptr) break;
        if (auto const encoded = encode_now(transcode, *next.output, *next.frame); !encoded) return encoded;
    }
    for (OutputStream* const output : transcode.streams)
        if (output->file->gate.get() == &gate && gate.is_finished(*output)) output->encoder_finished = true;
    return {};
}

Outcome<> encode_audio(Transcode& transcode, OutputStream& output, AVFrame* frame) {
    if (compat::kLimitsBeforeEncoding && output.frame_number >= output.max_frames) return {};
    to_encoder_time(output, *frame);
    if (!within_recording_time(output)) return {};
    if (frame->pts == kNoTime) frame->pts = output.next_pts;
    output.next_pts = frame->pts + frame->nb_samples;
    if (compat::kLimitsBeforeEncoding) ++output.frame_number;
    compat::set_duration(*frame, frame->nb_samples);
    return encode_frame(transcode, output, *frame, output.next_pts);
}

Outcome<> take_frame(Transcode& transcode, OutputStream& output) {
    AVFrame* const frame = output.filtered.get();
    AVCodecContext& encoder = *output.context;
    if (av_buffersink_get_type(output.path->sink()) == AVMEDIA_TYPE_VIDEO) {
        if (output.aspect.num == 0) encoder.sample_aspect_ratio = frame->sample_aspect_ratio;
        return encode_video(transcode, output, frame);
    }
    if ((encoder.codec->capabilities & AV_CODEC_CAP_PARAM_CHANGE) == 0 &&
        encoder.ch_layout.nb_channels != frame->ch_layout.nb_channels) {
        log(AV_LOG_ERROR,
            "Audio filter graph output is not normalized and encoder does not support parameter changes\n");
        return {};
    }
    return encode_audio(transcode, output, frame);
}

Outcome<> reap(Transcode& transcode, OutputStream& output, Reap reap_until) {
    FilterPath& path = *output.path;
    bool const is_audio = av_buffersink_get_type(path.sink()) == AVMEDIA_TYPE_AUDIO;
    // The sink has to give frames of the size the encoder wants, which is known once it is open.
    if (is_audio && !output.initialized)
        if (auto const done = initialize(transcode, output, nullptr); !done) return done;
    for (;;) {
        int const error = path.pull(output.filtered.get());
        if (error == AVERROR_EOF && reap_until == Reap::end && !is_audio)
            return encode_video(transcode, output, nullptr);
        if (error < 0 && error != AVERROR(EAGAIN) && error != AVERROR_EOF)
            log(AV_LOG_WARNING, "Error in av_buffersink_get_frame_flags(): {}\n", error_text(error));
        if (error < 0) return {};
        Outcome<> taken;
        if (!output.finished()) taken = take_frame(transcode, output);
        av_frame_unref(output.filtered.get());
        if (!taken) return taken;
    }
}

Outcome<> flush(Transcode& transcode, OutputStream& output) {
    if (!output.initialized) {
        log(AV_LOG_WARNING,
            "Finishing stream {}:{} without any data written to it.\n",
            output.file->index,
            output.index);
        if (output.path && !output.path->configured()) {
            if (!output.path->knows_format()) output.path->take_format(*output.source->stream->codecpar);
            if (!output.path->knows_format()) return {};
            if (int const error = output.path->configure(); error < 0) {
                log(AV_LOG_ERROR, "Error configuring filter graph\n");
                return Exit::because(error);
            }
            output.encoder_finished = output.muxer_finished = true;
        }
        if (auto const done = initialize(transcode, output, nullptr); !done) return done;
    }
    if (output.kind() != AVMEDIA_TYPE_VIDEO && output.kind() != AVMEDIA_TYPE_AUDIO) return {};
    auto const encoded = encode(transcode, output, nullptr);
    if (!encoded) return encoded.error();
    if (*encoded != AVERROR_EOF) return Exit::because(*encoded);
    return {};
}

}  // namespace

bool within_recording_time(OutputStream& output) {
    std::int64_t const limit = output.file->recording_time;
    if (limit == kUnlimited ||
        av_compare_ts(output.next_pts, output.context->time_base, limit, kMicroseconds) < 0)
        return true;
    output.encoder_finished = true;
    return false;
}

double to_encoder_time(OutputStream& output, AVFrame& frame) {
    if (frame.pts == kNoTime || !output.path->configured()) return static_cast<double>(kNoTime);
    AVRational const time_base = output.context->time_base;
    AVRational const filter_time_base = av_buffersink_get_time_base(output.path->sink());
    std::int64_t const start = output.file->start_or_zero();
    // As many bits of fraction as 29 bits leave.
    int const extra_bits = std::clamp(29 - av_log2(static_cast<unsigned>(time_base.den)), 0, 16);
    AVRational const fine{time_base.num, time_base.den << extra_bits};
    auto exact = static_cast<double>(
        av_rescale_q(frame.pts, filter_time_base, fine) - av_rescale_q(start, kMicroseconds, fine)
    );
    exact /= 1 << extra_bits;
    // Away from exact midpoints, where rounding would depend on the machine.
    exact += (exact > 0 ? 1.0 : -1.0) / (1 << 17);
    frame.pts =
        av_rescale_q(frame.pts, filter_time_base, time_base) - av_rescale_q(start, kMicroseconds, time_base);
    return exact;
}

Outcome<int> encode(Transcode& transcode, OutputStream& output, AVFrame const* frame) {
    AVCodecContext* const encoder = output.context.get();
    AVPacket* const packet = output.packet.get();
    char const* const kind = av_get_media_type_string(encoder->codec_type);
    if (frame != nullptr) ++output.frames_encoded;
    int error = avcodec_send_frame(encoder, frame);
    if (error < 0 && (error != AVERROR_EOF || frame != nullptr)) {
        log(AV_LOG_ERROR, "Error submitting {} frame to the encoder\n", kind);
        return error;
    }
    for (;;) {
        // An encoder may hold back many seconds of work until it is flushed.
        if (transcode.session.stop_request() == StopRequest::abandon) return Exit::interrupted;
        error = avcodec_receive_packet(encoder, packet);
        if (error == AVERROR(EAGAIN)) return 0;
        if (error == AVERROR_EOF) {
            auto const ended = output_packet(transcode, output, packet, PacketKind::end);
            if (!ended) return ended.error();
            return error;
        }
        if (error < 0) {
            log(AV_LOG_ERROR, "{} encoding failed\n", kind);
            return error;
        }
        av_packet_rescale_ts(packet, encoder->time_base, output.mux_time_base);
        if (encoder->codec_type == AVMEDIA_TYPE_VIDEO) {
            std::size_t size = 0;
            std::uint8_t const* const stats =
                av_packet_get_side_data(packet, AV_PKT_DATA_QUALITY_STATS, &size);
            // The first four bytes are the quality, little-endian.
            output.quality = -1;
            if (stats != nullptr && size >= 4)
                output.quality = static_cast<int>(
                    stats[0] | (std::uint32_t{stats[1]} << 8) | (std::uint32_t{stats[2]} << 16) |
                    (std::uint32_t{stats[3]} << 24)
                );
        }
        if (auto const sent = output_packet(transcode, output, packet, PacketKind::data); !sent)
            return sent.error();
    }
}

Outcome<> reap_filters(Transcode& transcode, Reap reap_until) {
    for (OutputStream* const output : transcode.streams) {
        if (!output->path || !output->path->configured()) continue;
        if (auto const done = reap(transcode, *output, reap_until); !done) return done;
    }
    return {};
}

Outcome<> encode_frame(Transcode& transcode, OutputStream& output, AVFrame const& frame, std::int64_t end) {
    FrameGate* const gate = output.file->gate.get();
    if (gate == nullptr) return encode_now(transcode, output, frame);
    if (!gate->send(output, frame, end, output.context->time_base)) output.encoder_finished = true;
    return release(transcode, *gate);
}

Outcome<> flush_encoders(Transcode& transcode) {
    for (OutputStream* const output : transcode.streams)
        if (FrameGate* const gate = output->file->gate.get()) gate->finish(*output);
    for (auto const& file : transcode.outputs)
        if (file->gate)
            if (auto const done = release(transcode, *file->gate); !done) return done;
    for (OutputStream* const output : transcode.streams) {
        if (output->copies) continue;
        if (auto const done = flush(transcode, *output); !done) return done;
    }
    return {};
}

}  // namespace bluebatch::emulator::media
