#include "emulator/media/input_file.hpp"

#include "emulator/media/codec_choice.hpp"
#include "emulator/media/options/av_options.hpp"
#include "emulator/media/time_range.hpp"

namespace bluebatch::emulator::media {

using options::find_setting;
using options::is_set;

namespace {

bool has_private_option(AVInputFormat const* format, char const* name) {
    if (format == nullptr || format->priv_class == nullptr) return false;
    AVClass const* type = format->priv_class;
    return av_opt_find(&type, name, nullptr, 0, AV_OPT_SEARCH_FAKE_OBJ) != nullptr;
}

// -ar, -ac, -r, -s and -pix_fmt before -i tell raw formats what they hold.
void describe_raw_input(options::FileGroup& group, AVInputFormat const* format) {
    auto const pass = [&group](char const* setting, char const* option) {
        if (std::string const* const value = find_setting(group.settings, setting))
            group.format.set(option, *value);
    };
    pass("ar", "sample_rate");
    if (has_private_option(format, "ch_layout")) {
        if (std::string const* const count = find_setting(group.settings, "ac"))
            group.format.set("ch_layout", fmt::format("{}C", *count));
        pass("ch_layout", "ch_layout");
    }
    if (has_private_option(format, "framerate")) pass("r", "framerate");
    pass("s", "video_size");
    pass("pix_fmt", "pixel_format");
}

// The decoder that was told for a whole kind of streams: -c:a before -i. nullptr when none was.
Outcome<AVCodec const*> decoder_for_kind(
    options::FileGroup const& group, std::string_view kind, AVMediaType type
) {
    std::string const* name = nullptr;
    for (auto const& setting : group.settings)
        if (setting.name == "c" && setting.specifier == kind) name = &setting.value;
    if (name == nullptr) return nullptr;
    return find_codec(*name, type, CodecSide::decoder);
}

Outcome<> force_decoders(AVFormatContext& context, options::FileGroup const& group) {
    struct Slot {
        std::string_view specifier;
        AVMediaType kind;
        AVCodec const* AVFormatContext::*codec;
        AVCodecID AVFormatContext::*id;
    };
    Slot const slots[] = {
        {"v", AVMEDIA_TYPE_VIDEO, &AVFormatContext::video_codec, &AVFormatContext::video_codec_id},
        {"a", AVMEDIA_TYPE_AUDIO, &AVFormatContext::audio_codec, &AVFormatContext::audio_codec_id},
        {"s", AVMEDIA_TYPE_SUBTITLE, &AVFormatContext::subtitle_codec, &AVFormatContext::subtitle_codec_id},
        {"d", AVMEDIA_TYPE_DATA, &AVFormatContext::data_codec, &AVFormatContext::data_codec_id},
    };
    for (Slot const& slot : slots) {
        auto const codec = decoder_for_kind(group, slot.specifier, slot.kind);
        if (!codec) return codec.error();
        context.*slot.codec = *codec;
        context.*slot.id = *codec == nullptr ? AV_CODEC_ID_NONE : (*codec)->id;
    }
    return {};
}

}  // namespace

Outcome<std::unique_ptr<InputFile>> InputFile::open(Session& session, options::FileGroup& group, int index) {
    auto file = std::make_unique<InputFile>();
    file->index = index;
    file->name = group.url == "-" ? "pipe:" : group.url;
    auto const range = read_time_range(group);
    if (!range) return range.error();
    file->start_time = range->start;
    file->recording_time = range->duration;
    file->accurate_seek = is_set(group.settings, "accurate_seek", true);
    if (auto const opened = file->open_context(session, group); !opened) return opened.error();
    if (auto const probed = file->probe_streams(group); !probed) return probed.error();
    if (auto const sought = file->seek(group); !sought) return sought.error();
    if (auto const added = file->add_streams(session, group); !added) return added.error();
    av_dump_format(file->context.get(), index, file->name.c_str(), 0);
    if (auto const checked = file->check_unused_options(group); !checked) return checked.error();
    file->streams_warned_of = file->streams.size();
    return file;
}

Outcome<> InputFile::open_context(Session& session, options::FileGroup& group) {
    AVInputFormat const* format = nullptr;
    if (std::string const* const told = find_setting(group.settings, "f")) {
        format = av_find_input_format(told->c_str());
        if (format == nullptr) {
            log(AV_LOG_FATAL, "Unknown input format: '{}'\n", *told);
            return Exit::failure;
        }
    }
    AVFormatContext* opening = avformat_alloc_context();
    if (opening == nullptr) return Exit::failure;
    session.adopt(*opening);
    describe_raw_input(group, format);
    if (auto const forced = force_decoders(*opening, group); !forced) {
        avformat_free_context(opening);
        return forced.error();
    }
    opening->flags |= AVFMT_FLAG_NONBLOCK;
    if (is_set(group.settings, "bitexact")) opening->flags |= AVFMT_FLAG_BITEXACT;
    bool const scan_told = group.format.find("scan_all_pmts") != nullptr;
    if (!scan_told) group.format.set("scan_all_pmts", "1");

    std::string const location = session.input_location(group.url);
    int const error = avformat_open_input(&opening, location.c_str(), format, group.format.address());
    if (error < 0) {
        log_error(name, error);
        if (error == AVERROR_PROTOCOL_NOT_FOUND) log(AV_LOG_ERROR, "Did you mean file:{}?\n", name);
        return Exit::because(error);
    }
    context.reset(opening);
    if (!scan_told) group.format.remove("scan_all_pmts");
    for (AVDictionaryEntry const* entry = nullptr; (entry = group.codec.next(entry)) != nullptr;)
        group.format.remove(entry->key);
    if (AVDictionaryEntry const* const unknown = group.format.next(nullptr)) {
        log(AV_LOG_FATAL, "Option {} not found.\n", unknown->key);
        return Exit::because(AVERROR_OPTION_NOT_FOUND);
    }
    return {};
}

Outcome<> InputFile::probe_streams(options::FileGroup& group) {
    unsigned const count = context->nb_streams;
    for (unsigned i = 0; i < count; ++i)
        if (auto const chosen = choose_decoder(group, context.get(), context->streams[i]); !chosen)
            return chosen.error();
    std::vector<Dictionary> per_stream;
    for (unsigned i = 0; i < count; ++i) {
        AVCodec const* const decoder = avcodec_find_decoder(context->streams[i]->codecpar->codec_id);
        auto chosen = options::codec_options_for(
            group.codec, context.get(), context->streams[i], decoder, AV_OPT_FLAG_DECODING_PARAM
        );
        if (!chosen) return chosen.error();
        per_stream.push_back(std::move(*chosen));
    }
    // libavformat takes an array of dictionaries and gives back, in their place, what it did not use.
    std::vector<AVDictionary*> raw;
    for (Dictionary& dictionary : per_stream)
        raw.push_back(std::exchange(*dictionary.address(), nullptr));
    int const error = avformat_find_stream_info(context.get(), raw.empty() ? nullptr : raw.data());
    for (AVDictionary*& dictionary : raw)
        av_dict_free(&dictionary);
    if (error >= 0) return {};
    log(AV_LOG_FATAL, "{}: could not find codec parameters\n", name);
    if (context->nb_streams == 0) return Exit::because(error);
    return {};
}

Outcome<> InputFile::seek(options::FileGroup const& group) {
    if (std::string const* const told = find_setting(group.settings, "itsoffset")) {
        auto const offset = options::parse_duration("itsoffset", *told);
        if (!offset) return offset.error();
        user_offset = *offset;
    }
    if (std::string const* const told = find_setting(group.settings, "sseof");
        told != nullptr && start_time == kNoTime) {
        auto const from_end = options::parse_duration("sseof", *told);
        if (!from_end) return from_end.error();
        if (*from_end >= 0) {
            log(AV_LOG_ERROR, "-sseof value must be negative; aborting\n");
            return Exit::failure;
        }
        if (context->duration > 0 && *from_end + context->duration >= 0)
            start_time = *from_end + context->duration;
        else
            log(AV_LOG_WARNING, "-sseof value seeks to before start of file {}; ignored\n", name);
    }
    std::int64_t timestamp = start_time == kNoTime ? 0 : start_time;
    if (!is_set(group.settings, "seek_timestamp") && context->start_time != kNoTime)
        timestamp += context->start_time;
    ts_offset = user_offset - timestamp;
    if (start_time == kNoTime) return {};

    std::int64_t target = timestamp;
    if ((context->iformat->flags & AVFMT_SEEK_TO_PTS) == 0) {
        // Frames may be decoded up to this much before they are shown, so seek a little earlier.
        for (unsigned i = 0; i < context->nb_streams; ++i) {
            if (context->streams[i]->codecpar->video_delay == 0) continue;
            target -= 3 * kSecond / 23;
            break;
        }
    }
    if (avformat_seek_file(context.get(), -1, INT64_MIN, target, target, 0) < 0) {
        log(AV_LOG_WARNING,
            "{}: could not seek to position {:0.3f}\n",
            name,
            static_cast<double>(timestamp) / kSecond);
    }
    return {};
}

Outcome<> InputFile::add_streams(Session& session, options::FileGroup& group) {
    for (unsigned i = 0; i < context->nb_streams; ++i)
        if (auto const added = add_stream(session, group, context->streams[i]); !added) return added;
    return {};
}

Outcome<> InputFile::check_unused_options(options::FileGroup const& group) const {
    std::vector<Dictionary const*> used;
    for (auto const& stream : streams)
        used.push_back(&stream->decoder_options);
    return check_codec_options(group.codec, used, CodecSide::decoder, index, name);
}

}  // namespace bluebatch::emulator::media
