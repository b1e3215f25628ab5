#include "emulator/media/reader.hpp"

#include "emulator/media/compat.hpp"

#include <algorithm>
#include <cstring>

namespace bluebatch::emulator::media {
namespace {

// Jumps larger than these, in seconds, are taken for faults of the clock: in formats that may jump, and in
// others.
constexpr std::int64_t kJump = 10 * kSecond;
constexpr std::int64_t kError = std::int64_t{3600} * 30 * kSecond;

bool has_clock(InputStream const& input) {
    return input.kind() == AVMEDIA_TYPE_VIDEO || input.kind() == AVMEDIA_TYPE_AUDIO;
}

// The clock of some formats has few bits and starts again; what comes before the start of the file is meant.
void correct_wrap(InputFile& file, InputStream& input, AVPacket& packet) {
    AVFormatContext const& context = *file.context;
    AVStream const& stream = *input.stream;
    if (input.wrap_corrected || context.start_time == kNoTime || stream.pts_wrap_bits >= 64) return;
    if (input.next_dts == kNoTime && file.ts_offset == -context.start_time &&
        (context.iformat->flags & AVFMT_TS_DISCONT) != 0) {
        std::int64_t start = INT64_MAX;
        for (unsigned i = 0; i < context.nb_streams; ++i) {
            AVStream const& other = *context.streams[i];
            if (other.discard == AVDISCARD_ALL || other.start_time == kNoTime) continue;
            start = std::min(start, av_rescale_q(other.start_time, other.time_base, kMicroseconds));
        }
        if (start > context.start_time) file.ts_offset = -start;
    }
    std::int64_t const start = av_rescale_q(context.start_time, kMicroseconds, stream.time_base);
    auto const period = static_cast<std::int64_t>(std::uint64_t{1} << stream.pts_wrap_bits);
    auto const wraps =
        static_cast<std::int64_t>(static_cast<std::uint64_t>(start) + static_cast<std::uint64_t>(period)) >
        start;
    input.wrap_corrected = true;
    std::int64_t const half = start + (std::int64_t{1} << (stream.pts_wrap_bits - 1));
    for (std::int64_t* const time : {&packet.dts, &packet.pts}) {
        if (!wraps || *time == kNoTime || *time <= half) continue;
        *time -= period;
        input.wrap_corrected = false;
    }
}

// What the container knows of the whole stream goes with its first packet to the decoder.
Outcome<> attach_side_data(InputStream const& input, AVPacket& packet) {
    for (AVPacketSideData const& data : compat::side_data_of(*input.stream)) {
        if (data.type == AV_PKT_DATA_DISPLAYMATRIX) continue;
        if (av_packet_get_side_data(&packet, data.type, nullptr) != nullptr) continue;
        std::uint8_t* const copy = av_packet_new_side_data(&packet, data.type, data.size);
        if (copy == nullptr) return Exit::failure;
        std::memcpy(copy, data.data, data.size);
    }
    return {};
}

void shift(AVPacket& packet, std::int64_t by) {
    if (packet.dts != kNoTime) packet.dts += by;
    if (packet.pts != kNoTime) packet.pts += by;
}

void correct_jump(InputFile& file, InputStream& input, AVPacket& packet, std::int64_t delta) {
    file.ts_offset -= delta;
    log(AV_LOG_DEBUG,
        "timestamp discontinuity for stream #{}:{}: {}, new offset= {}\n",
        file.index,
        input.stream->index,
        delta,
        file.ts_offset);
    shift(packet, -av_rescale_q(delta, kMicroseconds, input.stream->time_base));
}

void drop_errors(InputStream const& input, AVPacket& packet, std::int64_t delta) {
    if (delta < -kError || delta > kError) {
        log(AV_LOG_WARNING,
            "DTS {}, next:{} st:{} invalid dropping\n",
            packet.dts,
            input.next_dts,
            packet.stream_index);
        packet.dts = kNoTime;
    }
    if (packet.pts == kNoTime) return;
    delta = av_rescale_q(packet.pts, input.stream->time_base, kMicroseconds) - input.next_dts;
    if (delta >= -kError && delta <= kError) return;
    log(AV_LOG_WARNING,
        "PTS {}, next:{} invalid dropping st:{}\n",
        packet.pts,
        input.next_dts,
        packet.stream_index);
    packet.pts = kNoTime;
}

void correct_discontinuity(InputFile& file, InputStream& input, AVPacket& packet) {
    bool const may_jump = (file.context->iformat->flags & AVFMT_TS_DISCONT) != 0;
    auto const dts = [&] { return rescale_passing_none(packet.dts, input.stream->time_base, kMicroseconds); };
    if (has_clock(input) && packet.dts != kNoTime && input.next_dts == kNoTime && may_jump &&
        file.last_time != kNoTime) {
        std::int64_t const delta = dts() - file.last_time;
        if (delta < -kJump || delta > kJump) correct_jump(file, input, packet, delta);
    }
    if (!has_clock(input) || packet.dts == kNoTime || input.next_dts == kNoTime) return;
    std::int64_t const delta = dts() - input.next_dts;
    if (!may_jump)
        drop_errors(input, packet, delta);
    else if (delta < -kJump || delta > kJump || dts() + kSecond / 10 < std::max(input.pts, input.dts))
        correct_jump(file, input, packet, delta);
}

Outcome<> take(Transcode& transcode, InputFile& file, AVPacket& packet) {
    auto const index = static_cast<std::size_t>(packet.stream_index);
    if (index >= file.streams.size()) {
        if (index < file.streams_warned_of) return {};
        log_text(
            file.context.get(),
            AV_LOG_WARNING,
            fmt::format(
                "New {} stream {}:{} at pos:{}\n",
                av_get_media_type_string(file.context->streams[index]->codecpar->codec_type),
                file.index,
                index,
                packet.pos
            )
        );
        file.streams_warned_of = index + 1;
        return {};
    }
    InputStream& input = *file.streams[index];
    input.bytes += static_cast<std::uint64_t>(packet.size);
    ++input.packets;
    if (!input.used) return {};
    if ((packet.flags & AV_PKT_FLAG_CORRUPT) != 0) {
        bool const strict = transcode.session.exit_on_error;
        log(strict ? AV_LOG_FATAL : AV_LOG_WARNING,
            "{}: corrupt input packet in stream {}\n",
            file.name,
            index);
        if (strict) return Exit::failure;
    }
    correct_wrap(file, input, packet);
    if (input.packets == 1)
        if (auto const attached = attach_side_data(input, packet); !attached) return attached;
    shift(packet, av_rescale_q(file.ts_offset, kMicroseconds, input.stream->time_base));
    correct_discontinuity(file, input, packet);
    if (packet.dts != kNoTime)
        file.last_time = av_rescale_q(packet.dts, input.stream->time_base, kMicroseconds);
    auto const processed = process_packet(transcode, input, &packet);
    if (!processed) return processed.error();
    return {};
}

// One frame out of one decoder. True while there was one.
Outcome<bool> drain(Transcode& transcode, InputFile& file) {
    for (auto const& input : file.streams) {
        if (input->used) {
            auto const more = process_packet(transcode, *input, nullptr);
            if (!more) return more.error();
            if (*more) return true;
        }
        for (OutputStream* const output : transcode.streams)
            if (output->source == input.get() && (output->copies || output->kind() == AVMEDIA_TYPE_SUBTITLE))
                output->encoder_finished = output->muxer_finished = true;
    }
    return false;
}

}  // namespace

Outcome<ReadResult> read_packet(Transcode& transcode, InputFile& file) {
    Packet const packet(av_packet_alloc());
    if (!packet) return Exit::failure;
    int const error = av_read_frame(file.context.get(), packet.get());
    if (error == AVERROR(EAGAIN)) return ReadResult::packet;
    if (error >= 0) {
        for (OutputStream* const output : transcode.streams)
            output->unavailable = false;
        if (auto const taken = take(transcode, file, *packet); !taken) return taken.error();
        return ReadResult::packet;
    }
    if (error != AVERROR_EOF) {
        log_error(file.name, error);
        if (transcode.session.exit_on_error) return Exit::because(error);
    }
    auto const more = drain(transcode, file);
    if (!more) return more.error();
    if (*more) return ReadResult::packet;
    file.at_end = true;
    return ReadResult::end;
}

}  // namespace bluebatch::emulator::media
