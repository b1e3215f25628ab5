#include "emulator/media/filter_path.hpp"

#include "emulator/media/compat.hpp"
#include "emulator/media/input_file.hpp"
#include "emulator/media/output_file.hpp"
#include "emulator/media/session.hpp"

#include <cmath>
#include <cstring>
#include <string_view>

namespace bluebatch::emulator::media {
namespace {

// The display matrix of a frame or stream; a damaged one (too short) is none.
std::optional<std::array<std::int32_t, 9>> read_matrix(std::uint8_t const* data, std::size_t size) {
    std::array<std::int32_t, 9> matrix{};
    if (data == nullptr || size < sizeof matrix) return std::nullopt;
    std::memcpy(matrix.data(), data, sizeof matrix);
    return matrix;
}

// Degrees clockwise, in [0, 360), that a player has to turn the picture by.
double rotation_of(std::array<std::int32_t, 9> const& matrix) {
    double theta = -std::round(av_display_rotation_get(matrix.data()));
    theta -= 360 * std::floor(theta / 360 + 0.9 / 360);
    return theta;
}

bool passes_only(AVFilterGraph const& graph) {
    for (unsigned i = 0; i < graph.nb_filters; ++i) {
        AVFilterContext const& filter = *graph.filters[i];
        std::string_view const name = filter.filter->name;
        bool const is_source = filter.nb_inputs == 0 && (name == "buffer" || name == "abuffer");
        bool const is_harmless = (filter.filter->flags & AVFILTER_FLAG_METADATA_ONLY) != 0;
        if (!is_harmless && !is_source && filter.nb_outputs != 0) return false;
    }
    return true;
}

std::string join(Dictionary const& dictionary) {
    std::string joined;
    for (AVDictionaryEntry const* entry = nullptr; (entry = dictionary.next(entry)) != nullptr;)
        joined += fmt::format("{}{}={}", joined.empty() ? "" : ":", entry->key, entry->value);
    return joined;
}

}  // namespace

bool FilterPath::needs_rebuild(AVFrame const& frame) const {
    bool changed = format_ != frame.format;
    if (input_.kind() == AVMEDIA_TYPE_AUDIO) {
        changed = changed || sample_rate_ != frame.sample_rate ||
                  av_channel_layout_compare(&layout_, &frame.ch_layout) != 0;
    } else {
        changed = changed || width_ != frame.width || height_ != frame.height;
    }
    AVFrameSideData const* const side_data = av_frame_get_side_data(&frame, AV_FRAME_DATA_DISPLAYMATRIX);
    auto const matrix = side_data == nullptr ? std::nullopt : read_matrix(side_data->data, side_data->size);
    return changed || matrix != display_matrix_;
}

void FilterPath::take_format(AVFrame const& frame) {
    format_ = frame.format;
    width_ = frame.width;
    height_ = frame.height;
    aspect_ = frame.sample_aspect_ratio;
    sample_rate_ = frame.sample_rate;
    av_channel_layout_copy(&layout_, &frame.ch_layout);
    AVFrameSideData const* const side_data = av_frame_get_side_data(&frame, AV_FRAME_DATA_DISPLAYMATRIX);
    display_matrix_ = side_data == nullptr ? std::nullopt : read_matrix(side_data->data, side_data->size);
}

void FilterPath::take_format(AVCodecParameters const& parameters) {
    format_ = parameters.format;
    width_ = parameters.width;
    height_ = parameters.height;
    aspect_ = parameters.sample_aspect_ratio;
    sample_rate_ = parameters.sample_rate;
    av_channel_layout_copy(&layout_, &parameters.ch_layout);
}

int FilterPath::parse() {
    FilterPads inputs;
    FilterPads outputs;
    int const error = parse_chain(inputs, outputs);
    graph_.reset();
    return error;
}

int FilterPath::parse_chain(FilterPads& inputs, FilterPads& outputs) {
    graph_.reset(avfilter_graph_alloc());
    if (!graph_) return AVERROR(ENOMEM);
    graph_->opaque = &session_.log;
    apply_options();

    AVFilterInOut* parsed_inputs = nullptr;
    AVFilterInOut* parsed_outputs = nullptr;
    int error = avfilter_graph_parse2(graph_.get(), output_.filters.c_str(), &parsed_inputs, &parsed_outputs);
    inputs.reset(parsed_inputs);
    outputs.reset(parsed_outputs);
    auto const count = [](FilterPads const& pads) {
        return !pads ? "0" : pads->next != nullptr ? ">1" : "1";
    };
    if (error >= 0 && (std::string_view(count(inputs)) != "1" || std::string_view(count(outputs)) != "1")) {
        log(AV_LOG_ERROR,
            "Simple filtergraph '{}' was expected to have exactly 1 input and 1 output. However, it had {} "
            "input(s) "
            "and {} output(s). Please adjust, or use a complex filtergraph (-filter_complex) instead.\n",
            output_.filters,
            count(inputs),
            count(outputs));
        error = AVERROR(EINVAL);
    }
    return error;
}

int FilterPath::configure() {
    source_ = nullptr;
    sink_ = nullptr;
    FilterPads inputs;
    FilterPads outputs;
    int error = parse_chain(inputs, outputs);
    if (error >= 0) error = add_source(*inputs);
    if (error >= 0) error = add_sink(*outputs);
    if (error >= 0) error = avfilter_graph_config(graph_.get(), nullptr);
    if (error >= 0 && finished_) error = av_buffersrc_add_frame(source_, nullptr);
    if (error < 0) {
        graph_.reset();
        return error;
    }
    only_passes_ = passes_only(*graph_);
    keep_formats();
    AVCodecContext const& encoder = *output_.context;
    if (output_.encoder->type == AVMEDIA_TYPE_AUDIO &&
        (output_.encoder->capabilities & AV_CODEC_CAP_VARIABLE_FRAME_SIZE) == 0)
        av_buffersink_set_frame_size(sink_, static_cast<unsigned>(encoder.frame_size));
    return 0;
}

void FilterPath::apply_options() {
    char const* const encoder_threads = output_.encoder_options.find("threads");
    if (!session_.filter_threads.empty())
        av_opt_set(graph_.get(), "threads", session_.filter_threads.c_str(), 0);
    else if (encoder_threads != nullptr)
        av_opt_set(graph_.get(), "threads", encoder_threads, 0);
    else if (!output_.own_filters && input_.kind() == AVMEDIA_TYPE_AUDIO)
        // Converting samples does not share its work among threads, so none need to be started for it.
        graph_->nb_threads = 1;
    if (std::string const scaler = join(output_.scaler_options); !scaler.empty())
        graph_->scale_sws_opts = av_strdup(scaler.c_str());
    av_opt_set(graph_.get(), "aresample_swr_opts", join(output_.resampler_options).c_str(), 0);
}

// A later configuration has to give the encoder what it was opened for.
void FilterPath::keep_formats() {
    FilterConstraints& constraints = output_.constraints;
    if (av_buffersink_get_type(sink_) == AVMEDIA_TYPE_AUDIO) {
        AVChannelLayout layout{};
        av_buffersink_get_ch_layout(sink_, &layout);
        constraints.sample_formats =
            av_get_sample_fmt_name(static_cast<AVSampleFormat>(av_buffersink_get_format(sink_)));
        constraints.sample_rates = std::to_string(av_buffersink_get_sample_rate(sink_));
        constraints.channel_layouts = describe(layout);
        av_channel_layout_uninit(&layout);
        return;
    }
    constraints.width = av_buffersink_get_w(sink_);
    constraints.height = av_buffersink_get_h(sink_);
}

int FilterPath::append(
    AVFilterContext*& last, int& pad, char const* filter, std::string const& name, std::string const& options
) {
    AVFilterContext* added = nullptr;
    int error = avfilter_graph_create_filter(
        &added,
        avfilter_get_by_name(filter),
        name.c_str(),
        options.empty() ? nullptr : options.c_str(),
        nullptr,
        graph_.get()
    );
    if (error >= 0) error = avfilter_link(last, static_cast<unsigned>(pad), added, 0);
    if (error < 0) return error;
    last = added;
    pad = 0;
    return 0;
}

int FilterPath::add_trim(
    AVFilterContext*& last, int& pad, std::int64_t start, std::int64_t duration, std::string const& name
) {
    if (duration == kUnlimited && start == kNoTime) return 0;
    char const* const filter = input_.kind() == AVMEDIA_TYPE_VIDEO ? "trim" : "atrim";
    std::string options;
    if (duration != kUnlimited) options = fmt::format("durationi={}us", duration);
    if (start != kNoTime) options += fmt::format("{}starti={}us", options.empty() ? "" : ":", start);
    return append(last, pad, filter, name, options);
}

int FilterPath::add_source(AVFilterInOut const& chain) {
    InputFile const& file = *input_.file;
    AVFilterContext* last = nullptr;
    bool const is_video = input_.kind() == AVMEDIA_TYPE_VIDEO;
    int error = is_video ? add_video_source(last) : add_audio_source(last);
    if (error < 0) return error;
    int pad = 0;
    // What a seek left before the wished start is cut here, to the sample.
    std::int64_t const start = file.start_time == kNoTime || !file.accurate_seek ? kNoTime : 0;
    std::string const name =
        is_video ? fmt::format("trim_in_{}_{}", file.index, input_.stream->index)
                 : fmt::format("trim for input stream {}:{}", file.index, input_.stream->index);
    error = add_trim(last, pad, start, file.recording_time, name);
    if (error < 0) return error;
    return avfilter_link(last, 0, chain.filter_ctx, static_cast<unsigned>(chain.pad_idx));
}

int FilterPath::add_video_source(AVFilterContext*& last) {
    AVStream& stream = *input_.stream;
    bool const has_rate = input_.frame_rate.num != 0;
    AVRational const time_base = has_rate ? av_inv_q(input_.frame_rate) : stream.time_base;
    AVRational const rate =
        has_rate ? input_.frame_rate : av_guess_frame_rate(input_.file->context.get(), &stream, nullptr);
    AVRational const aspect = aspect_.den == 0 ? AVRational{0, 1} : aspect_;
    std::string options = fmt::format(
        "video_size={}x{}:pix_fmt={}:time_base={}/{}:pixel_aspect={}/{}",
        width_,
        height_,
        format_,
        time_base.num,
        time_base.den,
        aspect.num,
        aspect.den
    );
    if (rate.num != 0 && rate.den != 0) options += fmt::format(":frame_rate={}/{}", rate.num, rate.den);
    std::string const name =
        fmt::format("graph {} input from stream {}:{}", output_.index, input_.file->index, stream.index);
    int const error = avfilter_graph_create_filter(
        &source_, avfilter_get_by_name("buffer"), name.c_str(), options.c_str(), nullptr, graph_.get()
    );
    if (error < 0) return error;
    last = source_;
    AVPixFmtDescriptor const* const format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(format_));
    if (format == nullptr) return AVERROR(EINVAL);
    return input_.autorotate && (format->flags & AV_PIX_FMT_FLAG_HWACCEL) == 0 ? add_rotation(last) : 0;
}

int FilterPath::add_rotation(AVFilterContext*& last) {
    auto matrix = display_matrix_;
    if (!matrix) {
        for (AVPacketSideData const& data : compat::side_data_of(*input_.stream))
            if (data.type == AV_PKT_DATA_DISPLAYMATRIX) matrix = read_matrix(data.data, data.size);
    }
    if (!matrix) return 0;
    double const theta = rotation_of(*matrix);
    int pad = 0;
    if (std::fabs(theta - 90) < 1.0)
        return append(last, pad, "transpose", "transpose", (*matrix)[3] > 0 ? "cclock_flip" : "clock");
    if (std::fabs(theta - 270) < 1.0)
        return append(last, pad, "transpose", "transpose", (*matrix)[3] < 0 ? "clock_flip" : "cclock");
    if (std::fabs(theta - 180) < 1.0) {
        int error = 0;
        if ((*matrix)[0] < 0) error = append(last, pad, "hflip", "hflip", "");
        if (error >= 0 && (*matrix)[4] < 0) error = append(last, pad, "vflip", "vflip", "");
        return error;
    }
    if (std::fabs(theta) > 1.0)
        return append(last, pad, "rotate", "rotate", fmt::format("{:f}*PI/180", theta));
    return (*matrix)[4] < 0 ? append(last, pad, "vflip", "vflip", "") : 0;
}

int FilterPath::add_audio_source(AVFilterContext*& last) {
    char const* const format = av_get_sample_fmt_name(static_cast<AVSampleFormat>(format_));
    if (format == nullptr) return AVERROR(EINVAL);
    std::string options = fmt::format("time_base=1/{0}:sample_rate={0}:sample_fmt={1}", sample_rate_, format);
    if (av_channel_layout_check(&layout_) != 0 && layout_.order != AV_CHANNEL_ORDER_UNSPEC)
        options += fmt::format(":channel_layout={}", describe(layout_));
    else
        options += fmt::format(":channels={}", layout_.nb_channels);
    std::string const name =
        fmt::format("graph_{}_in_{}_{}", output_.index, input_.file->index, input_.stream->index);
    int const error = avfilter_graph_create_filter(
        &source_, avfilter_get_by_name("abuffer"), name.c_str(), options.c_str(), nullptr, graph_.get()
    );
    last = source_;
    return error;
}

int FilterPath::add_sink(AVFilterInOut const& chain) {
    OutputFile const& file = *output_.file;
    bool const is_video = output_.kind() == AVMEDIA_TYPE_VIDEO;
    std::string const name = fmt::format("out_{}_{}", file.index, output_.index);
    int error = avfilter_graph_create_filter(
        &sink_,
        avfilter_get_by_name(is_video ? "buffersink" : "abuffersink"),
        name.c_str(),
        nullptr,
        nullptr,
        graph_.get()
    );
    if (error < 0) return error;
    AVFilterContext* last = chain.filter_ctx;
    int pad = chain.pad_idx;
    error = is_video ? add_video_sink(last, pad) : add_audio_sink(last, pad);
    if (error < 0) return error;
    std::string const trim = is_video
                                 ? fmt::format("trim_out_{}_{}", file.index, output_.index)
                                 : fmt::format("trim for output stream {}:{}", file.index, output_.index);
    error = add_trim(last, pad, file.start_time, file.recording_time, trim);
    return error < 0 ? error : avfilter_link(last, static_cast<unsigned>(pad), sink_, 0);
}

int FilterPath::add_video_sink(AVFilterContext*& last, int& pad) {
    FilterConstraints const& wanted = output_.constraints;
    int error = 0;
    if ((wanted.width != 0 || wanted.height != 0) && output_.autoscale) {
        std::string options = fmt::format("{}:{}", wanted.width, wanted.height);
        if (std::string const more = join(output_.scaler_options); !more.empty()) options += ":" + more;
        error = append(
            last, pad, "scale", fmt::format("scaler_out_{}_{}", output_.file->index, output_.index), options
        );
    }
    if (output_.keep_pixel_format) avfilter_graph_set_auto_convert(graph_.get(), AVFILTER_AUTO_CONVERT_NONE);
    if (error >= 0 && !wanted.pixel_formats.empty())
        error = append(last, pad, "format", "format", wanted.pixel_formats);
    return error;
}

int FilterPath::add_audio_sink(AVFilterContext*& last, int& pad) {
    // Absent from newer versions, where it is how sinks behave anyway.
    av_opt_set_int(sink_, "all_channel_counts", 1, AV_OPT_SEARCH_CHILDREN);
    FilterConstraints const& wanted = output_.constraints;
    std::string options;
    auto const add = [&options](std::string_view key, std::string const& value) {
        if (!value.empty()) options += fmt::format("{}{}={}", options.empty() ? "" : ":", key, value);
    };
    add("sample_fmts", wanted.sample_formats);
    add("sample_rates", wanted.sample_rates);
    add("channel_layouts", wanted.channel_layouts);
    if (options.empty()) return 0;
    return append(
        last, pad, "aformat", fmt::format("format_out_{}_{}", output_.file->index, output_.index), options
    );
}

int FilterPath::push(AVFrame* frame, bool keep) {
    constexpr int kPush = AV_BUFFERSRC_FLAG_PUSH;
    constexpr int kKeep = AV_BUFFERSRC_FLAG_KEEP_REF;
    return av_buffersrc_add_frame_flags(source_, frame, keep ? kPush | kKeep : kPush);
}

int FilterPath::finish(std::int64_t pts) {
    finished_ = true;
    return configured() ? av_buffersrc_close(source_, pts, AV_BUFFERSRC_FLAG_PUSH) : 0;
}

int FilterPath::pull(AVFrame* frame) {
    return av_buffersink_get_frame_flags(sink_, frame, AV_BUFFERSINK_FLAG_NO_REQUEST);
}

}  // namespace bluebatch::emulator::media
