#include "emulator/media/output_file.hpp"

#include "emulator/media/codec_choice.hpp"
#include "emulator/media/input_file.hpp"
#include "emulator/media/options/av_options.hpp"
#include "emulator/media/time_range.hpp"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <map>

namespace bluebatch::emulator::media {
namespace {

using options::find_setting;

// "Overwrite? [y/N]": a closed or empty standard input means no.
bool answers_yes() {
    char first = '\0';
    char c = '\0';
    while (::read(STDIN_FILENO, &c, 1) == 1 && c != '\n')
        if (first == '\0') first = c;
    return first == 'y' || first == 'Y';
}

bool is_local_file(std::string const& url) {
    char const* const protocol = avio_find_protocol_name(url.c_str());
    return protocol != nullptr && std::string_view(protocol) == "file";
}

}  // namespace

Outcome<std::unique_ptr<OutputFile>> OutputFile::open(
    Session& session, options::FileGroup& group, Inputs inputs, int index
) {
    auto file = std::make_unique<OutputFile>();
    file->index = index;
    file->name = group.url == "-" ? "pipe:" : group.url;
    if (auto const done = file->allocate(session, group); !done) return done.error();
    if (auto const done = select_streams(session, group, inputs, *file); !done) return done.error();
    std::vector<Dictionary const*> used;
    for (auto const& stream : file->streams)
        used.push_back(&stream->encoder_options);
    if (auto const done = check_codec_options(group.codec, used, CodecSide::encoder, index, file->name);
        !done)
        return done.error();
    if (auto const done = file->open_file(session, group, inputs); !done) return done.error();
    if (auto const done = write_metadata(group, inputs, *file); !done) return done.error();
    if (auto const done = file->set_dispositions(); !done) return done.error();
    file->gate = FrameGate::for_streams(file->streams);
    return file;
}

Outcome<> OutputFile::allocate(Session& session, options::FileGroup& group) {
    auto const range = read_time_range(group);
    if (!range) return range.error();
    start_time = range->start;
    recording_time = range->duration;
    bitexact = options::is_set(group.settings, "bitexact");
    if (std::string const* const told = find_setting(group.settings, "fs")) {
        auto const bytes = options::parse_number("fs", *told);
        if (!bytes) return bytes.error();
        max_bytes = static_cast<std::int64_t>(*bytes);
    }
    muxer_options = Dictionary(group.format);

    std::string const* const format = find_setting(group.settings, "f");
    AVFormatContext* allocated = nullptr;
    std::string const location = session.output_location(group.url);
    int const error = avformat_alloc_output_context2(
        &allocated, nullptr, format == nullptr ? nullptr : format->c_str(), location.c_str()
    );
    if (allocated == nullptr) {
        log_error(name, error);
        return Exit::because(error);
    }
    context.reset(allocated);
    session.adopt(*context);
    if (recording_time != kUnlimited) context->duration = recording_time;
    if (bitexact) context->flags |= AVFMT_FLAG_BITEXACT;
    return {};
}

Outcome<> OutputFile::check_overwrite(Session& session, Inputs inputs) const {
    if (session.overwrite && session.never_overwrite) {
        session.log.print("Error, both -y and -n supplied. Exiting.\n");
        return Exit::failure;
    }
    if (!is_local_file(name)) return {};
    if (!session.overwrite && avio_check(session.output_location(name).c_str(), 0) == 0) {
        if (session.ask_on_stdin && !session.never_overwrite) {
            session.log.print(fmt::format("File '{}' already exists. Overwrite? [y/N] ", name));
            if (session.surroundings == Surroundings::shared || !answers_yes()) {
                log(AV_LOG_FATAL, "Not overwriting - exiting\n");
                return Exit::because(AVERROR_EXIT);
            }
        } else {
            log(AV_LOG_FATAL, "File '{}' already exists. Exiting.\n", name);
            return Exit::because(AVERROR_EXIT);
        }
    }
    for (auto const& input : inputs) {
        if ((input->context->iformat->flags & AVFMT_NOFILE) != 0 || input->name != name) continue;
        log(AV_LOG_FATAL, "Output {} same as Input #{} - exiting\n", name, input->index);
        log(AV_LOG_WARNING, "FFmpeg cannot edit existing files in-place.\n");
        return Exit::failure;
    }
    return {};
}

Outcome<> OutputFile::open_file(Session& session, options::FileGroup& group, Inputs inputs) {
    AVOutputFormat const& format = *context->oformat;
    if ((format.flags & AVFMT_NEEDNUMBER) != 0 && av_filename_number_test(context->url) == 0) {
        log_error(name, AVERROR(EINVAL));
        return Exit::failure;
    }
    if (inputs.empty() && (format.flags & AVFMT_NOSTREAMS) == 0) {
        log(AV_LOG_ERROR, "No input streams but output needs an input stream\n");
        return Exit::failure;
    }
    bool const is_single_picture =
        std::string_view(format.name) == "image2" && av_filename_number_test(name.c_str()) == 0;
    if ((format.flags & AVFMT_NOFILE) == 0) {
        if (auto const done = check_overwrite(session, inputs); !done) return done;
        std::string const location = session.output_location(group.url);
        int const error = avio_open2(
            &context->pb,
            location.c_str(),
            AVIO_FLAG_WRITE,
            &context->interrupt_callback,
            muxer_options.address()
        );
        if (error < 0) {
            log_error(name, error);
            return Exit::because(error);
        }
    } else if (is_single_picture) {
        if (auto const done = check_overwrite(session, inputs); !done) return done;
    }

    double preload = 0;
    double delay = 0.7;
    auto const read = [&group](char const* setting, double& into) -> Outcome<> {
        std::string const* const told = find_setting(group.settings, setting);
        if (told == nullptr) return {};
        auto const number = options::parse_number(setting, *told);
        if (!number) return number.error();
        into = *number;
        return {};
    };
    if (auto const done = read("muxpreload", preload); !done) return done;
    if (auto const done = read("muxdelay", delay); !done) return done;
    if (preload != 0)
        muxer_options.set("preload", std::to_string(static_cast<std::int64_t>(preload * kSecond)));
    context->max_delay = static_cast<int>(static_cast<float>(delay) * static_cast<float>(kSecond));
    return {};
}

// As in the source; the first of several streams of a kind becomes the default one when none is.
Outcome<> OutputFile::set_dispositions() {
    std::map<AVMediaType, int> counts;
    std::map<AVMediaType, bool> has_default;
    bool told = false;
    for (auto const& output : streams) {
        ++counts[output->kind()];
        told = told || !output->disposition.empty();
        output->stream->disposition = output->source->stream->disposition;
        if ((output->stream->disposition & AV_DISPOSITION_DEFAULT) != 0) has_default[output->kind()] = true;
    }
    for (auto const& output : streams) {
        if (told) {
            if (output->disposition.empty()) continue;
            AVClass const* type = av_stream_get_class();
            AVOption const* const option =
                av_opt_find(&type, "disposition", nullptr, 0, AV_OPT_SEARCH_FAKE_OBJ);
            if (av_opt_eval_flags(&type, option, output->disposition.c_str(), &output->stream->disposition) >=
                0)
                continue;
            log(AV_LOG_FATAL, "Error setting output stream dispositions\n");
            return Exit::failure;
        }
        bool const is_cover = (output->stream->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
        if (counts[output->kind()] < 2 || has_default[output->kind()] || is_cover) continue;
        output->stream->disposition |= AV_DISPOSITION_DEFAULT;
        has_default[output->kind()] = true;
    }
    return {};
}

}  // namespace bluebatch::emulator::media
