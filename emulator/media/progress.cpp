#include "emulator/media/progress.hpp"

#include "emulator/media/transcode.hpp"

#include <algorithm>
#include <cinttypes>

namespace bluebatch::emulator::media {
namespace {

struct Names {
    std::string codec = "?";
    std::string implementation = "?";
};

// "native" is a codec of libavcodec itself.
Names names_of(AVCodec const* codec) {
    if (codec == nullptr) return {};
    Names names{.codec = "?", .implementation = codec->name};
    if (AVCodecDescriptor const* const descriptor = avcodec_descriptor_get(codec->id))
        names.codec = descriptor->name;
    if (names.codec == names.implementation) names.implementation = "native";
    return names;
}

std::int64_t written_time(Transcode const& transcode) {
    std::int64_t latest = 0;
    for (OutputStream const* const output : transcode.streams)
        if (output->end_pts != kNoTime)
            latest =
                std::max(latest, av_rescale_q(output->end_pts, output->stream->time_base, kMicroseconds));
    return latest;
}

std::string clock(std::int64_t time) {
    std::int64_t const all = time < 0 ? -time : time;
    std::int64_t const seconds = all / kSecond;
    return fmt::format(
        "{}{:02}:{:02}:{:02}.{:02}",
        time < 0 ? "-" : "",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60,
        100 * (all % kSecond) / kSecond
    );
}

// Like printf's %4.3g.
std::string speed(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%4.3g", value);
    return text;
}

std::string video_part(Transcode const& transcode, double elapsed, bool at_end) {
    std::string text;
    for (OutputStream const* const output : transcode.streams) {
        if (output->kind() != AVMEDIA_TYPE_VIDEO) continue;
        double const q = output->copies ? -1 : output->quality / static_cast<double>(FF_QP2LAMBDA);
        if (!text.empty()) {
            text += fmt::format("q={:2.1f} ", q);
            continue;
        }
        double const rate = elapsed > 1 ? static_cast<double>(output->frame_number) / elapsed : 0;
        text += fmt::format(
            "frame={:5} fps={:3.{}f} q={:3.1f} {}",
            output->frame_number,
            rate,
            rate < 9.95 ? 1 : 0,
            q,
            at_end ? "L" : ""
        );
    }
    return text;
}

void print_sizes(Transcode const& transcode, std::int64_t total) {
    std::uint64_t video = 0;
    std::uint64_t audio = 0;
    std::uint64_t subtitle = 0;
    std::uint64_t other = 0;
    std::uint64_t headers = 0;
    for (OutputStream const* const output : transcode.streams) {
        switch (output->kind()) {
            case AVMEDIA_TYPE_VIDEO:
                video += output->bytes;
                break;
            case AVMEDIA_TYPE_AUDIO:
                audio += output->bytes;
                break;
            case AVMEDIA_TYPE_SUBTITLE:
                subtitle += output->bytes;
                break;
            default:
                other += output->bytes;
        }
        headers += static_cast<std::uint64_t>(output->context->extradata_size);
    }
    std::uint64_t const data = video + audio + subtitle + other;
    auto const kilobytes = [](std::uint64_t bytes) { return static_cast<double>(bytes) / 1024.0; };
    std::string overhead = "unknown";
    if (data > 0 && total > 0 && static_cast<std::uint64_t>(total) >= data) {
        double const more = static_cast<double>(static_cast<std::uint64_t>(total) - data);
        overhead = fmt::format("{:f}%", 100.0 * more / static_cast<double>(data));
    }
    log(AV_LOG_INFO,
        "video:{:1.0f}kB audio:{:1.0f}kB subtitle:{:1.0f}kB other streams:{:1.0f}kB global headers:{:1.0f}kB "
        "muxing "
        "overhead: {}\n",
        kilobytes(video),
        kilobytes(audio),
        kilobytes(subtitle),
        kilobytes(other),
        kilobytes(headers),
        overhead);
    if (data + headers == 0)
        log(AV_LOG_WARNING,
            "Output file is empty, nothing was encoded (check -ss / -t / -frames parameters if used)\n");
}

}  // namespace

void Progress::start() {
    started_ = last_report_ = av_gettime_relative();
}

void Progress::report(Transcode& transcode) {
    if (session_.stats == Session::Stats::off) return;
    std::int64_t const now = av_gettime_relative();
    if (reported_
            ? now - last_report_ < session_.stats_period
            : !std::ranges::all_of(transcode.outputs, [](auto const& file) { return file->header_written; }))
        return;
    last_report_ = now;
    print(transcode, Moment::during);
    reported_ = true;
}

void Progress::report_last(Transcode& transcode) {
    print(transcode, Moment::end);
}

void Progress::print(Transcode& transcode, Moment moment) {
    bool const at_end = moment == Moment::end;
    AVIOContext* const io = transcode.outputs.front()->context->pb;
    std::int64_t total = -1;
    if (io != nullptr) {
        total = avio_size(io);
        if (total <= 0) total = avio_tell(io);
    }
    double const elapsed = static_cast<double>(av_gettime_relative() - started_) / kSecond;
    std::int64_t const time = written_time(transcode);
    if (at_end)
        for (OutputStream const* const output : transcode.streams)
            if (output->dropped_last) ++transcode.frames_dropped;

    std::string line = video_part(transcode, elapsed, at_end);
    line += total < 0 ? std::string("size=N/A time=")
                      : fmt::format("size={:8.0f}kB time=", static_cast<double>(total) / 1024.0);
    line += clock(time);
    double const bitrate =
        time != 0 && total >= 0 ? static_cast<double>(total * 8) / (static_cast<double>(time) / 1000.0) : -1;
    line += bitrate < 0 ? std::string(" bitrate=N/A") : fmt::format(" bitrate={:6.1f}kbits/s", bitrate);
    if (transcode.frames_repeated != 0 || transcode.frames_dropped != 0)
        line += fmt::format(" dup={} drop={}", transcode.frames_repeated, transcode.frames_dropped);
    double const rate = elapsed != 0 ? static_cast<double>(time) / kSecond / elapsed : -1;
    line += rate < 0 ? std::string(" speed=N/A") : fmt::format(" speed={}x", speed(rate));
    line += at_end ? "    \n" : "    \r";
    if (session_.stats == Session::Stats::on && session_.log.level() < AV_LOG_INFO)
        session_.log.print(line);
    else
        log(AV_LOG_INFO, "{}", line);
    if (at_end) print_sizes(transcode, total);
}

void log_stream_mapping(Transcode const& transcode) {
    log(AV_LOG_INFO, "Stream mapping:\n");
    for (OutputStream const* const output : transcode.streams) {
        std::string how = "copy";
        if (output->encodes()) {
            Names const from = names_of(output->source->decoder);
            Names const to = names_of(output->encoder);
            how = fmt::format(
                "{} ({}) -> {} ({})", from.codec, from.implementation, to.codec, to.implementation
            );
        }
        log(AV_LOG_INFO,
            "  Stream #{}:{} -> #{}:{} ({})\n",
            output->source->file->index,
            output->source->stream->index,
            output->file->index,
            output->index,
            how);
    }
}

}  // namespace bluebatch::emulator::media
