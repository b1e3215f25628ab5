#pragma once

#include "emulator/media/options/av_options.hpp"
#include "emulator/media/output_file.hpp"

#include <optional>
#include <string>

namespace bluebatch::emulator::media {

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
        return options::setting_for(group_.settings, name, file_.context.get(), output_.stream);
    }
    auto number(char const* name) {
        return options::number_for(group_.settings, name, file_.context.get(), output_.stream);
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

// "cfr", "vfr" ...; nullopt for a name that ffmpeg does not know.
std::optional<FrameSync> parse_frame_sync(std::string const& text);

}  // namespace bluebatch::emulator::media
