// Which streams of the inputs an output gets.
#include "emulator/media/input_file.hpp"
#include "emulator/media/options/av_options.hpp"
#include "emulator/media/output_file.hpp"

#include <cstdlib>

namespace bluebatch::emulator::media {
namespace {

using options::is_set;

// A picture of the cover rather than a film; formats of songs answer with this tag when asked for video.
constexpr int kCoverOnly = static_cast<int>(MKTAG('A', 'P', 'I', 'C'));
constexpr std::int64_t kDefaultBonus = 5'000'000;
constexpr std::int64_t kSeenBonus = 100'000'000;

bool is_cover(InputStream const& input) {
    return (input.stream->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
}

std::int64_t bonus(InputStream const& input) {
    std::int64_t sum = 0;
    if ((input.stream->event_flags & AVSTREAM_EVENT_FLAG_NEW_PACKETS) != 0) sum += kSeenBonus;
    if ((input.stream->disposition & AV_DISPOSITION_DEFAULT) != 0) sum += kDefaultBonus;
    return sum;
}

struct Candidate {
    InputStream* stream = nullptr;
    std::int64_t score = 0;
};

// The largest picture; between files, the mark as default does not count.
InputStream* best_video(Inputs inputs, AVOutputFormat const& format) {
    bool const wants_cover = avformat_query_codec(&format, format.video_codec, 0) == kCoverOnly;
    Candidate best;
    for (auto const& file : inputs) {
        Candidate here;
        for (auto const& input : file->streams) {
            if (input->is_discarded_by_user() || input->kind() != AVMEDIA_TYPE_VIDEO) continue;
            AVCodecParameters const& parameters = *input->stream->codecpar;
            std::int64_t score = std::int64_t{parameters.width} * parameters.height + bonus(*input);
            if (!wants_cover && is_cover(*input)) score = 1;
            if (score <= here.score || (wants_cover && !is_cover(*input))) continue;
            here = {input.get(), score};
        }
        if (here.stream == nullptr) continue;
        bool const last_is_cover = is_cover(*file->streams.back());
        if ((wants_cover || !last_is_cover) &&
            (here.stream->stream->disposition & AV_DISPOSITION_DEFAULT) != 0)
            here.score -= kDefaultBonus;
        if (here.score > best.score) best = here;
    }
    return best.stream;
}

// The most channels.
InputStream* best_audio(Inputs inputs) {
    Candidate best;
    for (auto const& file : inputs) {
        Candidate here;
        for (auto const& input : file->streams) {
            if (input->is_discarded_by_user() || input->kind() != AVMEDIA_TYPE_AUDIO) continue;
            std::int64_t const score = input->stream->codecpar->ch_layout.nb_channels + bonus(*input);
            if (score > here.score) here = {input.get(), score};
        }
        if (here.stream == nullptr) continue;
        if ((here.stream->stream->disposition & AV_DISPOSITION_DEFAULT) != 0) here.score -= kDefaultBonus;
        if (here.score > best.score) best = here;
    }
    return best.stream;
}

// The first that the format's own subtitle encoder can turn into its form: text to text, pictures to
// pictures.
InputStream* first_subtitle(Inputs inputs, AVOutputFormat const& format, bool encoder_told) {
    constexpr int kForms = AV_CODEC_PROP_TEXT_SUB | AV_CODEC_PROP_BITMAP_SUB;
    AVCodec const* const encoder = avcodec_find_encoder(format.subtitle_codec);
    if (encoder == nullptr && !encoder_told) return nullptr;
    AVCodecDescriptor const* const to = encoder == nullptr ? nullptr : avcodec_descriptor_get(encoder->id);
    for (auto const& file : inputs) {
        for (auto const& input : file->streams) {
            if (input->kind() != AVMEDIA_TYPE_SUBTITLE || input->is_discarded_by_user()) continue;
            if (encoder_told) return input.get();
            AVCodecDescriptor const* const from = avcodec_descriptor_get(input->stream->codecpar->codec_id);
            if (from == nullptr || to == nullptr) continue;
            if ((from->props & to->props & kForms) != 0 || from->props == 0 || to->props == 0)
                return input.get();
        }
    }
    return nullptr;
}

AVCodecID guess(OutputFile const& file, AVMediaType kind) {
    return av_guess_codec(file.context->oformat, nullptr, file.name.c_str(), nullptr, kind);
}

Outcome<> select_best(Session& session, options::FileGroup& group, Inputs inputs, OutputFile& file) {
    AVOutputFormat const& format = *file.context->oformat;
    std::vector<InputStream*> chosen;
    if (!is_set(group.settings, "vn") && guess(file, AVMEDIA_TYPE_VIDEO) != AV_CODEC_ID_NONE)
        chosen.push_back(best_video(inputs, format));
    if (!is_set(group.settings, "an") && guess(file, AVMEDIA_TYPE_AUDIO) != AV_CODEC_ID_NONE)
        chosen.push_back(best_audio(inputs));
    bool encoder_told = false;
    for (options::Setting const& setting : group.settings)
        encoder_told = encoder_told || (setting.name == "c" && setting.specifier == "s");
    if (!is_set(group.settings, "sn")) chosen.push_back(first_subtitle(inputs, format, encoder_told));
    AVCodecID const data = guess(file, AVMEDIA_TYPE_DATA);
    if (!is_set(group.settings, "dn") && data != AV_CODEC_ID_NONE) {
        for (auto const& input_file : inputs)
            for (auto const& input : input_file->streams)
                if (!input->is_discarded_by_user() && input->kind() == AVMEDIA_TYPE_DATA &&
                    input->stream->codecpar->codec_id == data)
                    chosen.push_back(input.get());
    }
    for (InputStream* const input : chosen) {
        if (input == nullptr) continue;
        if (auto const added = add_output_stream(session, group, file, *input); !added) return added;
    }
    return {};
}

// One -map: [-]FILE[:SPECIFIER][?]
struct Map {
    bool negative = false;
    bool optional = false;
    long file = 0;
    std::string specifier;
};

Outcome<Map> parse_map(std::string const& text, Inputs inputs) {
    Map map;
    map.negative = text.starts_with('-');
    std::string rest = text.substr(map.negative ? 1 : 0);
    rest = rest.substr(0, rest.find(','));
    if (std::size_t const mark = rest.find('?'); mark != std::string::npos) {
        map.optional = true;
        rest.resize(mark);
    }
    char* end = nullptr;
    map.file = std::strtol(rest.c_str(), &end, 0);
    if (map.file < 0 || map.file >= static_cast<long>(inputs.size())) {
        log(AV_LOG_FATAL, "Invalid input file index: {}.\n", map.file);
        return Exit::failure;
    }
    map.specifier = *end == ':' ? end + 1 : end;
    return map;
}

Outcome<> apply_map(
    Map const& map, std::string const& text, Inputs inputs, std::vector<InputStream*>& chosen
) {
    InputFile& file = *inputs[static_cast<std::size_t>(map.file)];
    bool found = false;
    bool disabled = false;
    for (auto const& input : file.streams) {
        int const match =
            avformat_match_stream_specifier(file.context.get(), input->stream, map.specifier.c_str());
        if (match < 0) log(AV_LOG_ERROR, "Invalid stream specifier: {}.\n", map.specifier);
        if (match <= 0) continue;
        if (map.negative) {
            found = std::erase(chosen, input.get()) > 0 || found;
        } else if (input->is_discarded_by_user()) {
            disabled = true;
        } else {
            chosen.push_back(input.get());
            found = true;
        }
    }
    if (found || map.optional || (map.negative && !chosen.empty())) return {};
    log(AV_LOG_FATAL,
        "Stream map '{}' matches {} streams.\nTo ignore this, add a trailing '?' to the map.\n",
        text,
        disabled ? "disabled" : "no");
    if (!disabled || !map.optional) return Exit::failure;
    return {};
}

Outcome<> select_mapped(Session& session, options::FileGroup& group, Inputs inputs, OutputFile& file) {
    std::vector<InputStream*> chosen;
    for (options::Setting const& setting : group.settings) {
        if (setting.name != "map") continue;
        auto const map = parse_map(setting.value, inputs);
        if (!map) return map.error();
        if (auto const applied = apply_map(*map, setting.value, inputs, chosen); !applied) return applied;
    }
    for (InputStream* const input : chosen) {
        auto const off = [&group](char const* name) { return is_set(group.settings, name); };
        AVMediaType const kind = input->kind();
        if ((kind == AVMEDIA_TYPE_SUBTITLE && off("sn")) || (kind == AVMEDIA_TYPE_AUDIO && off("an")) ||
            (kind == AVMEDIA_TYPE_VIDEO && off("vn")) || (kind == AVMEDIA_TYPE_DATA && off("dn")))
            continue;
        if (kind == AVMEDIA_TYPE_UNKNOWN) {
            log(session.ignore_unknown ? AV_LOG_WARNING : AV_LOG_FATAL,
                "Cannot map stream #{}:{} - unsupported type.\n",
                input->file->index,
                input->stream->index);
            if (session.ignore_unknown) continue;
            log(AV_LOG_FATAL,
                "If you want unsupported types ignored instead of failing, please use the -ignore_unknown "
                "option\n");
            return Exit::failure;
        }
        if (auto const added = add_output_stream(session, group, file, *input); !added) return added;
    }
    return {};
}

}  // namespace

Outcome<> select_streams(Session& session, options::FileGroup& group, Inputs inputs, OutputFile& file) {
    bool const mapped = options::find_setting(group.settings, "map") != nullptr;
    auto const selected =
        mapped ? select_mapped(session, group, inputs, file) : select_best(session, group, inputs, file);
    if (!selected) return selected;
    if (file.context->nb_streams > 0 || (file.context->oformat->flags & AVFMT_NOSTREAMS) != 0) return {};
    av_dump_format(file.context.get(), file.index, file.name.c_str(), 1);
    log(AV_LOG_ERROR, "Output file #{} does not contain any stream\n", file.index);
    return Exit::failure;
}

}  // namespace bluebatch::emulator::media
