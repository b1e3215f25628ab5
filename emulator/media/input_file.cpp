#include "emulator/media/input_file.hpp"

#include "emulator/media/options/av_options.hpp"

#include <cstdlib>

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

Outcome<AVCodec const*> choose_decoder(
    options::FileGroup const& group, AVFormatContext* context, AVStream* stream
) {
    auto const name = options::setting_for(group.settings, "c", context, stream);
    if (!name) return name.error();
    if (!*name) return avcodec_find_decoder(stream->codecpar->codec_id);
    auto const codec = find_codec(**name, stream->codecpar->codec_type, CodecSide::decoder);
    if (codec) stream->codecpar->codec_id = (*codec)->id;
    return codec;
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
        return Exit::failure;
    }
    context.reset(opening);
    if (!scan_told) group.format.remove("scan_all_pmts");
    for (AVDictionaryEntry const* entry = nullptr; (entry = group.codec.next(entry)) != nullptr;)
        group.format.remove(entry->key);
    if (AVDictionaryEntry const* const unknown = group.format.next(nullptr)) {
        log(AV_LOG_FATAL, "Option {} not found.\n", unknown->key);
        return Exit::failure;
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
    if (context->nb_streams == 0) return Exit::failure;
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

Outcome<> InputFile::add_stream(Session& session, options::FileGroup& group, AVStream* stream) {
    auto added = std::make_unique<InputStream>();
    InputStream& input = *added;
    input.file = this;
    input.stream = stream;
    // Nothing is read for a stream that no output uses.
    stream->discard = AVDISCARD_ALL;

    AVCodecParameters* const parameters = stream->codecpar;
    auto const tag = options::setting_for(group.settings, "tag", context.get(), stream);
    if (!tag) return tag.error();
    if (*tag) parameters->codec_tag = parse_codec_tag(**tag);
    auto const decoder = choose_decoder(group, context.get(), stream);
    if (!decoder) return decoder.error();
    input.decoder = *decoder;
    auto decoder_options = options::codec_options_for(
        group.codec, context.get(), stream, input.decoder, AV_OPT_FLAG_DECODING_PARAM
    );
    if (!decoder_options) return decoder_options.error();
    input.decoder_options = std::move(*decoder_options);
    auto const autorotate = options::number_for(group.settings, "autorotate", context.get(), stream);
    if (!autorotate) return autorotate.error();
    input.autorotate = autorotate->value_or(1) != 0;

    AVMediaType const kind = parameters->codec_type;
    auto const off = [&group](char const* setting) { return is_set(group.settings, setting); };
    if ((kind == AVMEDIA_TYPE_VIDEO && off("vn")) || (kind == AVMEDIA_TYPE_AUDIO && off("an")) ||
        (kind == AVMEDIA_TYPE_SUBTITLE && off("sn")) || (kind == AVMEDIA_TYPE_DATA && off("dn")))
        input.user_discard = AVDISCARD_ALL;
    auto const discard = options::setting_for(group.settings, "discard", context.get(), stream);
    if (!discard) return discard.error();
    if (*discard) {
        AVClass const* type = avcodec_get_class();
        AVOption const* const option = av_opt_find(&type, "skip_frame", nullptr, 0, AV_OPT_SEARCH_FAKE_OBJ);
        if (av_opt_eval_int(&type, option, (*discard)->c_str(), &input.user_discard) < 0) {
            log(AV_LOG_ERROR, "Error parsing discard {}.\n", **discard);
            return Exit::failure;
        }
    }

    input.context.reset(avcodec_alloc_context3(input.decoder));
    input.packet.reset(av_packet_alloc());
    input.frame.reset(av_frame_alloc());
    if (!input.context || !input.packet || !input.frame) return Exit::failure;
    if (avcodec_parameters_to_context(input.context.get(), parameters) < 0) {
        log(AV_LOG_ERROR, "Error initializing the decoder context.\n");
        return Exit::failure;
    }
    input.context->opaque = &session.log;
    if (is_set(group.settings, "bitexact")) input.context->flags |= AV_CODEC_FLAG_BITEXACT;
    if (kind == AVMEDIA_TYPE_VIDEO) {
        input.context->framerate = stream->avg_frame_rate;
        auto const rate = options::setting_for(group.settings, "r", context.get(), stream);
        if (!rate) return rate.error();
        if (*rate && av_parse_video_rate(&input.frame_rate, (*rate)->c_str()) < 0) {
            log(AV_LOG_ERROR, "Error parsing framerate {}.\n", **rate);
            return Exit::failure;
        }
    }
    if (kind == AVMEDIA_TYPE_AUDIO && input.context->ch_layout.order == AV_CHANNEL_ORDER_UNSPEC) {
        auto const limit = options::number_for(group.settings, "guess_layout_max", context.get(), stream);
        if (!limit) return limit.error();
        int const channels = input.context->ch_layout.nb_channels;
        if (channels <= limit->value_or(INT32_MAX)) {
            av_channel_layout_default(&input.context->ch_layout, channels);
            if (input.context->ch_layout.order != AV_CHANNEL_ORDER_UNSPEC) {
                char layout[256];
                av_channel_layout_describe(&input.context->ch_layout, layout, sizeof layout);
                log(AV_LOG_WARNING,
                    "Guessed Channel Layout for Input Stream #{}.{} : {}\n",
                    index,
                    stream->index,
                    layout);
            }
        }
    }
    if (avcodec_parameters_from_context(parameters, input.context.get()) < 0) {
        log(AV_LOG_ERROR, "Error initializing the decoder context.\n");
        return Exit::failure;
    }
    streams.push_back(std::move(added));
    return {};
}

Outcome<TimeRange> read_time_range(options::FileGroup const& group) {
    TimeRange range;
    std::int64_t stop = kUnlimited;
    auto const read = [&group](char const* setting, std::int64_t& into) -> Outcome<> {
        std::string const* const told = find_setting(group.settings, setting);
        if (told == nullptr) return {};
        auto const time = options::parse_duration(setting, *told);
        if (!time) return time.error();
        into = *time;
        return {};
    };
    if (auto const done = read("ss", range.start); !done) return done.error();
    if (auto const done = read("t", range.duration); !done) return done.error();
    if (auto const done = read("to", stop); !done) return done.error();
    if (stop == kUnlimited) return range;
    if (range.duration != kUnlimited) {
        log(AV_LOG_WARNING, "-t and -to cannot be used together; using -t.\n");
        return range;
    }
    std::int64_t const start = range.start == kNoTime ? 0 : range.start;
    if (stop <= start) {
        log(AV_LOG_ERROR, "-to value smaller than -ss; aborting.\n");
        return Exit::failure;
    }
    range.duration = stop - start;
    return range;
}

Outcome<AVCodec const*> find_codec(std::string const& name, AVMediaType kind, CodecSide side) {
    bool const encoder = side == CodecSide::encoder;
    char const* const role = encoder ? "encoder" : "decoder";
    AVCodec const* codec =
        encoder ? avcodec_find_encoder_by_name(name.c_str()) : avcodec_find_decoder_by_name(name.c_str());
    if (codec == nullptr) {
        if (AVCodecDescriptor const* const format = avcodec_descriptor_get_by_name(name.c_str())) {
            codec = encoder ? avcodec_find_encoder(format->id) : avcodec_find_decoder(format->id);
            if (codec != nullptr)
                log(AV_LOG_VERBOSE, "Matched {} '{}' for codec '{}'.\n", role, codec->name, format->name);
        }
    }
    if (codec == nullptr) {
        log(AV_LOG_FATAL, "Unknown {} '{}'\n", role, name);
        return Exit::failure;
    }
    if (codec->type != kind) {
        log(AV_LOG_FATAL, "Invalid {} type '{}'\n", role, name);
        return Exit::failure;
    }
    return codec;
}

Outcome<> check_codec_options(
    Dictionary const& told,
    std::vector<Dictionary const*> const& used,
    CodecSide side,
    int index,
    std::string const& name
) {
    bool const encoder = side == CodecSide::encoder;
    char const* const file_kind = encoder ? "output" : "input";
    for (AVDictionaryEntry const* entry = nullptr; (entry = told.next(entry)) != nullptr;) {
        std::string const option_name(options::name_of(entry->key));
        bool is_used = false;
        for (Dictionary const* const dictionary : used)
            is_used = is_used || dictionary->find(option_name.c_str()) != nullptr;
        if (is_used) continue;
        AVClass const* codec_class = avcodec_get_class();
        AVClass const* format_class = avformat_get_class();
        constexpr int kSearch = AV_OPT_SEARCH_CHILDREN | AV_OPT_SEARCH_FAKE_OBJ;
        AVOption const* const option = av_opt_find(&codec_class, option_name.c_str(), nullptr, 0, kSearch);
        if (option == nullptr ||
            av_opt_find(&format_class, option_name.c_str(), nullptr, 0, kSearch) != nullptr)
            continue;
        char const* const help = option->help != nullptr ? option->help : "";
        if ((option->flags & (encoder ? AV_OPT_FLAG_ENCODING_PARAM : AV_OPT_FLAG_DECODING_PARAM)) == 0) {
            log(AV_LOG_ERROR,
                "Codec AVOption {} ({}) specified for {} file #{} ({}) is not {} option.\n",
                option_name,
                help,
                file_kind,
                index,
                name,
                encoder ? "an encoding" : "a decoding");
            return Exit::failure;
        }
        if (option_name == "gop_timecode") continue;
        log(AV_LOG_WARNING,
            "Codec AVOption {} ({}) specified for {} file #{} ({}) has not been used for any stream. The "
            "most likely "
            "reason is either wrong type (e.g. a video option with no video streams) or that it is a private "
            "option "
            "of some {} which was not actually used for any stream.\n",
            option_name,
            help,
            file_kind,
            index,
            name,
            encoder ? "encoder" : "decoder");
    }
    return {};
}

std::uint32_t parse_codec_tag(std::string const& text) {
    char* end = nullptr;
    auto const number = static_cast<std::uint32_t>(std::strtol(text.c_str(), &end, 0));
    if (*end == '\0') return number;
    std::uint32_t tag = 0;
    for (std::size_t i = 0; i < 4 && i < text.size(); ++i)
        tag |= static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])) << (8 * i);
    return tag;
}

}  // namespace bluebatch::emulator::media
