// What the options of an output file say of one of its streams.
#include "emulator/media/filter_path.hpp"
#include "emulator/media/input_file.hpp"
#include "emulator/media/options/av_options.hpp"
#include "emulator/media/output_file.hpp"

#include <cmath>
#include <cstring>

namespace bluebatch::emulator::media {

using options::number_for;
using options::setting_for;

OutputStream::OutputStream()
    : filtered(av_frame_alloc()), last_frame(av_frame_alloc()), packet(av_packet_alloc()) {}
OutputStream::~OutputStream() = default;

namespace {

// The options of one group, asked for one stream.
class StreamOptions {
public:
    StreamOptions(options::FileGroup& group, OutputFile& file, OutputStream& output)
        : group_(group), file_(file), output_(output) {}

    Outcome<> read_common();
    Outcome<> read_video();
    Outcome<> read_audio();
    Outcome<> read_subtitle();

private:
    Outcome<> choose_encoder();
    Outcome<> read_limits();
    Outcome<> read_bitstream_filter();
    Outcome<> read_quality();
    Outcome<> read_filters(char const* without);
    Outcome<> read_rates();
    Outcome<> read_picture_format();
    Outcome<> read_frame_sync();
    Outcome<> read_channels();

    auto text(char const* name) {
        return setting_for(group_.settings, name, file_.context.get(), output_.stream);
    }
    auto number(char const* name) {
        return number_for(group_.settings, name, file_.context.get(), output_.stream);
    }

    template <class... Args>
    static Exit fatal(fmt::format_string<Args...> message, Args&&... args) {
        log(AV_LOG_FATAL, message, std::forward<Args>(args)...);
        return Exit::failure;
    }

    options::FileGroup& group_;
    OutputFile& file_;
    OutputStream& output_;
};

// "a|b|c"
template <class T, class Stop, class Name>
std::string join_names(T const* list, Stop is_end, Name name_of) {
    std::string joined;
    for (; list != nullptr && !is_end(*list); ++list)
        joined += fmt::format("{}{}", joined.empty() ? "" : "|", name_of(*list));
    return joined;
}

std::string describe(AVChannelLayout const& layout) {
    char text[256];
    av_channel_layout_describe(&layout, text, sizeof text);
    return text;
}

Outcome<> StreamOptions::choose_encoder() {
    AVMediaType const kind = output_.kind();
    if (kind != AVMEDIA_TYPE_VIDEO && kind != AVMEDIA_TYPE_AUDIO && kind != AVMEDIA_TYPE_SUBTITLE) {
        output_.copies = true;
        return {};
    }
    auto const name = text("c");
    if (!name) return name.error();
    AVOutputFormat const* const format = file_.context->oformat;
    AVCodecParameters& parameters = *output_.stream->codecpar;
    if (!*name) {
        parameters.codec_id = av_guess_codec(format, nullptr, file_.name.c_str(), nullptr, kind);
        output_.encoder = avcodec_find_encoder(parameters.codec_id);
        if (output_.encoder != nullptr) return {};
        log(AV_LOG_FATAL,
            "Automatic encoder selection failed for output stream #{}:{}. Default encoder for format {} "
            "(codec {}) is "
            "probably disabled. Please choose an encoder manually.\n",
            file_.index,
            output_.index,
            format->name,
            avcodec_get_name(parameters.codec_id));
        return fatal("Error selecting an encoder for stream {}:{}\n", file_.index, output_.index);
    }
    if (**name == "copy") {
        output_.copies = true;
        return {};
    }
    auto const encoder = find_codec(**name, kind, CodecSide::encoder);
    if (!encoder) return encoder.error();
    output_.encoder = *encoder;
    parameters.codec_id = output_.encoder->id;
    return {};
}

Outcome<> StreamOptions::read_common() {
    if (auto const chosen = choose_encoder(); !chosen) return chosen;
    output_.context.reset(avcodec_alloc_context3(output_.encoder));
    if (!output_.context || !output_.packet || !output_.filtered || !output_.last_frame) return Exit::failure;
    output_.context->codec_type = output_.kind();
    auto encoder_options = options::codec_options_for(
        group_.codec, file_.context.get(), output_.stream, output_.encoder, AV_OPT_FLAG_ENCODING_PARAM
    );
    if (!encoder_options) return encoder_options.error();
    output_.encoder_options = std::move(*encoder_options);
    if (file_.bitexact) output_.context->flags |= AV_CODEC_FLAG_BITEXACT;

    if (auto const done = read_limits(); !done) return done;
    if (auto const done = read_bitstream_filter(); !done) return done;
    if (auto const done = read_quality(); !done) return done;
    auto const tag = text("tag");
    if (!tag) return tag.error();
    if (*tag) output_.stream->codecpar->codec_tag = output_.context->codec_tag = parse_codec_tag(**tag);
    auto const disposition = text("disposition");
    if (!disposition) return disposition.error();
    output_.disposition = disposition->value_or("");

    if ((file_.context->oformat->flags & AVFMT_GLOBALHEADER) != 0)
        output_.context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    output_.scaler_options = Dictionary(group_.scaler);
    output_.resampler_options = Dictionary(group_.resampler);
    if (output_.encoder != nullptr && av_get_exact_bits_per_sample(output_.encoder->id) == 24)
        output_.resampler_options.set("output_sample_bits", "24");
    return {};
}

Outcome<> StreamOptions::read_limits() {
    auto const frames = number("frames");
    if (!frames) return frames.error();
    if (*frames) output_.max_frames = static_cast<std::int64_t>(**frames);
    for (options::Setting const& setting : group_.settings) {
        if (setting.name != "frames" || !setting.specifier.empty() || output_.kind() == AVMEDIA_TYPE_VIDEO)
            continue;
        log(AV_LOG_WARNING, "Applying unspecific -frames to non video streams, maybe you meant -vframes ?\n");
        break;
    }
    auto const queue = number("max_muxing_queue_size");
    if (!queue) return queue.error();
    if (*queue && **queue >= 0) output_.max_queued_packets = static_cast<std::size_t>(**queue);
    auto const any_frame = number("copyinkf");
    if (!any_frame) return any_frame.error();
    output_.copies_from_any_frame = any_frame->value_or(0) != 0;
    auto const autoscale = number("autoscale");
    if (!autoscale) return autoscale.error();
    output_.autoscale = autoscale->value_or(1) != 0;
    return {};
}

Outcome<> StreamOptions::read_bitstream_filter() {
    auto const chain = text("bsf");
    if (!chain) return chain.error();
    if (!*chain || (*chain)->empty()) return {};
    AVBSFContext* filter = nullptr;
    if (int const error = av_bsf_list_parse_str((*chain)->c_str(), &filter); error < 0) {
        log(AV_LOG_ERROR, "Error parsing bitstream filter sequence '{}': {}\n", **chain, error_text(error));
        return Exit::failure;
    }
    output_.bitstream_filter.reset(filter);
    return {};
}

Outcome<> StreamOptions::read_quality() {
    auto const scale = number("q");
    if (!scale) return scale.error();
    if (!*scale || **scale < 0) return {};
    output_.context->flags |= AV_CODEC_FLAG_QSCALE;
    output_.context->global_quality = static_cast<int>(FF_QP2LAMBDA * **scale);
    return {};
}

Outcome<> StreamOptions::read_filters(char const* without) {
    auto const chain = text("filter");
    if (!chain) return chain.error();
    if (*chain && output_.copies) {
        log(AV_LOG_ERROR,
            "Filtergraph '{}' was defined for {} output stream {}:{} but codec copy was selected.\n"
            "Filtering and streamcopy cannot be used together.\n",
            **chain,
            av_get_media_type_string(output_.kind()),
            file_.index,
            output_.index);
        return Exit::failure;
    }
    output_.own_filters = chain->has_value();
    output_.filters = chain->value_or(without);
    return {};
}

Outcome<> StreamOptions::read_rates() {
    auto const rate = text("r");
    if (!rate) return rate.error();
    if (*rate && av_parse_video_rate(&output_.frame_rate, (*rate)->c_str()) < 0)
        return fatal("Invalid framerate value: {}\n", **rate);
    auto const max_rate = text("fpsmax");
    if (!max_rate) return max_rate.error();
    if (*max_rate && av_parse_video_rate(&output_.max_frame_rate, (*max_rate)->c_str()) < 0)
        return fatal("Invalid maximum framerate value: {}\n", **max_rate);
    if (*rate && *max_rate) {
        log(AV_LOG_ERROR, "Only one of -fpsmax and -r can be set for a stream.\n");
        return Exit::failure;
    }
    auto const aspect = text("aspect");
    if (!aspect) return aspect.error();
    if (!*aspect) return {};
    AVRational ratio{};
    if (av_parse_ratio(&ratio, (*aspect)->c_str(), 255, 0, nullptr) < 0 || ratio.num <= 0 || ratio.den <= 0)
        return fatal("Invalid aspect ratio: {}\n", **aspect);
    output_.aspect = ratio;
    return {};
}

Outcome<> StreamOptions::read_video() {
    if (auto const done = read_rates(); !done) return done;
    if (auto const done = read_filters("null"); !done) return done;
    if (output_.copies) return {};
    auto const size = text("s");
    if (!size) return size.error();
    if (*size && av_parse_video_size(&output_.context->width, &output_.context->height, (*size)->c_str()) < 0)
        return fatal("Invalid frame size: {}.\n", **size);
    output_.constraints.width = output_.context->width;
    output_.constraints.height = output_.context->height;
    if (auto const done = read_picture_format(); !done) return done;
    auto const force = number("force_fps");
    if (!force) return force.error();
    output_.force_frame_rate = force->value_or(0) != 0;
    return read_frame_sync();
}

Outcome<> StreamOptions::read_picture_format() {
    auto told = text("pix_fmt");
    if (!told) return told.error();
    std::string name = told->value_or("");
    if (name.starts_with('+')) {
        output_.keep_pixel_format = true;
        name.erase(0, 1);
    }
    AVPixelFormat wanted = AV_PIX_FMT_NONE;
    if (!name.empty() && (wanted = av_get_pix_fmt(name.c_str())) == AV_PIX_FMT_NONE)
        return fatal("Unknown pixel format requested: {}.\n", name);
    output_.context->pix_fmt = wanted;
    if (char const* const strict = output_.encoder_options.find("strict"))
        av_opt_set(output_.context.get(), "strict", strict, 0);

    AVPixelFormat const* list = output_.encoder->pix_fmts;
    // Full-range formats only, unless told that less strict is fine.
    constexpr AVPixelFormat kFullRange[] = {
        AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUVJ422P, AV_PIX_FMT_YUVJ444P, AV_PIX_FMT_NONE};
    if (std::strcmp(output_.encoder->name, "mjpeg") == 0 &&
        output_.context->strict_std_compliance > FF_COMPLIANCE_UNOFFICIAL)
        list = kFullRange;
    if (output_.keep_pixel_format) {
        if (wanted != AV_PIX_FMT_NONE) output_.constraints.pixel_formats = av_get_pix_fmt_name(wanted);
        return {};
    }
    if (wanted == AV_PIX_FMT_NONE || list == nullptr) {
        output_.constraints.pixel_formats =
            wanted != AV_PIX_FMT_NONE
                ? av_get_pix_fmt_name(wanted)
                : join_names(
                      list, [](AVPixelFormat f) { return f == AV_PIX_FMT_NONE; }, av_get_pix_fmt_name
                  );
        return {};
    }
    AVPixFmtDescriptor const* const descriptor = av_pix_fmt_desc_get(wanted);
    int const has_alpha = descriptor != nullptr && descriptor->nb_components % 2 == 0 ? 1 : 0;
    AVPixelFormat best = AV_PIX_FMT_NONE;
    for (; *list != AV_PIX_FMT_NONE && *list != wanted; ++list)
        best = av_find_best_pix_fmt_of_2(best, *list, wanted, has_alpha, nullptr);
    if (*list == wanted) best = wanted;
    if (best != wanted) {
        log(AV_LOG_WARNING,
            "Incompatible pixel format '{}' for codec '{}', auto-selecting format '{}'\n",
            av_get_pix_fmt_name(wanted),
            output_.encoder->name,
            av_get_pix_fmt_name(best));
    }
    output_.constraints.pixel_formats = av_get_pix_fmt_name(best);
    return {};
}

std::optional<FrameSync> parse_frame_sync(std::string const& text) {
    if (text == "auto" || text == "-1") return FrameSync::automatic;
    if (text == "cfr" || text == "1") return FrameSync::constant;
    if (text == "vfr" || text == "2") return FrameSync::variable;
    if (text == "passthrough" || text == "0") return FrameSync::passthrough;
    if (text == "drop") return FrameSync::drop_times;
    return std::nullopt;
}

Outcome<> StreamOptions::read_frame_sync() {
    auto const told = text("fps_mode");
    if (!told) return told.error();
    if (*told) {
        auto const parsed = parse_frame_sync(**told);
        if (!parsed) return fatal("Unrecognized fps_mode {}\n", **told);
        output_.sync = *parsed;
    }
    AVOutputFormat const& format = *file_.context->oformat;
    if (output_.sync == FrameSync::automatic) {
        if (std::strcmp(format.name, "avi") == 0)
            output_.sync = FrameSync::variable;
        else if ((format.flags & AVFMT_VARIABLE_FPS) == 0)
            output_.sync = FrameSync::constant;
        else
            output_.sync =
                (format.flags & AVFMT_NOTIMESTAMPS) != 0 ? FrameSync::passthrough : FrameSync::variable;
        InputFile const& input = *output_.source->file;
        if (output_.sync == FrameSync::constant && input.streams.size() == 1 && input.user_offset == 0)
            output_.sync = FrameSync::constant_from_first;
    }
    output_.is_constant_rate =
        output_.sync == FrameSync::constant || output_.sync == FrameSync::constant_from_first;
    return {};
}

Outcome<> StreamOptions::read_audio() {
    if (auto const done = read_filters("anull"); !done) return done;
    if (output_.copies) return {};
    AVCodecContext& encoder = *output_.context;
    auto const format = text("sample_fmt");
    if (!format) return format.error();
    if (*format && (encoder.sample_fmt = av_get_sample_fmt((*format)->c_str())) == AV_SAMPLE_FMT_NONE)
        return fatal("Invalid sample format '{}'\n", **format);
    auto const rate = number("ar");
    if (!rate) return rate.error();
    if (*rate) encoder.sample_rate = static_cast<int>(**rate);
    if (auto const done = read_channels(); !done) return done;

    FilterConstraints& wanted = output_.constraints;
    AVCodec const& codec = *output_.encoder;
    wanted.sample_formats = encoder.sample_fmt != AV_SAMPLE_FMT_NONE
                                ? av_get_sample_fmt_name(encoder.sample_fmt)
                                : join_names(
                                      codec.sample_fmts,
                                      [](AVSampleFormat f) { return f == AV_SAMPLE_FMT_NONE; },
                                      av_get_sample_fmt_name
                                  );
    wanted.sample_rates =
        encoder.sample_rate != 0
            ? std::to_string(encoder.sample_rate)
            : join_names(
                  codec.supported_samplerates, [](int r) { return r == 0; }, [](int r) { return r; }
              );
    return {};
}

Outcome<> StreamOptions::read_channels() {
    AVChannelLayout& layout = output_.context->ch_layout;
    auto const count = number("ac");
    if (!count) return count.error();
    if (*count && **count != 0) {
        av_channel_layout_uninit(&layout);
        layout.order = AV_CHANNEL_ORDER_UNSPEC;
        layout.nb_channels = static_cast<int>(**count);
    }
    auto const told = text("ch_layout");
    if (!told) return told.error();
    if (*told) {
        av_channel_layout_uninit(&layout);
        if (av_channel_layout_from_string(&layout, (*told)->c_str()) < 0)
            return fatal("Unknown channel layout: {}\n", **told);
    }

    AVChannelLayout const* const supported = output_.encoder->ch_layouts;
    std::string& wanted = output_.constraints.channel_layouts;
    if (layout.nb_channels == 0) {
        wanted = join_names(
            supported, [](AVChannelLayout const& l) { return l.nb_channels == 0; }, describe
        );
        return {};
    }
    if (layout.order == AV_CHANNEL_ORDER_UNSPEC) {
        int const channels = layout.nb_channels;
        AVChannelLayout const* match = supported;
        while (match != nullptr && match->nb_channels != 0 && match->nb_channels != channels)
            ++match;
        if (match != nullptr && match->nb_channels != 0)
            av_channel_layout_copy(&layout, match);
        else
            av_channel_layout_default(&layout, channels);
    }
    if (av_channel_layout_check(&layout) != 0) wanted = describe(layout);
    return {};
}

Outcome<> StreamOptions::read_subtitle() {
    if (output_.copies) return {};
    auto const size = text("s");
    if (!size) return size.error();
    if (*size && av_parse_video_size(&output_.context->width, &output_.context->height, (*size)->c_str()) < 0)
        return fatal("Invalid frame size: {}.\n", **size);
    return {};
}

}  // namespace

Outcome<> add_output_stream(
    Session& session, options::FileGroup& group, OutputFile& file, InputStream& source
) {
    AVStream* const stream = avformat_new_stream(file.context.get(), nullptr);
    if (stream == nullptr) {
        log(AV_LOG_FATAL, "Could not alloc stream.\n");
        return Exit::failure;
    }
    auto added = std::make_unique<OutputStream>();
    OutputStream& output = *added;
    output.file = &file;
    output.index = static_cast<int>(file.context->nb_streams) - 1;
    output.stream = stream;
    output.source = &source;
    stream->codecpar->codec_type = source.kind();
    if (auto const sync = parse_frame_sync(session.vsync)) output.sync = *sync;
    file.streams.push_back(std::move(added));

    StreamOptions reader(group, file, output);
    if (auto const done = reader.read_common(); !done) return done;
    output.context->opaque = &session.log;
    source.used = true;
    source.stream->discard = static_cast<AVDiscard>(source.user_discard);
    switch (source.kind()) {
        case AVMEDIA_TYPE_VIDEO:
            if (auto const done = reader.read_video(); !done) return done;
            break;
        case AVMEDIA_TYPE_AUDIO:
            if (auto const done = reader.read_audio(); !done) return done;
            break;
        case AVMEDIA_TYPE_SUBTITLE:
            if (auto const done = reader.read_subtitle(); !done) return done;
            break;
        case AVMEDIA_TYPE_ATTACHMENT:
            output.encoder_finished = true;
            break;
        default:
            break;
    }
    if (output.copies) return {};
    source.decoded = true;
    if (source.kind() == AVMEDIA_TYPE_SUBTITLE) return {};
    output.path = std::make_unique<FilterPath>(session, source, output);
    source.paths.push_back(output.path.get());
    return {};
}

}  // namespace bluebatch::emulator::media
