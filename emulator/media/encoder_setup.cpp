// Opening encoders, once the filters tell what they will get.
#include "emulator/media/compat.hpp"
#include "emulator/media/filter_path.hpp"
#include "emulator/media/transcode.hpp"

#include <cstring>

namespace bluebatch::emulator::media {
namespace {

// "Lavc59.37.100 libmp3lame", or without the version where the bits have to be the same for every version.
void set_encoder_tag(OutputStream& output) {
    AVDictionary** const tags = &output.stream->metadata;
    if (av_dict_get(*tags, "encoder", nullptr, 0) != nullptr) return;
    OutputFile& file = *output.file;
    int format_flags = 0;
    int codec_flags = output.context->flags;
    if (char const* const told = file.muxer_options.find("fflags")) {
        AVOption const* const option = av_opt_find(file.context.get(), "fflags", nullptr, 0, 0);
        if (option == nullptr) return;
        av_opt_eval_flags(file.context.get(), option, told, &format_flags);
    }
    if (char const* const told = output.encoder_options.find("flags")) {
        AVOption const* const option = av_opt_find(output.context.get(), "flags", nullptr, 0, 0);
        if (option == nullptr) return;
        av_opt_eval_flags(output.context.get(), option, told, &codec_flags);
    }
    bool const exact =
        (format_flags & AVFMT_FLAG_BITEXACT) != 0 || (codec_flags & AV_CODEC_FLAG_BITEXACT) != 0;
    std::string const name = std::string(exact ? "Lavc" : LIBAVCODEC_IDENT) + " " + output.encoder->name;
    av_dict_set(tags, "encoder", name.c_str(), AV_DICT_DONT_OVERWRITE);
}

void choose_frame_rate(OutputStream& output) {
    AVRational& rate = output.frame_rate;
    if (rate.num == 0) rate = av_buffersink_get_frame_rate(output.path->sink());
    // Newer versions need one only for a steady rate, and count with the clock of the frames otherwise.
    bool const needs_rate = !compat::kTrustsFrameDurations || output.is_constant_rate;
    if (rate.num == 0 && output.max_frame_rate.num == 0 && needs_rate) {
        rate = {25, 1};
        log(AV_LOG_WARNING,
            "No information about the input framerate is available. Falling back to a default value of 25fps "
            "for "
            "output stream #{}:{}. Use the -r option if you want a different framerate.\n",
            output.file->index,
            output.index);
    }
    AVRational const max = output.max_frame_rate;
    if (max.num != 0 && (av_q2d(rate) > av_q2d(max) || rate.den == 0)) rate = max;
    if (output.encoder->supported_framerates != nullptr && !output.force_frame_rate && rate.num > 0)
        rate = output.encoder
                   ->supported_framerates[av_find_nearest_q_idx(rate, output.encoder->supported_framerates)];
    // The format counts in 16 bits.
    if (output.context->codec_id == AV_CODEC_ID_MPEG4)
        av_reduce(&rate.num, &rate.den, rate.num, rate.den, 65535);
}

void describe_video(OutputStream& output, AVFrame const* frame) {
    AVCodecContext& encoder = *output.context;
    AVFilterContext* const sink = output.path->sink();
    choose_frame_rate(output);
    encoder.time_base = av_inv_q(output.frame_rate);
    if (encoder.time_base.num == 0 || encoder.time_base.den == 0)
        encoder.time_base = av_buffersink_get_time_base(sink);
    encoder.width = av_buffersink_get_w(sink);
    encoder.height = av_buffersink_get_h(sink);
    encoder.sample_aspect_ratio = output.stream->sample_aspect_ratio =
        output.aspect.num != 0 ? av_mul_q(output.aspect, AVRational{encoder.height, encoder.width})
                               : av_buffersink_get_sample_aspect_ratio(sink);
    encoder.pix_fmt = static_cast<AVPixelFormat>(av_buffersink_get_format(sink));
    output.constraints.pixel_formats = av_get_pix_fmt_name(encoder.pix_fmt);
    if (output.path->only_passes())
        encoder.bits_per_raw_sample = std::min(
            output.source->context->bits_per_raw_sample, av_pix_fmt_desc_get(encoder.pix_fmt)->comp[0].depth
        );
    encoder.framerate = output.frame_rate;
    output.stream->avg_frame_rate = output.frame_rate;
    if (frame == nullptr) return;
    encoder.color_range = frame->color_range;
    encoder.color_primaries = frame->color_primaries;
    encoder.color_trc = frame->color_trc;
    encoder.colorspace = frame->colorspace;
    encoder.chroma_sample_location = frame->chroma_location;
    encoder.field_order = AV_FIELD_PROGRESSIVE;
    if (!compat::is_interlaced(*frame)) return;
    bool const top = compat::is_top_field_first(*frame);
    if (encoder.codec->id == AV_CODEC_ID_MJPEG)
        encoder.field_order = top ? AV_FIELD_TT : AV_FIELD_BB;
    else
        encoder.field_order = top ? AV_FIELD_TB : AV_FIELD_BT;
}

int describe_audio(OutputStream& output) {
    AVCodecContext& encoder = *output.context;
    AVFilterContext* const sink = output.path->sink();
    encoder.sample_fmt = static_cast<AVSampleFormat>(av_buffersink_get_format(sink));
    encoder.sample_rate = av_buffersink_get_sample_rate(sink);
    int const error = av_buffersink_get_ch_layout(sink, &encoder.ch_layout);
    if (output.path->only_passes())
        encoder.bits_per_raw_sample = std::min(
            output.source->context->bits_per_raw_sample, av_get_bytes_per_sample(encoder.sample_fmt) * 8
        );
    encoder.time_base = {1, encoder.sample_rate};
    return error;
}

int describe_subtitle(OutputStream& output) {
    AVCodecContext& encoder = *output.context;
    AVCodecContext const& decoder = *output.source->context;
    encoder.time_base = kMicroseconds;
    if (encoder.width == 0) {
        encoder.width = output.source->stream->codecpar->width;
        encoder.height = output.source->stream->codecpar->height;
    }
    if (decoder.subtitle_header == nullptr) return 0;
    auto const size = static_cast<std::size_t>(decoder.subtitle_header_size);
    // Read as text, so it ends with a zero.
    auto* const header = static_cast<std::uint8_t*>(av_mallocz(size + 1));
    if (header == nullptr) return AVERROR(ENOMEM);
    std::memcpy(header, decoder.subtitle_header, size);
    encoder.subtitle_header = header;
    encoder.subtitle_header_size = decoder.subtitle_header_size;
    return 0;
}

Outcome<> check_subtitle_forms(OutputStream const& output) {
    constexpr int kForms = AV_CODEC_PROP_TEXT_SUB | AV_CODEC_PROP_BITMAP_SUB;
    auto const form = [](AVCodecID id) {
        AVCodecDescriptor const* const descriptor = avcodec_descriptor_get(id);
        return descriptor == nullptr ? 0 : descriptor->props & kForms;
    };
    int const from = form(output.source->context->codec_id);
    int const to = form(output.context->codec_id);
    if (from == 0 || to == 0 || from == to) return {};
    log(AV_LOG_ERROR,
        "Error initializing output stream {}:{} -- Subtitle encoding currently only possible from text to "
        "text or bitmap to bitmap\n",
        output.file->index,
        output.index);
    return Exit::failure;
}

Outcome<> describe(OutputStream& output, AVFrame const* frame) {
    int error = 0;
    switch (output.context->codec_type) {
        case AVMEDIA_TYPE_VIDEO:
            describe_video(output, frame);
            break;
        case AVMEDIA_TYPE_AUDIO:
            error = describe_audio(output);
            break;
        case AVMEDIA_TYPE_SUBTITLE:
            if (auto const checked = check_subtitle_forms(output); !checked) return checked;
            error = describe_subtitle(output);
            break;
        default:
            break;
    }
    if (error < 0) return Exit::failure;
    output.mux_time_base = output.context->time_base;
    return {};
}

// What the container knows beyond packets: rotation, loudness ... and what the encoder adds.
int copy_side_data(OutputStream& output) {
#if LIBAVCODEC_VERSION_MAJOR < 61
    AVCodecContext const& encoder = *output.context;
    for (int i = 0; i < encoder.nb_coded_side_data; ++i) {
        AVPacketSideData const& data = encoder.coded_side_data[i];
        if (compat::add_side_data(*output.stream, data.type, {data.data, data.size}) == nullptr)
            return AVERROR(ENOMEM);
    }
#endif
    for (AVPacketSideData const& data : compat::side_data_of(*output.source->stream)) {
        if (data.type == AV_PKT_DATA_CPB_PROPERTIES) continue;
        std::uint8_t* const copy = compat::add_side_data(*output.stream, data.type, {data.data, data.size});
        if (copy == nullptr) return AVERROR(ENOMEM);
        // The picture has been turned already.
        if (!output.source->autorotate || data.type != AV_PKT_DATA_DISPLAYMATRIX) continue;
        std::int32_t matrix[9];
        if (data.size < sizeof matrix) continue;
        av_display_rotation_set(matrix, 0);
        std::memcpy(copy, matrix, sizeof matrix);
    }
    return 0;
}

Outcome<> open_encoder(OutputStream& output, AVFrame const* frame) {
    set_encoder_tag(output);
    if (auto const described = describe(output, frame); !described) return described;
    Dictionary& encoder_options = output.encoder_options;
    if (encoder_options.find("threads") == nullptr) encoder_options.set("threads", "auto");
    AVCodecContext& encoder = *output.context;
    compat::pass_durations(encoder);
    if (int const error = avcodec_open2(&encoder, output.encoder, encoder_options.address()); error < 0) {
        log(AV_LOG_ERROR,
            "Error initializing output stream {}:{} -- Error while opening encoder for output stream #{}:{} "
            "- maybe "
            "incorrect parameters such as bit_rate, rate, width or height\n",
            output.file->index,
            output.index,
            output.file->index,
            output.index);
        return Exit::because(error);
    }
    if (output.encoder->type == AVMEDIA_TYPE_AUDIO &&
        (output.encoder->capabilities & AV_CODEC_CAP_VARIABLE_FRAME_SIZE) == 0)
        av_buffersink_set_frame_size(output.path->sink(), static_cast<unsigned>(encoder.frame_size));
    if (AVDictionaryEntry const* const unknown = encoder_options.next(nullptr)) {
        log(AV_LOG_FATAL, "Option {} not found.\n", unknown->key);
        return Exit::because(AVERROR_OPTION_NOT_FOUND);
    }
    if (encoder.bit_rate != 0 && encoder.bit_rate < 1000 && encoder.codec_id != AV_CODEC_ID_CODEC2)
        log(AV_LOG_WARNING,
            "The bitrate parameter is set too low. It takes bits/s as argument, not kbits/s\n");
    if (avcodec_parameters_from_context(output.stream->codecpar, &encoder) < 0 ||
        copy_side_data(output) < 0) {
        log(AV_LOG_FATAL, "Error initializing the output stream codec context.\n");
        return Exit::failure;
    }
    AVStream& stream = *output.stream;
    AVStream const& source = *output.source->stream;
    if (stream.time_base.num <= 0 || stream.time_base.den <= 0)
        stream.time_base = av_add_q(encoder.time_base, AVRational{0, 1});
    // A hint for muxers that want to know before the end.
    if (stream.duration <= 0 && source.duration > 0)
        stream.duration = av_rescale_q(source.duration, source.time_base, stream.time_base);
    return {};
}

Outcome<> open_bitstream_filter(OutputStream& output) {
    AVBSFContext* const filter = output.bitstream_filter.get();
    if (filter == nullptr) return {};
    int error = avcodec_parameters_copy(filter->par_in, output.stream->codecpar);
    filter->time_base_in = output.stream->time_base;
    if (error >= 0) error = av_bsf_init(filter);
    if (error < 0) {
        log(AV_LOG_ERROR, "Error initializing bitstream filter: {}\n", filter->filter->name);
        return Exit::because(error);
    }
    if (avcodec_parameters_copy(output.stream->codecpar, filter->par_out) < 0) return Exit::failure;
    output.stream->time_base = filter->time_base_out;
    return {};
}

}  // namespace

Outcome<> initialize(Transcode& transcode, OutputStream& output, AVFrame* first_frame) {
    if (output.initialized) return {};
    auto const opened = output.copies ? initialize_copy(output) : open_encoder(output, first_frame);
    if (!opened) return opened;
    if (auto const filtered = open_bitstream_filter(output); !filtered) return filtered;
    output.initialized = true;
    return write_header_if_ready(transcode, *output.file);
}

}  // namespace bluebatch::emulator::media
