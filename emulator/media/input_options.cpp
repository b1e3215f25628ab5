// What the options of an input file say of one of its streams.
#include "emulator/media/codec_choice.hpp"
#include "emulator/media/input_file.hpp"
#include "emulator/media/options/av_options.hpp"

#include <array>

namespace bluebatch::emulator::media {

using options::is_set;

namespace {

Outcome<> read_discard(options::FileGroup const& group, AVFormatContext* context, InputStream& input) {
    auto const off = [&group](char const* setting) { return is_set(group.settings, setting); };
    AVMediaType const kind = input.kind();
    if ((kind == AVMEDIA_TYPE_VIDEO && off("vn")) || (kind == AVMEDIA_TYPE_AUDIO && off("an")) ||
        (kind == AVMEDIA_TYPE_SUBTITLE && off("sn")) || (kind == AVMEDIA_TYPE_DATA && off("dn")))
        input.user_discard = AVDISCARD_ALL;
    auto const told = options::setting_for(group.settings, "discard", context, input.stream);
    if (!told) return told.error();
    if (!*told) return {};
    AVClass const* type = avcodec_get_class();
    AVOption const* const option = av_opt_find(&type, "skip_frame", nullptr, 0, AV_OPT_SEARCH_FAKE_OBJ);
    if (av_opt_eval_int(&type, option, (*told)->c_str(), &input.user_discard) >= 0) return {};
    log(AV_LOG_ERROR, "Error parsing discard {}.\n", **told);
    return Exit::failure;
}

Outcome<> read_video(options::FileGroup const& group, AVFormatContext* context, InputStream& input) {
    input.context->framerate = input.stream->avg_frame_rate;
    auto const rate = options::setting_for(group.settings, "r", context, input.stream);
    if (!rate) return rate.error();
    if (!*rate || av_parse_video_rate(&input.frame_rate, (*rate)->c_str()) >= 0) return {};
    log(AV_LOG_ERROR, "Error parsing framerate {}.\n", **rate);
    return Exit::failure;
}

// Files that only count their channels get the usual meaning of that many.
Outcome<> guess_channels(options::FileGroup const& group, AVFormatContext* context, InputStream& input) {
    AVChannelLayout& layout = input.context->ch_layout;
    if (layout.order != AV_CHANNEL_ORDER_UNSPEC) return {};
    auto const limit = options::number_for(group.settings, "guess_layout_max", context, input.stream);
    if (!limit) return limit.error();
    int const channels = layout.nb_channels;
    if (channels > limit->value_or(INT32_MAX)) return {};
    av_channel_layout_default(&layout, channels);
    if (layout.order == AV_CHANNEL_ORDER_UNSPEC) return {};
    std::array<char, 256> name{};
    av_channel_layout_describe(&layout, name.data(), name.size());
    log(AV_LOG_WARNING,
        "Guessed Channel Layout for Input Stream #{}.{} : {}\n",
        input.file->index,
        input.stream->index,
        name.data());
    return {};
}

Outcome<> make_context(Session& session, options::FileGroup const& group, InputStream& input) {
    input.context.reset(avcodec_alloc_context3(input.decoder));
    input.packet.reset(av_packet_alloc());
    input.frame.reset(av_frame_alloc());
    if (!input.context || !input.packet || !input.frame) return Exit::failure;
    if (avcodec_parameters_to_context(input.context.get(), input.stream->codecpar) < 0) {
        log(AV_LOG_ERROR, "Error initializing the decoder context.\n");
        return Exit::failure;
    }
    input.context->opaque = &session.log;
    if (is_set(group.settings, "bitexact")) input.context->flags |= AV_CODEC_FLAG_BITEXACT;
    return {};
}

Outcome<> read_decoder(options::FileGroup const& group, AVFormatContext* context, InputStream& input) {
    auto const tag = options::setting_for(group.settings, "tag", context, input.stream);
    if (!tag) return tag.error();
    if (*tag) input.stream->codecpar->codec_tag = parse_codec_tag(**tag);
    auto const decoder = choose_decoder(group, context, input.stream);
    if (!decoder) return decoder.error();
    input.decoder = *decoder;
    auto decoder_options = options::codec_options_for(
        group.codec, context, input.stream, input.decoder, AV_OPT_FLAG_DECODING_PARAM
    );
    if (!decoder_options) return decoder_options.error();
    input.decoder_options = std::move(*decoder_options);
    auto const autorotate = options::number_for(group.settings, "autorotate", context, input.stream);
    if (!autorotate) return autorotate.error();
    input.autorotate = autorotate->value_or(1) != 0;
    return {};
}

}  // namespace

Outcome<> InputFile::add_stream(Session& session, options::FileGroup& group, AVStream* stream) {
    auto added = std::make_unique<InputStream>();
    InputStream& input = *added;
    input.file = this;
    input.stream = stream;
    // Nothing is read for a stream that no output uses.
    stream->discard = AVDISCARD_ALL;
    if (auto const done = read_decoder(group, context.get(), input); !done) return done;
    if (auto const done = read_discard(group, context.get(), input); !done) return done;
    if (auto const done = make_context(session, group, input); !done) return done;
    if (input.kind() == AVMEDIA_TYPE_VIDEO)
        if (auto const done = read_video(group, context.get(), input); !done) return done;
    if (input.kind() == AVMEDIA_TYPE_AUDIO)
        if (auto const done = guess_channels(group, context.get(), input); !done) return done;
    if (avcodec_parameters_from_context(stream->codecpar, input.context.get()) < 0) {
        log(AV_LOG_ERROR, "Error initializing the decoder context.\n");
        return Exit::failure;
    }
    streams.push_back(std::move(added));
    return {};
}

}  // namespace bluebatch::emulator::media
