// Packets into files.
#include "emulator/media/compat.hpp"
#include "emulator/media/transcode.hpp"

#include <algorithm>

namespace bluebatch::emulator::media {
namespace {

constexpr std::size_t kQueuedBytesWithoutLimit = std::size_t{50} * 1024 * 1024;

// The header waits for the last encoder; what the others give until then waits too.
Outcome<> enqueue(OutputStream& output, AVPacket* packet) {
    auto const size = static_cast<std::size_t>(packet->size);
    bool const limited = output.queued_bytes + size > kQueuedBytesWithoutLimit;
    if (limited && output.queue.size() >= output.max_queued_packets) {
        log(AV_LOG_ERROR,
            "Too many packets buffered for output stream {}:{}.\n",
            output.file->index,
            output.index);
        return Exit::because(AVERROR(ENOSPC));
    }
    Packet queued(av_packet_alloc());
    if (!queued || av_packet_make_refcounted(packet) < 0) return Exit::failure;
    av_packet_move_ref(queued.get(), packet);
    output.queued_bytes += size;
    output.queue.push_back(std::move(queued));
    return {};
}

// Decoding times have to grow and may not pass the times of presentation.
Outcome<> correct_times(Session const& session, OutputStream& output, AVPacket& packet) {
    AVFormatContext* const context = output.file->context.get();
    if ((context->oformat->flags & AVFMT_NOTIMESTAMPS) != 0 || packet.dts == kNoTime) return {};
    if (packet.pts != kNoTime && packet.dts > packet.pts) {
        log_text(
            context,
            AV_LOG_WARNING,
            fmt::format(
                "Invalid DTS: {} PTS: {} in output stream {}:{}, replacing by guess\n",
                packet.dts,
                packet.pts,
                output.file->index,
                output.index
            )
        );
        // The middle one of the two and the earliest possible.
        std::int64_t const earliest = output.last_dts + 1;
        std::int64_t const low = std::min({packet.pts, packet.dts, earliest});
        std::int64_t const high = std::max({packet.pts, packet.dts, earliest});
        packet.pts = packet.dts = packet.pts + packet.dts + earliest - low - high;
    }
    AVMediaType const kind = output.kind();
    bool const checked =
        kind == AVMEDIA_TYPE_AUDIO || kind == AVMEDIA_TYPE_VIDEO || kind == AVMEDIA_TYPE_SUBTITLE;
    if (!checked || output.last_dts == kNoTime) return {};
    std::int64_t const least =
        output.last_dts + ((context->oformat->flags & AVFMT_TS_NONSTRICT) != 0 ? 0 : 1);
    if (packet.dts >= least) return {};
    int level = least - packet.dts > 2 || kind == AVMEDIA_TYPE_VIDEO ? AV_LOG_WARNING : AV_LOG_DEBUG;
    if (session.exit_on_error) level = AV_LOG_ERROR;
    log_text(
        context,
        level,
        fmt::format(
            "Non-monotonous DTS in output stream {}:{}; previous: {}, current: {}; ",
            output.file->index,
            output.index,
            output.last_dts,
            packet.dts
        )
    );
    if (session.exit_on_error) {
        log(AV_LOG_FATAL, "aborting.\n");
        return Exit::failure;
    }
    log_text(
        context,
        level,
        fmt::format("changing to {}. This may result in incorrect timestamps in the output file.\n", least)
    );
    if (packet.pts >= packet.dts) packet.pts = std::max(packet.pts, least);
    packet.dts = least;
    return {};
}

// -fs, for versions that look at what has left the buffer; only a file without a size counts what is in it
// too.
bool is_full(OutputFile const& file) {
    AVIOContext* const io = file.context->pb;
    if (!compat::kLimitsFileByPackets || file.max_bytes == INT64_MAX || io == nullptr) return false;
    std::int64_t const size = avio_size(io);
    return (size > 0 ? size : avio_tell(io)) >= file.max_bytes;
}

Outcome<> write(Transcode& transcode, OutputStream& output, AVPacket* packet) {
    if (is_full(*output.file)) {
        for (auto const& other : output.file->streams)
            other->encoder_finished = other->muxer_finished = true;
        av_packet_unref(packet);
        return {};
    }
    if (output.kind() == AVMEDIA_TYPE_VIDEO) {
        if (output.sync == FrameSync::drop_times && output.encodes()) packet->pts = packet->dts = kNoTime;
        if (output.frame_rate.num != 0 && output.is_constant_rate && !compat::kTrustsFrameDurations)
            packet->duration = av_rescale_q(1, av_inv_q(output.frame_rate), output.mux_time_base);
    }
    av_packet_rescale_ts(packet, output.mux_time_base, output.stream->time_base);
    if (auto const corrected = correct_times(transcode.session, output, *packet); !corrected)
        return corrected;
    output.last_dts = packet->dts;
    std::int64_t const time = packet->pts != kNoTime ? packet->pts : packet->dts;
    if (time != kNoTime) output.end_pts = std::max(output.end_pts, time + packet->duration);
    output.bytes += static_cast<std::uint64_t>(packet->size);
    ++output.packets_written;
    packet->stream_index = output.index;
    int const error = av_interleaved_write_frame(output.file->context.get(), packet);
    if (error >= 0) return {};
    log_error("av_interleaved_write_frame()", error);
    transcode.write_error = error;
    for (OutputStream* const other : transcode.streams)
        other->encoder_finished = true;
    output.muxer_finished = true;
    return {};
}

// Encoded pictures are counted before the encoder, because it reorders them, as is encoded sound by newer
// versions; all else here.
Outcome<> write_or_enqueue(Transcode& transcode, OutputStream& output, AVPacket* packet) {
    bool const counts_frames =
        output.encodes() && (output.kind() == AVMEDIA_TYPE_VIDEO ||
                             (output.kind() == AVMEDIA_TYPE_AUDIO && compat::kLimitsBeforeEncoding));
    if (!counts_frames) {
        if (output.frame_number >= output.max_frames) {
            av_packet_unref(packet);
            return {};
        }
        ++output.frame_number;
    }
    return output.file->header_written ? write(transcode, output, packet) : enqueue(output, packet);
}

}  // namespace

Outcome<> output_packet(Transcode& transcode, OutputStream& output, AVPacket* packet, PacketKind kind) {
    AVBSFContext* const filter = output.bitstream_filter.get();
    if (filter == nullptr) {
        if (kind == PacketKind::end) return {};
        return write_or_enqueue(transcode, output, packet);
    }
    int error = av_bsf_send_packet(filter, kind == PacketKind::end ? nullptr : packet);
    while (error >= 0 && (error = av_bsf_receive_packet(filter, packet)) >= 0)
        if (auto const written = write_or_enqueue(transcode, output, packet); !written) return written;
    if (error == AVERROR(EAGAIN) || error == AVERROR_EOF || error >= 0) return {};
    log(AV_LOG_ERROR,
        "Error applying bitstream filters to an output packet for stream #{}:{}.\n",
        output.file->index,
        output.index);
    if (transcode.session.exit_on_error) return Exit::because(error);
    return {};
}

Outcome<> write_header_if_ready(Transcode& transcode, OutputFile& file) {
    for (auto const& output : file.streams)
        if (!output->initialized) return {};
    AVFormatContext* const context = file.context.get();
    int const error = avformat_write_header(context, file.muxer_options.address());
    if (error < 0) {
        log(AV_LOG_ERROR,
            "Could not write header for output file #{} (incorrect codec parameters ?): {}\n",
            file.index,
            error_text(error));
        return Exit::because(error);
    }
    if (AVDictionaryEntry const* const unknown = file.muxer_options.next(nullptr)) {
        log(AV_LOG_FATAL, "Option {} not found.\n", unknown->key);
        return Exit::because(AVERROR_OPTION_NOT_FOUND);
    }
    file.header_written = true;
    av_dump_format(context, file.index, file.name.c_str(), 1);

    for (auto const& output : file.streams) {
        // The muxer may count finer than the encoder; with nothing waiting, packets can come in its own time
        // base.
        if (output->queue.empty()) output->mux_time_base = output->stream->time_base;
        while (!output->queue.empty()) {
            Packet const packet = std::move(output->queue.front());
            output->queue.pop_front();
            output->queued_bytes -= static_cast<std::size_t>(packet->size);
            if (auto const written = write(transcode, *output, packet.get()); !written) return written;
        }
    }
    return {};
}

Outcome<> write_trailer(OutputFile& file) {
    if (!file.header_written) {
        log(AV_LOG_ERROR,
            "Nothing was written into output file {} ({}), because at least one of its streams received no "
            "packets.\n",
            file.index,
            file.name);
        return Exit::failure;
    }
    file.trailer_written = true;
    int const error = av_write_trailer(file.context.get());
    if (error >= 0) return {};
    log(AV_LOG_ERROR, "Error writing trailer of {}: {}\n", file.name, error_text(error));
    return Exit::because(error);
}

}  // namespace bluebatch::emulator::media
