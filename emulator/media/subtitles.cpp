// Subtitles, which have neither frames nor filters.
#include "emulator/media/transcode.hpp"

#include <algorithm>
#include <vector>

namespace bluebatch::emulator::media {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1024} * 1024;
constexpr AVRational kMilliseconds{1, 1000};

}  // namespace

Outcome<> encode_subtitle(Transcode& transcode, OutputStream& output, AVSubtitle& subtitle) {
    if (subtitle.pts == kNoTime) {
        log(AV_LOG_ERROR, "Subtitle packets must have a pts\n");
        if (transcode.session.exit_on_error) return Exit::failure;
        return {};
    }
    AVCodecContext& encoder = *output.context;
    bool const is_dvb = encoder.codec_id == AV_CODEC_ID_DVB_SUBTITLE;
    std::int64_t const pts = subtitle.pts - output.file->start_or_zero();
    std::vector<std::uint8_t> bytes(kMostBytes);
    // DVB wants one packet to draw and one to clear.
    for (int i = 0; i < (is_dvb ? 2 : 1); ++i) {
        output.next_pts = av_rescale_q(pts, kMicroseconds, encoder.time_base);
        if (!within_recording_time(output)) return {};
        // Encoders expect the time of display to begin at once.
        subtitle.pts = pts + av_rescale_q(subtitle.start_display_time, kMilliseconds, kMicroseconds);
        subtitle.end_display_time -= subtitle.start_display_time;
        subtitle.start_display_time = 0;
        ++output.frames_encoded;
        unsigned const count = subtitle.num_rects;
        if (i == 1) subtitle.num_rects = 0;
        int const size =
            avcodec_encode_subtitle(&encoder, bytes.data(), static_cast<int>(bytes.size()), &subtitle);
        subtitle.num_rects = count;
        if (size < 0) {
            log(AV_LOG_FATAL, "Subtitle encoding failed\n");
            return Exit::because(size);
        }
        AVPacket* const packet = output.packet.get();
        av_packet_unref(packet);
        if (av_new_packet(packet, size) < 0) return Exit::failure;
        std::copy_n(bytes.begin(), size, packet->data);
        packet->pts = av_rescale_q(subtitle.pts, kMicroseconds, output.mux_time_base);
        packet->duration = av_rescale_q(subtitle.end_display_time, kMilliseconds, output.mux_time_base);
        if (is_dvb && i == 1) packet->pts += packet->duration;
        packet->dts = packet->pts;
        if (auto const sent = output_packet(transcode, output, packet, PacketKind::data); !sent) return sent;
    }
    return {};
}

}  // namespace bluebatch::emulator::media
