// Tags and chapters of an output: copied from the inputs, mapped, and told.
#include "emulator/media/input_file.hpp"
#include "emulator/media/output_file.hpp"

#include <algorithm>
#include <cstdlib>

namespace bluebatch::emulator::media {
namespace {

// "g", "s[:SPECIFIER]", "c:INDEX" or "p:INDEX"; nothing means the file itself.
struct Place {
    char type = 'g';
    unsigned index = 0;
    std::string specifier;
};

Outcome<Place> parse_place(std::string const& text) {
    Place place;
    if (text.empty()) return place;
    place.type = text.front();
    std::string const rest = text.substr(1);
    switch (place.type) {
        case 'g':
            return place;
        case 's':
            if (!rest.empty() && rest.front() != ':') break;
            place.specifier = rest.empty() ? "" : rest.substr(1);
            return place;
        case 'c':
        case 'p':
            if (rest.starts_with(':'))
                place.index = static_cast<unsigned>(std::strtol(rest.c_str() + 1, nullptr, 0));
            return place;
        default:
            break;
    }
    log(AV_LOG_FATAL, "Invalid metadata specifier {}.\n", text);
    return Exit::failure;
}

// The dictionaries of a context that a place names.
Outcome<std::vector<AVDictionary**>> find_tags(AVFormatContext& context, Place const& place) {
    std::vector<AVDictionary**> found;
    auto const out_of_range = [&place](char const* what) {
        log(AV_LOG_FATAL, "Invalid {} index {} while processing metadata maps.\n", what, place.index);
        return Exit::failure;
    };
    switch (place.type) {
        case 'c':
            if (place.index >= context.nb_chapters) return out_of_range("chapter");
            found.push_back(&context.chapters[place.index]->metadata);
            break;
        case 'p':
            if (place.index >= context.nb_programs) return out_of_range("program");
            found.push_back(&context.programs[place.index]->metadata);
            break;
        case 's':
            for (unsigned i = 0; i < context.nb_streams; ++i) {
                int const match =
                    avformat_match_stream_specifier(&context, context.streams[i], place.specifier.c_str());
                if (match < 0) return Exit::failure;
                if (match > 0) found.push_back(&context.streams[i]->metadata);
            }
            break;
        default:
            found.push_back(&context.metadata);
    }
    return found;
}

// What -map_metadata took out of the hands of the defaults.
struct Mapped {
    bool global = false;
    bool streams = false;
    bool chapters = false;
};

Outcome<> map_tags(options::Setting const& setting, Inputs inputs, OutputFile& file, Mapped& mapped) {
    char* end = nullptr;
    long const index = std::strtol(setting.value.c_str(), &end, 0);
    if (index >= static_cast<long>(inputs.size())) {
        log(AV_LOG_FATAL, "Invalid input file index {} while processing metadata maps\n", index);
        return Exit::failure;
    }
    auto const from = parse_place(*end != '\0' ? end + 1 : "");
    if (!from) return from.error();
    auto const to = parse_place(setting.specifier);
    if (!to) return to.error();
    bool const all = setting.specifier.empty() && index < 0;
    auto const concerns = [&](char type) { return to->type == type || (index >= 0 && from->type == type); };
    mapped.global = mapped.global || all || concerns('g');
    mapped.streams = mapped.streams || all || concerns('s');
    mapped.chapters = mapped.chapters || all || concerns('c');
    if (index < 0) return {};

    auto const sources = find_tags(*inputs[static_cast<std::size_t>(index)]->context, *from);
    if (!sources) return sources.error();
    if (sources->empty()) {
        log(AV_LOG_FATAL, "Stream specifier {} does not match  any streams.\n", from->specifier);
        return Exit::failure;
    }
    auto const targets = find_tags(*file.context, *to);
    if (!targets) return targets.error();
    for (AVDictionary** const target : *targets)
        av_dict_copy(target, *sources->front(), AV_DICT_DONT_OVERWRITE);
    return {};
}

Outcome<> copy_chapters(InputFile const& input, OutputFile& file, bool with_tags) {
    AVFormatContext const& from = *input.context;
    AVFormatContext& to = *file.context;
    if (from.nb_chapters == 0) return {};
    void* const grown = av_realloc_array(
        static_cast<void*>(to.chapters), std::size_t{from.nb_chapters} + to.nb_chapters, sizeof(AVChapter*)
    );
    if (grown == nullptr) return Exit::failure;
    to.chapters = static_cast<AVChapter**>(grown);
    for (unsigned i = 0; i < from.nb_chapters; ++i) {
        AVChapter const& chapter = *from.chapters[i];
        std::int64_t const offset =
            av_rescale_q(file.start_or_zero() - input.ts_offset, kMicroseconds, chapter.time_base);
        std::int64_t const limit = file.recording_time == kUnlimited
                                       ? kUnlimited
                                       : av_rescale_q(file.recording_time, kMicroseconds, chapter.time_base);
        if (chapter.end < offset) continue;
        if (limit != kUnlimited && chapter.start > limit + offset) break;
        auto* const copy = static_cast<AVChapter*>(av_mallocz(sizeof(AVChapter)));
        if (copy == nullptr) return Exit::failure;
        copy->id = chapter.id;
        copy->time_base = chapter.time_base;
        copy->start = std::max<std::int64_t>(0, chapter.start - offset);
        copy->end = std::min(limit, chapter.end - offset);
        if (with_tags) av_dict_copy(&copy->metadata, chapter.metadata, 0);
        to.chapters[to.nb_chapters++] = copy;
    }
    return {};
}

Outcome<InputFile const*> chapters_source(options::FileGroup const& group, Inputs inputs) {
    std::string const* const told = options::find_setting(group.settings, "map_chapters");
    if (told == nullptr) {
        auto const first =
            std::ranges::find_if(inputs, [](auto const& input) { return input->context->nb_chapters > 0; });
        return first == inputs.end() ? nullptr : first->get();
    }
    long const index = std::strtol(told->c_str(), nullptr, 0);
    if (index < 0) return nullptr;
    if (index >= static_cast<long>(inputs.size())) {
        log(AV_LOG_FATAL, "Invalid input file index {} in chapter mapping.\n", index);
        return Exit::failure;
    }
    return inputs[static_cast<std::size_t>(index)].get();
}

void copy_defaults(Inputs inputs, OutputFile& file, Mapped const& mapped) {
    AVDictionary** const tags = &file.context->metadata;
    if (!mapped.global && !inputs.empty()) {
        av_dict_copy(tags, inputs.front()->context->metadata, AV_DICT_DONT_OVERWRITE);
        if (file.recording_time != kUnlimited) av_dict_set(tags, "duration", nullptr, 0);
        // These tell of the input's own making.
        for (char const* const key : {"creation_time", "company_name", "product_name", "product_version"})
            av_dict_set(tags, key, nullptr, 0);
    }
    if (mapped.streams) return;
    for (auto const& output : file.streams) {
        av_dict_copy(&output->stream->metadata, output->source->stream->metadata, AV_DICT_DONT_OVERWRITE);
        if (output->encodes()) av_dict_set(&output->stream->metadata, "encoder", nullptr, 0);
    }
}

Outcome<> set_tag(options::Setting const& setting, OutputFile& file) {
    std::size_t const equals = setting.value.find('=');
    if (equals == std::string::npos) {
        log(AV_LOG_FATAL, "No '=' character in metadata string {}.\n", setting.value);
        return Exit::failure;
    }
    std::string const key = setting.value.substr(0, equals);
    std::string const value = setting.value.substr(equals + 1);
    auto const place = parse_place(setting.specifier);
    if (!place) return place.error();
    auto const targets = find_tags(*file.context, *place);
    if (!targets) return targets.error();
    for (AVDictionary** const target : *targets)
        av_dict_set(target, key.c_str(), value.empty() ? nullptr : value.c_str(), 0);
    return {};
}

}  // namespace

Outcome<> write_metadata(options::FileGroup& group, Inputs inputs, OutputFile& file) {
    Mapped mapped;
    for (options::Setting const& setting : group.settings) {
        if (setting.name != "map_metadata") continue;
        if (auto const done = map_tags(setting, inputs, file, mapped); !done) return done;
    }
    auto const chapters = chapters_source(group, inputs);
    if (!chapters) return chapters.error();
    if (*chapters != nullptr)
        if (auto const done = copy_chapters(**chapters, file, !mapped.chapters); !done) return done;
    copy_defaults(inputs, file, mapped);
    for (options::Setting const& setting : group.settings) {
        if (setting.name != "metadata") continue;
        if (auto const done = set_tag(setting, file); !done) return done;
    }
    return {};
}

}  // namespace bluebatch::emulator::media
