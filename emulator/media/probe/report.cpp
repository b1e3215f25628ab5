#include "emulator/media/probe/report.hpp"

#include "emulator/media/compat.hpp"

#include <fmt/format.h>

#include <array>
#include <cinttypes>
#include <cstring>

namespace bluebatch::emulator::media::probe {
namespace {

std::string ratio(AVRational q, char sign) {
    return fmt::format("{}{}{}", q.num, sign, q.den);
}

// Seconds with six digits, or unknown.
void add_time(Section& section, std::string key, std::int64_t time, AVRational base) {
    if (time == kNoTime)
        section.unknown(std::move(key));
    else
        section.text(std::move(key), fmt::format("{:f}", static_cast<double>(time) * av_q2d(base)));
}

void add_stamp(Section& section, std::string key, std::int64_t time) {
    if (time == kNoTime)
        section.unknown(std::move(key));
    else
        section.number(std::move(key), time);
}

void add_positive(Section& section, std::string key, std::int64_t value) {
    if (value > 0)
        section.text(std::move(key), std::to_string(value));
    else
        section.unknown(std::move(key));
}

Section tags(AVDictionary const* dictionary) {
    Section section{.name = "tags", .fields = {}, .sections = {}};
    AVDictionaryEntry const* entry = nullptr;
    while ((entry = av_dict_get(dictionary, "", entry, AV_DICT_IGNORE_SUFFIX)) != nullptr)
        section.text(entry->key, entry->value);
    return section;
}

char const* field_order(AVFieldOrder order) {
    switch (order) {
        case AV_FIELD_PROGRESSIVE:
            return "progressive";
        case AV_FIELD_TT:
            return "tt";
        case AV_FIELD_BB:
            return "bb";
        case AV_FIELD_TB:
            return "tb";
        case AV_FIELD_BT:
            return "bt";
        default:
            return nullptr;
    }
}

void add_video(Section& section, AVFormatContext& file, ProbedStream const& probed) {
    AVCodecParameters const& parameters = *probed.stream->codecpar;
    AVCodecContext const* const decoder = probed.decoder.get();
    section.number("width", parameters.width);
    section.number("height", parameters.height);
    if (decoder != nullptr) {
        section.number("coded_width", decoder->coded_width);
        section.number("coded_height", decoder->coded_height);
        section.number(
            "closed_captions", (decoder->properties & FF_CODEC_PROPERTY_CLOSED_CAPTIONS) != 0 ? 1 : 0
        );
        section.number("film_grain", (decoder->properties & FF_CODEC_PROPERTY_FILM_GRAIN) != 0 ? 1 : 0);
    }
    section.number("has_b_frames", parameters.video_delay);
    AVRational const aspect = av_guess_sample_aspect_ratio(&file, probed.stream, nullptr);
    if (aspect.num != 0) {
        AVRational display{};
        av_reduce(
            &display.num,
            &display.den,
            std::int64_t{parameters.width} * aspect.num,
            std::int64_t{parameters.height} * aspect.den,
            1024 * 1024
        );
        section.text("sample_aspect_ratio", ratio(aspect, ':'));
        section.text("display_aspect_ratio", ratio(display, ':'));
    } else {
        section.unknown("sample_aspect_ratio");
        section.unknown("display_aspect_ratio");
    }
    section.text_or_unknown("pix_fmt", av_get_pix_fmt_name(static_cast<AVPixelFormat>(parameters.format)));
    section.number("level", parameters.level);
    auto const told = [](auto value, auto unspecified, char const* name) {
        return value == unspecified ? nullptr : name;
    };
    section.text_or_unknown(
        "color_range",
        told(parameters.color_range, AVCOL_RANGE_UNSPECIFIED, av_color_range_name(parameters.color_range))
    );
    section.text_or_unknown(
        "color_space",
        told(parameters.color_space, AVCOL_SPC_UNSPECIFIED, av_color_space_name(parameters.color_space))
    );
    section.text_or_unknown(
        "color_transfer",
        told(parameters.color_trc, AVCOL_TRC_UNSPECIFIED, av_color_transfer_name(parameters.color_trc))
    );
    section.text_or_unknown(
        "color_primaries",
        told(
            parameters.color_primaries,
            AVCOL_PRI_UNSPECIFIED,
            av_color_primaries_name(parameters.color_primaries)
        )
    );
    section.text_or_unknown(
        "chroma_location",
        told(
            parameters.chroma_location,
            AVCHROMA_LOC_UNSPECIFIED,
            av_chroma_location_name(parameters.chroma_location)
        ),
        "unspecified"
    );
    section.text_or_unknown("field_order", field_order(parameters.field_order));
    if (decoder != nullptr) section.number("refs", decoder->refs);
}

void add_audio(Section& section, AVCodecParameters const& parameters) {
    section.text_or_unknown(
        "sample_fmt", av_get_sample_fmt_name(static_cast<AVSampleFormat>(parameters.format))
    );
    section.text("sample_rate", std::to_string(parameters.sample_rate));
    section.number("channels", parameters.ch_layout.nb_channels);
    std::array<char, 256> layout{};
    if (parameters.ch_layout.order != AV_CHANNEL_ORDER_UNSPEC) {
        av_channel_layout_describe(&parameters.ch_layout, layout.data(), layout.size());
        section.text("channel_layout", layout.data());
    } else {
        section.unknown("channel_layout", "unknown");
    }
    section.number("bits_per_sample", av_get_bits_per_sample(parameters.codec_id));
#if LIBAVFORMAT_VERSION_MAJOR >= 60
    section.number("initial_padding", parameters.initial_padding);
#endif
}

// What a decoder or demuxer itself tells of the stream, such as is_avc.
void add_private(Section& section, void* teller) {
    AVOption const* option = nullptr;
    while ((option = av_opt_next(teller, option)) != nullptr) {
        if ((option->flags & AV_OPT_FLAG_EXPORT) == 0) continue;
        std::uint8_t* value = nullptr;
        if (av_opt_get(teller, option->name, 0, &value) >= 0) {
            std::string text;
            for (std::uint8_t const* c = value; *c != 0; ++c)
                text += static_cast<char>(*c);
            section.text(option->name, text);
            av_free(value);
        }
    }
}

Section disposition(int flags) {
    struct Name {
        int flag;
        char const* name;
    };
    constexpr auto kNames = std::to_array<Name>({
        {AV_DISPOSITION_DEFAULT, "default"}, {AV_DISPOSITION_DUB, "dub"},
            {AV_DISPOSITION_ORIGINAL, "original"}, {AV_DISPOSITION_COMMENT, "comment"},
            {AV_DISPOSITION_LYRICS, "lyrics"}, {AV_DISPOSITION_KARAOKE, "karaoke"},
            {AV_DISPOSITION_FORCED, "forced"}, {AV_DISPOSITION_HEARING_IMPAIRED, "hearing_impaired"},
            {AV_DISPOSITION_VISUAL_IMPAIRED, "visual_impaired"},
            {AV_DISPOSITION_CLEAN_EFFECTS, "clean_effects"}, {AV_DISPOSITION_ATTACHED_PIC, "attached_pic"},
            {AV_DISPOSITION_TIMED_THUMBNAILS, "timed_thumbnails"},
#if LIBAVFORMAT_VERSION_MAJOR >= 60
            {AV_DISPOSITION_NON_DIEGETIC, "non_diegetic"},
#endif
            {AV_DISPOSITION_CAPTIONS, "captions"}, {AV_DISPOSITION_DESCRIPTIONS, "descriptions"},
            {AV_DISPOSITION_METADATA, "metadata"}, {AV_DISPOSITION_DEPENDENT, "dependent"},
            {AV_DISPOSITION_STILL_IMAGE, "still_image"},
#ifdef AV_DISPOSITION_MULTILAYER
            {AV_DISPOSITION_MULTILAYER, "multilayer"},
#endif
    });
    Section section{.name = "disposition", .fields = {}, .sections = {}};
    for (Name const& name : kNames)
        section.number(name.name, (flags & name.flag) != 0 ? 1 : 0);
    return section;
}

Section side_data(AVPacketSideData const& data) {
    Section section{.name = "side_data", .fields = {}, .sections = {}};
    char const* const name = av_packet_side_data_name(data.type);
    section.text("side_data_type", name == nullptr ? "unknown" : name);
    std::array<std::int32_t, 9> matrix{};
    if (data.type == AV_PKT_DATA_DISPLAYMATRIX && data.size >= sizeof matrix) {
        std::memcpy(matrix.data(), data.data, sizeof matrix);
        std::string rows;
        for (std::size_t i = 0; i < matrix.size(); i += 3)
            rows +=
                fmt::format("\n{:08x}: {:11} {:11} {:11}", i / 3, matrix[i], matrix[i + 1], matrix[i + 2]);
        section.text("displaymatrix", rows + "\n");
        double const angle = av_display_rotation_get(matrix.data());
        section.number("rotation", angle == angle ? static_cast<std::int64_t>(angle) : 0);
    }
    AVCPBProperties properties{};
    if (data.type == AV_PKT_DATA_CPB_PROPERTIES && data.size >= sizeof properties) {
        std::memcpy(&properties, data.data, sizeof properties);
        section.number("max_bitrate", properties.max_bitrate);
        section.number("min_bitrate", properties.min_bitrate);
        section.number("avg_bitrate", properties.avg_bitrate);
        section.number("buffer_size", properties.buffer_size);
        section.number("vbv_delay", static_cast<std::int64_t>(properties.vbv_delay));
    }
    return section;
}

void add_codec(Section& section, AVCodecParameters const& parameters) {
    AVCodecDescriptor const* const codec = avcodec_descriptor_get(parameters.codec_id);
    section.text_or_unknown("codec_name", codec == nullptr ? nullptr : codec->name);
    section.text_or_unknown(
        "codec_long_name", codec == nullptr || codec->long_name == nullptr ? nullptr : codec->long_name
    );
    char const* const profile = avcodec_profile_name(parameters.codec_id, parameters.profile);
    if (profile != nullptr)
        section.text("profile", profile);
    else if (parameters.profile != -99)
        section.text("profile", std::to_string(parameters.profile));
    else
        section.unknown("profile", "unknown");
    section.text_or_unknown("codec_type", av_get_media_type_string(parameters.codec_type));
    std::array<char, AV_FOURCC_MAX_STRING_SIZE> tag{};
    section.text("codec_tag_string", av_fourcc_make_string(tag.data(), parameters.codec_tag));
    section.text("codec_tag", fmt::format("0x{:04x}", parameters.codec_tag));
}

void add_timing(Section& section, AVFormatContext const& file, ProbedStream const& probed) {
    AVStream const& stream = *probed.stream;
    AVCodecParameters const& parameters = *stream.codecpar;
    AVCodecContext const* const decoder = probed.decoder.get();
    if ((file.iformat->flags & AVFMT_SHOW_IDS) != 0)
        section.text("id", fmt::format("0x{:x}", stream.id));
    else
        section.unknown("id");
    section.text("r_frame_rate", ratio(stream.r_frame_rate, '/'));
    section.text("avg_frame_rate", ratio(stream.avg_frame_rate, '/'));
    section.text("time_base", ratio(stream.time_base, '/'));
    add_stamp(section, "start_pts", stream.start_time);
    add_time(section, "start_time", stream.start_time, stream.time_base);
    add_stamp(section, "duration_ts", stream.duration);
    add_time(section, "duration", stream.duration, stream.time_base);
    add_positive(section, "bit_rate", parameters.bit_rate);
    add_positive(section, "max_bit_rate", decoder == nullptr ? 0 : decoder->rc_max_rate);
    add_positive(section, "bits_per_raw_sample", decoder == nullptr ? 0 : decoder->bits_per_raw_sample);
    add_positive(section, "nb_frames", stream.nb_frames);
    section.unknown("nb_read_frames");
    section.unknown("nb_read_packets");
    if (parameters.extradata_size > 0) section.number("extradata_size", parameters.extradata_size);
}

}  // namespace

Section report_stream(AVFormatContext& file, ProbedStream const& probed) {
    AVStream const& stream = *probed.stream;
    AVCodecParameters const& parameters = *stream.codecpar;
    Section section{.name = "stream", .fields = {}, .sections = {}};
    section.number("index", stream.index);
    add_codec(section, parameters);
    if (parameters.codec_type == AVMEDIA_TYPE_VIDEO) {
        add_video(section, file, probed);
    } else if (parameters.codec_type == AVMEDIA_TYPE_AUDIO) {
        add_audio(section, parameters);
    } else if (parameters.codec_type == AVMEDIA_TYPE_SUBTITLE) {
        for (auto const& [key, value] :
             {std::pair{"width", parameters.width}, std::pair{"height", parameters.height}}) {
            if (value != 0)
                section.number(key, value);
            else
                section.unknown(key);
        }
    }
    if (AVCodecContext* const decoder = probed.decoder.get();
        decoder != nullptr && decoder->codec->priv_class != nullptr)
        add_private(section, decoder->priv_data);
    if (compat::kProbesStreamGroups && file.iformat->priv_class != nullptr)
        add_private(section, file.priv_data);
    add_timing(section, file, probed);
    section.sections.push_back(disposition(stream.disposition));
    if (stream.metadata != nullptr) section.sections.push_back(tags(stream.metadata));
    Section list{.name = "side_data_list", .kind = Section::Kind::array, .fields = {}, .sections = {}};
    for (AVPacketSideData const& data : compat::side_data_of(stream))
        list.sections.push_back(side_data(data));
    if (!list.sections.empty()) section.sections.push_back(std::move(list));
    return section;
}

Section report_format(AVFormatContext& file, std::string const& name) {
    Section section{.name = "format", .fields = {}, .sections = {}};
    section.text("filename", name);
    section.number("nb_streams", file.nb_streams);
    section.number("nb_programs", file.nb_programs);
#if LIBAVFORMAT_VERSION_MAJOR >= 61
    section.number("nb_stream_groups", file.nb_stream_groups);
#endif
    section.text("format_name", file.iformat->name);
    section.text_or_unknown("format_long_name", file.iformat->long_name);
    add_time(section, "start_time", file.start_time, kMicroseconds);
    add_time(section, "duration", file.duration, kMicroseconds);
    std::int64_t const size = file.pb == nullptr ? -1 : avio_size(file.pb);
    if (size >= 0)
        section.text("size", std::to_string(size));
    else
        section.unknown("size");
    add_positive(section, "bit_rate", file.bit_rate);
    section.number("probe_score", file.probe_score);
    if (file.metadata != nullptr) section.sections.push_back(tags(file.metadata));
    return section;
}

void select(Section& section, std::string_view unique_name, Selection const& selection) {
    std::erase_if(section.fields, [&](Field const& field) {
        return !selection.shows(unique_name, field.key);
    });
    std::vector<Section> kept;
    for (Section& inner : section.sections) {
        std::string const name = fmt::format("{}_{}", unique_name, inner.name);
        if (!selection.shows(name)) continue;
        if (inner.kind == Section::Kind::object) select(inner, name, selection);
        kept.push_back(std::move(inner));
    }
    section.sections = std::move(kept);
}

}  // namespace bluebatch::emulator::media::probe
