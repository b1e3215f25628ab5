// What the options of an output file say of its sound.
#include "emulator/media/stream_options.hpp"

namespace bluebatch::emulator::media {
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

}  // namespace bluebatch::emulator::media
