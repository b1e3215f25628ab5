#include "emulator/media/codec_choice.hpp"

#include "emulator/media/log.hpp"
#include "emulator/media/options/av_options.hpp"

#include <cstdlib>

namespace bluebatch::emulator::media {

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
        return Exit::because(encoder ? AVERROR_ENCODER_NOT_FOUND : AVERROR_DECODER_NOT_FOUND);
    }
    if (codec->type != kind) {
        log(AV_LOG_FATAL, "Invalid {} type '{}'\n", role, name);
        return Exit::failure;
    }
    return codec;
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
