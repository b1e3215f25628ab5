#include "emulator/media/options/av_options.hpp"

extern "C" {
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
}

#include "emulator/media/log.hpp"

#include <cmath>

namespace bluebatch::emulator::media::options {
namespace {

// libav's convention: a pointer to a class pointer stands for an object of that class.
AVOption const* find_in(AVClass const* type, std::string const& name, int flags, int search) {
    AVOption const* const option =
        av_opt_find(&type, name.c_str(), nullptr, flags, search | AV_OPT_SEARCH_FAKE_OBJ);
    return option == nullptr || option->flags == 0 ? nullptr : option;
}

int flags_of_kind(AVMediaType kind) {
    switch (kind) {
        case AVMEDIA_TYPE_VIDEO:
            return AV_OPT_FLAG_VIDEO_PARAM;
        case AVMEDIA_TYPE_AUDIO:
            return AV_OPT_FLAG_AUDIO_PARAM;
        case AVMEDIA_TYPE_SUBTITLE:
            return AV_OPT_FLAG_SUBTITLE_PARAM;
        default:
            return 0;
    }
}

char prefix_of_kind(AVMediaType kind) {
    switch (kind) {
        case AVMEDIA_TYPE_VIDEO:
            return 'v';
        case AVMEDIA_TYPE_AUDIO:
            return 'a';
        case AVMEDIA_TYPE_SUBTITLE:
            return 's';
        default:
            return '\0';
    }
}

Outcome<bool> fits(AVFormatContext* file, AVStream* stream, std::string const& specifier) {
    int const match = avformat_match_stream_specifier(file, stream, specifier.c_str());
    if (match >= 0) return match > 0;
    log_text(file, AV_LOG_ERROR, fmt::format("Invalid stream specifier: {}.\n", specifier));
    return Exit::failure;
}

}  // namespace

AvOption find_av_option(std::string_view name) {
    AvOption result;
    std::string const whole(name);
    std::string const stripped(name_of(name));
    auto const note = [&result](AVOption const* option) {
        if (option != nullptr && option->type == AV_OPT_TYPE_FLAGS) result.is_flags = true;
        return option != nullptr;
    };
    result.codec = note(find_in(avcodec_get_class(), stripped, 0, AV_OPT_SEARCH_CHILDREN));
    if (!result.codec && (whole.front() == 'v' || whole.front() == 'a' || whole.front() == 's'))
        result.codec = note(find_in(avcodec_get_class(), whole.substr(1), 0, 0));
    result.format = note(find_in(avformat_get_class(), whole, 0, AV_OPT_SEARCH_CHILDREN));
    if (result.codec || result.format) return result;
    result.scaler = note(find_in(sws_get_class(), whole, 0, AV_OPT_SEARCH_CHILDREN));
    if (!result.scaler) result.resampler = note(find_in(swr_get_class(), whole, 0, AV_OPT_SEARCH_CHILDREN));
    return result;
}

Outcome<Dictionary> codec_options_for(
    Dictionary const& all, AVFormatContext* file, AVStream* stream, AVCodec const* codec, int side
) {
    Dictionary result;
    AVMediaType const kind = stream->codecpar->codec_type;
    int const flags = side | flags_of_kind(kind);
    for (AVDictionaryEntry const* entry = nullptr; (entry = all.next(entry)) != nullptr;) {
        std::string const key(entry->key);
        std::string const name(name_of(key));
        if (name.size() != key.size()) {
            auto const match = fits(file, stream, std::string(specifier_of(key)));
            if (!match) return match.error();
            if (!*match) continue;
        }
        bool const known =
            codec == nullptr || find_in(avcodec_get_class(), name, flags, 0) != nullptr ||
            (codec->priv_class != nullptr && find_in(codec->priv_class, name, flags, 0) != nullptr);
        if (known)
            result.set(name, entry->value);
        else if (name.front() == prefix_of_kind(kind) && find_in(avcodec_get_class(), name.substr(1), flags, 0) != nullptr)
            result.set(name.substr(1), entry->value);
    }
    return result;
}

Outcome<std::optional<std::string>> setting_for(
    std::span<Setting const> settings, std::string_view name, AVFormatContext* file, AVStream* stream
) {
    std::optional<std::string> found;
    for (Setting const& setting : settings) {
        if (setting.name != name) continue;
        auto const match = fits(file, stream, setting.specifier);
        if (!match) return match.error();
        if (*match) found = setting.value;
    }
    return found;
}

Outcome<std::optional<double>> number_for(
    std::span<Setting const> settings, std::string_view name, AVFormatContext* file, AVStream* stream
) {
    auto const text = setting_for(settings, name, file, stream);
    if (!text) return text.error();
    if (!*text) return std::optional<double>{};
    auto const number = parse_number(name, **text);
    if (!number) return number.error();
    return std::optional<double>{*number};
}

Outcome<double> parse_number(std::string_view option, std::string const& text) {
    char* end = nullptr;
    // libav's own reading of numbers: "128k", "0x10", "1.5M".
    double const number = av_strtod(text.c_str(), &end);
    if (!text.empty() && *end == '\0' && !std::isnan(number)) return number;
    log(AV_LOG_FATAL, "Expected number for {} but found: {}\n", option, text);
    return Exit::failure;
}

Outcome<std::int64_t> parse_duration(std::string_view option, std::string const& text) {
    std::int64_t microseconds = 0;
    if (av_parse_time(&microseconds, text.c_str(), 1) >= 0) return microseconds;
    log(AV_LOG_FATAL, "Invalid duration specification for {}: {}\n", option, text);
    return Exit::failure;
}

}  // namespace bluebatch::emulator::media::options
