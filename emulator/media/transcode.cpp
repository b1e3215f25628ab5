#include "emulator/media/transcode.hpp"

#include "emulator/media/compat.hpp"
#include "emulator/media/filter_path.hpp"
#include "emulator/media/reader.hpp"

namespace bluebatch::emulator::media {
namespace {

enum class Step { again, finished };

// Whether any output still wants data.
bool needs_output(Transcode& transcode) {
    for (OutputStream* const output : transcode.streams) {
        OutputFile& file = *output->file;
        bool const full = !compat::kLimitsFileByPackets && file.context->pb != nullptr &&
                          avio_tell(file.context->pb) >= file.max_bytes;
        if (output->finished() || full) continue;
        if (output->frame_number < output->max_frames) return true;
        output->encoder_finished = true;
        // The gate ends the others when their time comes.
        if (file.gate) continue;
        for (auto const& other : file.streams)
            other->encoder_finished = true;
    }
    return false;
}

// The stream that is furthest behind, so that the parts of a file stay together. nullptr: it cannot go on
// now.
OutputStream* choose_output(Transcode& transcode) {
    OutputStream* chosen = nullptr;
    std::int64_t earliest = INT64_MAX;
    for (OutputStream* const output : transcode.streams) {
        if (!output->initialized && !output->inputs_done) return output->unavailable ? nullptr : output;
        std::int64_t const time =
            output->last_dts == kNoTime
                ? INT64_MIN
                : av_rescale_q(output->last_dts, output->stream->time_base, kMicroseconds);
        if (output->finished() || time >= earliest) continue;
        earliest = time;
        chosen = output->unavailable ? nullptr : output;
    }
    return chosen;
}

// What the filters can give without further input. nullptr when that was something, else the input they wait
// for.
Outcome<InputStream*> step_filters(Transcode& transcode, OutputStream& output) {
    FilterPath& path = *output.path;
    if (output.kind() == AVMEDIA_TYPE_AUDIO && !output.initialized)
        if (auto const done = initialize(transcode, output, nullptr); !done) return done.error();
    int const error = path.request();
    if (error >= 0 || error == AVERROR_EOF) {
        auto const reaped = reap_filters(transcode, error == AVERROR_EOF ? Reap::end : Reap::ready);
        if (!reaped) return reaped.error();
        if (error == AVERROR_EOF) output.encoder_finished = true;
        return nullptr;
    }
    if (error != AVERROR(EAGAIN)) {
        log(AV_LOG_ERROR, "Error while filtering: {}\n", error_text(error));
        return Exit::because(error);
    }
    if (!path.input().file->at_end && path.wants_input()) return &path.input();
    output.unavailable = true;
    return nullptr;
}

Outcome<Step> step(Transcode& transcode) {
    OutputStream* const output = choose_output(transcode);
    if (output == nullptr) {
        bool waiting = false;
        for (OutputStream* const other : transcode.streams)
            waiting = std::exchange(other->unavailable, false) || waiting;
        return waiting ? Step::again : Step::finished;
    }
    InputStream* input = output->source;
    if (output->path && !output->path->configured() && output->path->knows_format()) {
        if (int const error = output->path->configure(); error < 0) {
            log(AV_LOG_ERROR, "Error reinitializing filters!\n");
            return Exit::because(error);
        }
    }
    if (output->path && output->path->configured()) {
        auto const wanted = step_filters(transcode, *output);
        if (!wanted) return wanted.error();
        input = *wanted;
        if (input == nullptr) return Step::again;
    } else if (output->path && (input->has_output || input->file->at_end)) {
        output->inputs_done = true;
        return Step::again;
    }
    auto const read = read_packet(transcode, *input->file);
    if (!read) return read.error();
    if (*read == ReadResult::end) return Step::again;
    if (auto const reaped = reap_filters(transcode, Reap::ready); !reaped) return reaped.error();
    return Step::again;
}

Outcome<> convert(Transcode& transcode) {
    for (;;) {
        StopRequest const request = transcode.session.stop_request();
        if (request == StopRequest::abandon) return Exit::interrupted;
        if (request == StopRequest::finish || !needs_output(transcode)) return {};
        auto const stepped = step(transcode);
        if (!stepped)
            return transcode.session.stop_request() == StopRequest::abandon ? Exit::interrupted
                                                                            : stepped.error();
        if (*stepped == Step::finished) return {};
        transcode.progress.report(transcode);
    }
}

// Programs of a transport stream that no output uses are not read.
void discard_programs(InputFile const& file) {
    for (unsigned i = 0; i < file.context->nb_programs; ++i) {
        AVProgram& program = *file.context->programs[i];
        program.discard = AVDISCARD_ALL;
        for (unsigned k = 0; k < program.nb_stream_indexes; ++k)
            if (file.streams[program.stream_index[k]]->used) program.discard = AVDISCARD_DEFAULT;
    }
}

}  // namespace

Outcome<> prepare(Transcode& transcode) {
    for (auto const& file : transcode.inputs) {
        for (auto const& input : file->streams) {
            auto const opened = open_decoder(*input);
            if (opened) continue;
            log_stream_mapping(transcode);
            return opened;
        }
    }
    for (OutputStream* const output : transcode.streams) {
        bool const waits_for_frames = output->path != nullptr;
        if (waits_for_frames) continue;
        auto const done = initialize(transcode, *output, nullptr);
        if (done) continue;
        log_stream_mapping(transcode);
        return done;
    }
    for (auto const& file : transcode.inputs)
        discard_programs(*file);
    for (auto const& file : transcode.outputs) {
        if (!file->streams.empty()) continue;
        if (auto const done = write_header_if_ready(transcode, *file); !done) return done;
    }
    log_stream_mapping(transcode);
    transcode.session.running = true;
    return {};
}

Outcome<> run_to_end(Transcode& transcode) {
    if (transcode.session.ask_on_stdin) log(AV_LOG_INFO, "Press [q] to stop, [?] for help\n");
    transcode.progress.start();
    if (auto const converted = convert(transcode); !converted) return converted;

    for (auto const& file : transcode.inputs) {
        if (file->at_end) continue;
        for (auto const& input : file->streams)
            if (input->used)
                if (auto const drained = process_packet(transcode, *input, nullptr); !drained)
                    return drained.error();
    }
    if (auto const flushed = flush_encoders(transcode); !flushed) return flushed;
    for (auto const& file : transcode.outputs) {
        auto const written = write_trailer(*file);
        if (!written && (transcode.session.exit_on_error || compat::kTellsErrorByExitCode)) return written;
    }
    transcode.progress.report_last(transcode);
    for (auto const& file : transcode.outputs) {
        if ((file->context->oformat->flags & AVFMT_NOFILE) != 0) continue;
        if (int const error = avio_closep(&file->context->pb); error < 0) {
            log(AV_LOG_ERROR, "Error closing file {}: {}\n", file->name, error_text(error));
            if (transcode.session.exit_on_error || compat::kTellsErrorByExitCode) return Exit::because(error);
        }
    }
    return {};
}

}  // namespace bluebatch::emulator::media
