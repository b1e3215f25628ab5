// What the options of an output file say of its pictures.
#include "emulator/media/compat.hpp"
#include "emulator/media/input_file.hpp"
#include "emulator/media/stream_options.hpp"

#include <cstring>

namespace bluebatch::emulator::media {

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
    bool const tells_rate =
        compat::kSteadiesToldRates && (output_.frame_rate.num != 0 || output_.max_frame_rate.num != 0);
    if (tells_rate && output_.sync != FrameSync::automatic && output_.sync != FrameSync::constant)
        return fatal(
            "One of -r/-fpsmax was specified together a non-CFR -vsync/-fps_mode. This is contradictory.\n"
        );
    AVOutputFormat const& format = *file_.context->oformat;
    if (output_.sync == FrameSync::automatic) {
        if (tells_rate)
            output_.sync = FrameSync::constant;
        else if (std::strcmp(format.name, "avi") == 0)
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

}  // namespace bluebatch::emulator::media
