#pragma once

// What FFmpeg 5.1, 6.1 and 7.1 name differently, and do differently. Nothing else in this module asks for a
// version.
#include "emulator/media/libav.hpp"

#include <cstring>
#include <span>

namespace bluebatch::emulator::media::compat {

// What the ffmpeg program of these libraries does. 6.0 came with libavutil 58.2, 6.1 with 58.29.
// -frames counts what goes into encoders rather than packets, and ends the other streams of the file there
// too.
inline constexpr bool kLimitsBeforeEncoding = LIBAVUTIL_VERSION_MAJOR >= 58;
// -fs is asked before each packet, of what has reached the file.
inline constexpr bool kLimitsFileByPackets = LIBAVUTIL_VERSION_MAJOR >= 58;
inline constexpr bool kIsAtLeast6_1 = LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 29, 0);
// The exit code is the low byte of the error.
inline constexpr bool kTellsErrorByExitCode = kIsAtLeast6_1;
// -r and -fpsmax ask for a steady rate, whatever the format could do.
inline constexpr bool kSteadiesToldRates = kIsAtLeast6_1;
// Chains of -vf and -af are parsed before the output file is opened.
inline constexpr bool kParsesFiltersEarly = kIsAtLeast6_1;
// Frames carry their durations from decoder to packet; gaps in sound are told from the times of frames.
inline constexpr bool kTrustsFrameDurations = kIsAtLeast6_1;
// ffprobe tells of groups of streams, and what the demuxer itself tells of a file.
inline constexpr bool kProbesStreamGroups = LIBAVFORMAT_VERSION_MAJOR >= 61;

inline std::int64_t duration_of(AVFrame const& frame) {
#if LIBAVUTIL_VERSION_MAJOR >= 58
    return frame.duration;
#else
    return frame.pkt_duration;
#endif
}

// Only for versions that trust it.
inline void set_duration([[maybe_unused]] AVFrame& frame, [[maybe_unused]] std::int64_t duration) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 29, 0)
    frame.duration = duration;
#endif
}

// Encoders give packets the durations of their frames.
inline void pass_durations([[maybe_unused]] AVCodecContext& encoder) {
#ifdef AV_CODEC_FLAG_FRAME_DURATION
    if (kTrustsFrameDurations) encoder.flags |= AV_CODEC_FLAG_FRAME_DURATION;
#endif
}

inline bool is_key_frame(AVFrame const& frame) {
#if LIBAVUTIL_VERSION_MAJOR > 58 || (LIBAVUTIL_VERSION_MAJOR == 58 && LIBAVUTIL_VERSION_MINOR >= 7)
    return (frame.flags & AV_FRAME_FLAG_KEY) != 0;
#else
    return frame.key_frame != 0;
#endif
}

inline bool is_interlaced(AVFrame const& frame) {
#if LIBAVUTIL_VERSION_MAJOR > 58 || (LIBAVUTIL_VERSION_MAJOR == 58 && LIBAVUTIL_VERSION_MINOR >= 7)
    return (frame.flags & AV_FRAME_FLAG_INTERLACED) != 0;
#else
    return frame.interlaced_frame != 0;
#endif
}

inline bool is_top_field_first(AVFrame const& frame) {
#if LIBAVUTIL_VERSION_MAJOR > 58 || (LIBAVUTIL_VERSION_MAJOR == 58 && LIBAVUTIL_VERSION_MINOR >= 7)
    return (frame.flags & AV_FRAME_FLAG_TOP_FIELD_FIRST) != 0;
#else
    return frame.top_field_first != 0;
#endif
}

// 2 for codecs that count fields, else 1.
inline int ticks_per_frame(AVCodecContext const& context) {
#if LIBAVCODEC_VERSION_MAJOR > 60 || (LIBAVCODEC_VERSION_MAJOR == 60 && LIBAVCODEC_VERSION_MINOR >= 30)
    AVCodecDescriptor const* const descriptor = avcodec_descriptor_get(context.codec_id);
    return descriptor != nullptr && (descriptor->props & AV_CODEC_PROP_FIELDS) != 0 ? 2 : 1;
#else
    return context.ticks_per_frame;
#endif
}

inline std::span<AVPacketSideData const> side_data_of(AVStream const& stream) {
#if LIBAVFORMAT_VERSION_MAJOR > 60 || (LIBAVFORMAT_VERSION_MAJOR == 60 && LIBAVFORMAT_VERSION_MINOR >= 15)
    return {stream.codecpar->coded_side_data, static_cast<std::size_t>(stream.codecpar->nb_coded_side_data)};
#else
    return {stream.side_data, static_cast<std::size_t>(stream.nb_side_data)};
#endif
}

// A copy of the data on the stream; nullptr when there is no memory for it.
inline std::uint8_t* add_side_data(
    AVStream& stream, AVPacketSideDataType type, std::span<std::uint8_t const> data
) {
#if LIBAVFORMAT_VERSION_MAJOR > 60 || (LIBAVFORMAT_VERSION_MAJOR == 60 && LIBAVFORMAT_VERSION_MINOR >= 15)
    AVPacketSideData* const added = av_packet_side_data_new(
        &stream.codecpar->coded_side_data, &stream.codecpar->nb_coded_side_data, type, data.size(), 0
    );
    std::uint8_t* const copy = added == nullptr ? nullptr : added->data;
#else
    std::uint8_t* const copy = av_stream_new_side_data(&stream, type, data.size());
#endif
    if (copy != nullptr && !data.empty()) std::memcpy(copy, data.data(), data.size());
    return copy;
}

// The time base a copied stream inherits from its source.
inline AVRational copied_time_base(AVStream const& stream, [[maybe_unused]] AVStream const& source) {
#if LIBAVFORMAT_VERSION_MAJOR >= 62
    return source.time_base;
#else
    return av_stream_get_codec_timebase(&stream);
#endif
}

}  // namespace bluebatch::emulator::media::compat
