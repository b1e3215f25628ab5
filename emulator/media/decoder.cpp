// From packets to frames in the filters.
#include "emulator/media/compat.hpp"
#include "emulator/media/filter_path.hpp"
#include "emulator/media/sound_time.hpp"
#include "emulator/media/transcode.hpp"

namespace bluebatch::emulator::media {
namespace {

// What one round of decoding brought.
struct Decoded {
    int code = 0;
    bool got_output = false;
    // The decoder itself said no, as opposed to what became of its output.
    bool decoder_failed = false;
    std::int64_t duration = 0;
};

// `packet` is nullptr while the output of an earlier one is fetched; an empty one drains.
Decoded decode(InputStream& input, AVPacket* packet) {
    AVCodecContext* const context = input.context.get();
    if (packet != nullptr) {
        int const sent = avcodec_send_packet(context, packet);
        if (sent < 0 && sent != AVERROR_EOF) return {.code = sent, .decoder_failed = true};
    }
    int const received = avcodec_receive_frame(context, input.frame.get());
    if (received < 0 && received != AVERROR(EAGAIN)) return {.code = received, .decoder_failed = true};
    return {.got_output = received >= 0};
}

Outcome<> count_result(Transcode& transcode, InputStream& input, Decoded const& decoded) {
    if (decoded.code < 0)
        ++transcode.decode_errors;
    else if (decoded.got_output)
        ++transcode.decoded;
    bool const strict = transcode.session.exit_on_error;
    if (decoded.code < 0 && strict) return Exit::because(decoded.code);
    if (!decoded.got_output || input.kind() == AVMEDIA_TYPE_SUBTITLE) return {};
    AVFrame const& frame = *input.frame;
    if (frame.decode_error_flags == 0 && (frame.flags & AV_FRAME_FLAG_CORRUPT) == 0) return {};
    log(strict ? AV_LOG_FATAL : AV_LOG_WARNING,
        "{}: corrupt decoded frame in stream {}\n",
        input.file->name,
        input.stream->index);
    if (strict) return Exit::failure;
    return {};
}

Outcome<int> send_to_path(Transcode& transcode, FilterPath& path, AVFrame* frame, bool keep) {
    bool const rebuild = path.needs_rebuild(*frame);
    if (rebuild) path.take_format(*frame);
    if (rebuild || !path.configured()) {
        // What the old graph still holds is encoded before it goes.
        if (auto const reaped = reap_filters(transcode, Reap::end); !reaped) return reaped.error();
        if (int const error = path.configure(); error < 0) {
            log(AV_LOG_ERROR, "Error reinitializing filters!\n");
            return error;
        }
    }
    int const error = path.push(frame, keep);
    if (error < 0 && error != AVERROR_EOF)
        log(AV_LOG_ERROR, "Error while filtering: {}\n", error_text(error));
    return error;
}

Outcome<int> send_to_paths(Transcode& transcode, InputStream& input) {
    int result = 0;
    for (std::size_t i = 0; i < input.paths.size(); ++i) {
        bool const keep = i + 1 < input.paths.size();
        auto const sent = send_to_path(transcode, *input.paths[i], input.frame.get(), keep);
        if (!sent) return sent.error();
        result = *sent == AVERROR_EOF ? 0 : *sent;
        if (result >= 0) continue;
        log(AV_LOG_ERROR, "Failed to inject frame into filter network: {}\n", error_text(result));
        break;
    }
    av_frame_unref(input.frame.get());
    return result;
}

Outcome<Decoded> decode_audio(Transcode& transcode, InputStream& input, AVPacket* packet) {
    AVCodecContext const& context = *input.context;
    Decoded decoded = decode(input, packet);
    if (decoded.code >= 0 && context.sample_rate <= 0) {
        log_text(
            input.context.get(), AV_LOG_ERROR, fmt::format("Sample rate {} invalid\n", context.sample_rate)
        );
        decoded.code = AVERROR_INVALIDDATA;
    }
    if (decoded.code != AVERROR_EOF)
        if (auto const counted = count_result(transcode, input, decoded); !counted) return counted.error();
    if (!decoded.got_output || decoded.code < 0) return decoded;

    AVFrame& frame = *input.frame;
    input.samples_decoded += static_cast<std::uint64_t>(frame.nb_samples);
    ++input.frames_decoded;
    std::int64_t const duration = kSecond * frame.nb_samples / context.sample_rate;
    input.next_pts += duration;
    input.next_dts += duration;

    set_sound_time(input, frame, packet);
    auto const sent = send_to_paths(transcode, input);
    if (!sent) return sent.error();
    if (*sent < 0) decoded.code = *sent;
    return decoded;
}

std::int64_t time_of(InputStream& input, bool draining) {
    AVFrame const& frame = *input.frame;
    if (input.frame_rate.num != 0) return input.next_frame_number++;
    if (frame.best_effort_timestamp != kNoTime || !draining || input.drained_dts.empty())
        return frame.best_effort_timestamp;
    std::int64_t const time = input.drained_dts.front();
    input.drained_dts.pop_front();
    return time;
}

Outcome<Decoded> decode_video(Transcode& transcode, InputStream& input, AVPacket* packet, bool draining) {
    AVStream& stream = *input.stream;
    if (!draining && packet != nullptr && packet->size == 0) return Decoded{};
    std::int64_t const dts =
        input.dts == kNoTime ? kNoTime : av_rescale_q(input.dts, kMicroseconds, stream.time_base);
    if (packet != nullptr) packet->dts = dts;
    if (draining) input.drained_dts.push_back(dts);

    Decoded decoded = decode(input, packet);
    int const delay = input.context->has_b_frames;
    if (stream.codecpar->video_delay < delay && input.context->codec_id == AV_CODEC_ID_H264)
        stream.codecpar->video_delay = delay;
    if (decoded.code != AVERROR_EOF)
        if (auto const counted = count_result(transcode, input, decoded); !counted) return counted.error();
    if (!decoded.got_output || decoded.code < 0) return decoded;

    AVFrame& frame = *input.frame;
    ++input.frames_decoded;
    decoded.duration = compat::duration_of(frame);
    if (std::int64_t const time = time_of(input, draining); time != kNoTime) {
        frame.pts = time;
        input.next_pts = input.pts = av_rescale_q(time, stream.time_base, kMicroseconds);
    }
    if (stream.sample_aspect_ratio.num != 0) frame.sample_aspect_ratio = stream.sample_aspect_ratio;
    auto const sent = send_to_paths(transcode, input);
    if (!sent) return sent.error();
    if (*sent < 0) decoded.code = *sent;
    return decoded;
}

Outcome<Decoded> decode_subtitle(Transcode& transcode, InputStream& input, AVPacket* packet, bool draining) {
    AVSubtitle subtitle{};
    int got_output = 0;
    Decoded decoded;
    decoded.code = avcodec_decode_subtitle2(input.context.get(), &subtitle, &got_output, packet);
    decoded.got_output = got_output != 0;
    if (auto const counted = count_result(transcode, input, decoded); !counted) return counted.error();
    if (decoded.code < 0 || !decoded.got_output) {
        decoded.decoder_failed = true;
        if (draining && decoded.code >= 0) decoded.code = AVERROR_EOF;
        return decoded;
    }
    Outcome<> done;
    if (subtitle.num_rects > 0) {
        ++input.frames_decoded;
        for (OutputStream* const output : transcode.streams) {
            if (!done || !takes_from(*output, input) || output->copies) continue;
            done = encode_subtitle(transcode, *output, subtitle);
        }
    }
    avsubtitle_free(&subtitle);
    if (!done) return done.error();
    if (draining) decoded.code = AVERROR_EOF;
    return decoded;
}

std::int64_t frame_time(InputStream const& input) {
    AVRational const rate = input.context->framerate;
    if (rate.num == 0 || rate.den == 0) return 0;
    AVCodecParserContext const* const parser = av_stream_get_parser(input.stream);
    int const ticks_in_frame = compat::ticks_per_frame(*input.context);
    int const ticks = parser != nullptr ? parser->repeat_pict + 1 : ticks_in_frame;
    return kSecond * rate.den * ticks / rate.num / ticks_in_frame;
}

// Where the stream's clock stands after a round of video decoding.
void advance_video_clock(InputStream& input, AVPacket const* packet, bool fetching, Decoded const& decoded) {
    std::int64_t step = 0;
    if (!fetching || packet == nullptr || decoded.got_output) {
        step = packet != nullptr && packet->duration != 0
                   ? av_rescale_q(packet->duration, input.stream->time_base, kMicroseconds)
                   : frame_time(input);
        input.next_dts = input.dts != kNoTime && step != 0 ? input.next_dts + step : kNoTime;
    }
    if (!decoded.got_output) return;
    input.next_pts +=
        decoded.duration > 0 ? av_rescale_q(decoded.duration, input.stream->time_base, kMicroseconds) : step;
}

void start_clock(InputStream& input, AVPacket const* packet) {
    if (!input.started) {
        AVRational const rate = input.stream->avg_frame_rate;
        input.dts = rate.num != 0
                        ? static_cast<std::int64_t>(-input.context->has_b_frames * kSecond / av_q2d(rate))
                        : 0;
        input.pts = 0;
        if (packet != nullptr && packet->pts != kNoTime && !input.decoded) {
            input.dts += av_rescale_q(packet->pts, input.stream->time_base, kMicroseconds);
            input.pts = input.dts;
        }
        input.started = true;
    }
    if (input.next_dts == kNoTime) input.next_dts = input.dts;
    if (input.next_pts == kNoTime) input.next_pts = input.pts;
    if (packet == nullptr || packet->dts == kNoTime) return;
    input.next_dts = input.dts = av_rescale_q(packet->dts, input.stream->time_base, kMicroseconds);
    if (input.kind() != AVMEDIA_TYPE_VIDEO || !input.decoded) input.next_pts = input.pts = input.dts;
}

// Decodes a packet, or drains by one frame. True when the decoder reached its end.
Outcome<bool> decode_all(Transcode& transcode, InputStream& input, AVPacket const* packet) {
    AVPacket* const work = input.packet.get();
    bool const draining = packet == nullptr;
    for (bool fetching = false;; fetching = true) {
        input.pts = input.next_pts;
        input.dts = input.next_dts;
        Outcome<Decoded> round = Decoded{};
        AVPacket* const sent = fetching ? nullptr : work;
        switch (input.kind()) {
            case AVMEDIA_TYPE_AUDIO:
                round = decode_audio(transcode, input, sent);
                break;
            case AVMEDIA_TYPE_VIDEO:
                round = decode_video(transcode, input, sent, draining);
                if (round) advance_video_clock(input, packet, fetching, *round);
                break;
            case AVMEDIA_TYPE_SUBTITLE:
                if (!fetching) round = decode_subtitle(transcode, input, work, draining);
                break;
            default:
                return false;
        }
        av_packet_unref(work);
        if (!round) return round.error();
        if (round->code == AVERROR_EOF) return true;
        if (round->code < 0) {
            if (round->decoder_failed) {
                log(AV_LOG_ERROR,
                    "Error while decoding stream #{}:{}: {}\n",
                    input.file->index,
                    input.stream->index,
                    error_text(round->code));
            } else {
                log(AV_LOG_FATAL,
                    "Error while processing the decoded data for stream #{}:{}\n",
                    input.file->index,
                    input.stream->index);
            }
            if (!round->decoder_failed || transcode.session.exit_on_error) return Exit::because(round->code);
            return false;
        }
        if (round->got_output) input.has_output = true;
        if (!round->got_output || draining) return false;
    }
}

Outcome<> finish_paths(InputStream& input) {
    std::int64_t const end = rescale_passing_none(input.pts, kMicroseconds, input.stream->time_base);
    for (FilterPath* const path : input.paths) {
        if (!path->configured() && !path->knows_format()) path->take_format(*input.stream->codecpar);
        if (!path->knows_format()) {
            log(AV_LOG_ERROR,
                "Cannot determine format of input stream {}:{} after EOF\n",
                input.file->index,
                input.stream->index);
        }
        if (!path->knows_format() || path->finish(end) < 0) {
            log(AV_LOG_FATAL, "Error marking filters as finished\n");
            return Exit::failure;
        }
    }
    return {};
}

void advance_copied_clock(InputStream& input, AVPacket const& packet) {
    input.dts = input.next_dts;
    AVCodecContext const& context = *input.context;
    std::int64_t const packet_time = av_rescale_q(packet.duration, input.stream->time_base, kMicroseconds);
    if (input.kind() == AVMEDIA_TYPE_AUDIO) {
        input.next_dts +=
            context.sample_rate != 0 ? kSecond * context.frame_size / context.sample_rate : packet_time;
    } else if (input.kind() == AVMEDIA_TYPE_VIDEO) {
        if (input.frame_rate.num != 0) {
            AVRational const frame = av_inv_q(input.frame_rate);
            std::int64_t const number = av_rescale_q(input.next_dts, kMicroseconds, frame);
            input.next_dts = av_rescale_q(number + 1, frame, kMicroseconds);
        } else {
            input.next_dts += packet.duration != 0 ? packet_time : frame_time(input);
        }
    }
    input.pts = input.dts;
    input.next_pts = input.next_dts;
}

}  // namespace

Outcome<> open_decoder(InputStream& input) {
    if (!input.decoded) return {};
    auto const failed = [](std::string const& reason, int error) {
        log(AV_LOG_ERROR, "{}", reason);
        return Exit::because(error);
    };
    int const file = input.file->index;
    int const index = input.stream->index;
    if (input.decoder == nullptr) {
        return failed(
            fmt::format(
                "Decoder (codec {}) not found for input stream #{}:{}\n",
                avcodec_get_name(input.context->codec_id),
                file,
                index
            ),
            AVERROR(EINVAL)
        );
    }
    input.context->pkt_timebase = input.stream->time_base;
    Dictionary& decoder_options = input.decoder_options;
    if (decoder_options.find("threads") == nullptr) decoder_options.set("threads", "auto");
    // A cover is one frame, which frame threads would hold back to the end.
    if ((input.stream->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0) decoder_options.set("threads", "1");
    int const error = avcodec_open2(input.context.get(), input.decoder, decoder_options.address());
    if (error < 0)
        return failed(
            fmt::format(
                "Error while opening decoder for input stream #{}:{} : {}\n", file, index, error_text(error)
            ),
            error
        );
    if (AVDictionaryEntry const* const unknown = decoder_options.next(nullptr)) {
        log(AV_LOG_FATAL, "Option {} not found.\n", unknown->key);
        return Exit::because(AVERROR_OPTION_NOT_FOUND);
    }
    return {};
}

Outcome<bool> process_packet(Transcode& transcode, InputStream& input, AVPacket const* packet) {
    start_clock(input, packet);
    bool at_end = false;
    if (input.decoded) {
        if (packet != nullptr) {
            av_packet_unref(input.packet.get());
            if (av_packet_ref(input.packet.get(), packet) < 0) return Exit::failure;
        }
        auto const ended = decode_all(transcode, input, packet);
        if (!ended) return ended.error();
        at_end = *ended;
        if (packet == nullptr && at_end)
            if (auto const finished = finish_paths(input); !finished) return finished.error();
    } else if (packet != nullptr) {
        advance_copied_clock(input, *packet);
    } else {
        at_end = true;
    }
    for (OutputStream* const output : transcode.streams) {
        if (!takes_from(*output, input) || output->encodes()) continue;
        if (auto const copied = copy_packet(transcode, input, *output, packet); !copied)
            return copied.error();
    }
    return !at_end;
}

}  // namespace bluebatch::emulator::media
