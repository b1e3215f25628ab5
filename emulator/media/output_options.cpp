// What the options of an output file say of any of its streams.
#include "emulator/media/codec_choice.hpp"
#include "emulator/media/compat.hpp"
#include "emulator/media/filter_path.hpp"
#include "emulator/media/input_file.hpp"
#include "emulator/media/stream_options.hpp"

namespace bluebatch::emulator::media {

OutputStream::OutputStream()
    : filtered(av_frame_alloc()), last_frame(av_frame_alloc()), packet(av_packet_alloc()) {}
OutputStream::~OutputStream() = default;

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
        return Exit::because(error);
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
        return Exit::because(AVERROR(ENOSYS));
    }
    output_.own_filters = chain->has_value();
    output_.filters = chain->value_or(without);
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
    if (compat::kParsesFiltersEarly && output.own_filters)
        if (int const error = output.path->parse(); error < 0) return Exit::because(error);
    return {};
}

}  // namespace bluebatch::emulator::media
