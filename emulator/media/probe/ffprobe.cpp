#include "emulator/media/probe/ffprobe.hpp"

#include "emulator/media/compat.hpp"
#include "emulator/media/input_file.hpp"
#include "emulator/media/options/av_options.hpp"
#include "emulator/media/probe/report.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

namespace bluebatch::emulator::media {
namespace {

struct Request {
    options::FileGroup input;
    bool has_input = false;
    probe::Selection selection;
    bool shows_anything = false;
    probe::Format format;
    std::string streams;
    std::string log_level;
    bool hide_banner = false;
    bool version = false;
};

// The option that cannot be had, or one that is wrong.
struct Complaint {
    std::string option;
    std::string message;
    bool unsupported = false;
};

std::optional<Complaint> read_option(
    Request& request, std::string const& name, std::string const* value, bool& took_value
) {
    auto const show_all = [&request](std::initializer_list<std::string_view> sections) {
        for (std::string_view const section : sections)
            request.selection.show_all(section);
        request.shows_anything = true;
    };
    took_value = false;
    if (name == "show_streams") {
        show_all({"stream", "stream_disposition", "stream_tags", "stream_side_data_list", "stream_side_data"}
        );
        return std::nullopt;
    }
    if (name == "show_format") {
        show_all({"format", "format_tags"});
        return std::nullopt;
    }
    if (name == "hide_banner" || name == "version") {
        (name == "version" ? request.version : request.hide_banner) = true;
        return std::nullopt;
    }
    constexpr auto kWithValue = std::to_array<std::string_view>(
        {"v", "loglevel", "i", "f", "of", "print_format", "output_format", "show_entries", "select_streams"}
    );
    bool const known = std::find(kWithValue.begin(), kWithValue.end(), name) != kWithValue.end();
    auto const av_option = known ? options::AvOption{} : options::find_av_option(name);
    if (!known && !av_option.known())
        return Complaint{name, fmt::format("Unrecognized option '{}'.", name), true};
    if (value == nullptr) return Complaint{name, fmt::format("Missing argument for option '{}'.", name)};
    took_value = true;
    if (!known) {
        if (av_option.codec) request.input.codec.set(name, *value);
        if (av_option.format) request.input.format.set(name, *value);
    } else if (name == "v" || name == "loglevel") {
        request.log_level = *value;
    } else if (name == "i") {
        request.input.url = *value;
        request.has_input = true;
    } else if (name == "f") {
        request.input.settings.push_back({"f", "", *value});
    } else if (name == "select_streams") {
        request.streams = *value;
    } else if (name == "show_entries") {
        request.shows_anything = true;
        if (!request.selection.parse(*value)) return Complaint{"show_entries " + *value, "", true};
    } else {
        auto const format = probe::parse_format(*value);
        if (!format) return Complaint{name + " " + *value, "", true};
        request.format = *format;
    }
    return std::nullopt;
}

std::optional<Complaint> read_request(std::span<std::string const> arguments, Request& request) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        std::string const& word = arguments[i];
        if (word.size() < 2 || word.front() != '-') {
            if (request.has_input) {
                return Complaint{
                    word,
                    fmt::format(
                        "Argument '{}' provided as input filename, but '{}' was already specified.",
                        word,
                        request.input.url
                    )};
            }
            request.input.url = word;
            request.has_input = true;
            continue;
        }
        bool took_value = false;
        std::string const* const value = i + 1 < arguments.size() ? &arguments[i + 1] : nullptr;
        if (auto complaint = read_option(request, word.substr(1), value, took_value)) return complaint;
        if (took_value) ++i;
    }
    return std::nullopt;
}

void print(Session const& session, std::string_view text) {
    while (!text.empty()) {
        ssize_t const written = ::write(session.stdout_descriptor, text.data(), text.size());
        if (written <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

// What ffprobe itself does to know a stream better: its decoder is opened, though nothing is decoded.
probe::ProbedStream open_probed(InputStream& input) {
    probe::ProbedStream probed{.stream = input.stream, .decoder = nullptr};
    if (input.decoder == nullptr) {
        log(AV_LOG_WARNING,
            "Unsupported codec with id {} for input stream {}\n",
            static_cast<int>(input.stream->codecpar->codec_id),
            input.stream->index);
        return probed;
    }
    input.context->pkt_timebase = input.stream->time_base;
    input.context->framerate = input.stream->avg_frame_rate;
    input.decoder_options.set("threads", "1");
    if (avcodec_open2(input.context.get(), input.decoder, input.decoder_options.address()) < 0) {
        log(AV_LOG_WARNING, "Could not open codec for input stream {}\n", input.stream->index);
        return probed;
    }
    probed.decoder = std::move(input.context);
    return probed;
}

probe::Section array(std::string name) {
    return {.name = std::move(name), .kind = probe::Section::Kind::array, .fields = {}, .sections = {}};
}

// Of the streams with these numbers, those that were asked for.
Outcome<probe::Section> report_streams(
    InputFile& file,
    std::vector<probe::ProbedStream> const& probed,
    std::span<unsigned const> indexes,
    std::string_view unique_name,
    Request const& request
) {
    probe::Section streams = array("streams");
    for (unsigned const index : indexes) {
        AVStream* const stream = file.context->streams[index];
        int const match =
            avformat_match_stream_specifier(file.context.get(), stream, request.streams.c_str());
        if (match < 0) return Exit::failure;
        if (match == 0) continue;
        probe::Section section = probe::report_stream(*file.context, probed[index]);
        // What a stream of a program shows inside is chosen as for any stream.
        probe::select(section, unique_name, request.selection);
        streams.sections.push_back(std::move(section));
    }
    return streams;
}

Outcome<probe::Section> report_programs(
    InputFile& file, std::vector<probe::ProbedStream> const& probed, Request const& request
) {
    probe::Section programs = array("programs");
    for (unsigned i = 0; i < file.context->nb_programs; ++i) {
        AVProgram const& program = *file.context->programs[i];
        auto streams = report_streams(
            file, probed, {program.stream_index, program.nb_stream_indexes}, "program_stream", request
        );
        if (!streams) return streams.error();
        programs.sections.push_back({.name = "program", .fields = {}, .sections = {std::move(*streams)}});
    }
    return programs;
}

Outcome<probe::Section> report_stream_groups(
    [[maybe_unused]] InputFile& file,
    [[maybe_unused]] std::vector<probe::ProbedStream> const& probed,
    [[maybe_unused]] Request const& request
) {
    probe::Section groups = array("stream_groups");
#if LIBAVFORMAT_VERSION_MAJOR >= 61
    for (unsigned i = 0; i < file.context->nb_stream_groups; ++i) {
        AVStreamGroup const& group = *file.context->stream_groups[i];
        std::vector<unsigned> indexes;
        for (AVStream const* const stream : std::span(group.streams, group.nb_streams))
            indexes.push_back(static_cast<unsigned>(stream->index));
        auto streams = report_streams(file, probed, indexes, "program_stream", request);
        if (!streams) return streams.error();
        groups.sections.push_back({.name = "stream_group", .fields = {}, .sections = {std::move(*streams)}});
    }
#endif
    return groups;
}

Outcome<std::vector<probe::Section>> report(Session& session, Request& request) {
    // Streams are told of as they are, without a guess at what their channels mean.
    request.input.settings.push_back({"guess_layout_max", "", "0"});
    auto opened = InputFile::open(session, request.input, 0);
    if (!opened) return opened.error();
    InputFile& file = **opened;
    std::vector<probe::ProbedStream> probed;
    std::vector<unsigned> all;
    for (auto const& input : file.streams) {
        all.push_back(static_cast<unsigned>(all.size()));
        probed.push_back(open_probed(*input));
    }
    std::vector<probe::Section> root;
    probe::Selection const& selection = request.selection;
    if (selection.shows("program_stream")) {
        auto programs = report_programs(file, probed, request);
        if (!programs) return programs.error();
        root.push_back(std::move(*programs));
        auto groups = report_stream_groups(file, probed, request);
        if (!groups) return groups.error();
        if (compat::kProbesStreamGroups) root.push_back(std::move(*groups));
    }
    if (selection.shows("stream") || selection.shows("stream_tags") ||
        selection.shows("stream_disposition") || selection.shows("stream_side_data_list")) {
        auto streams = report_streams(file, probed, all, "stream", request);
        if (!streams) return streams.error();
        root.push_back(std::move(*streams));
    }
    if (selection.shows("format") || selection.shows("format_tags")) {
        probe::Section section = probe::report_format(*file.context, file.name);
        probe::select(section, "format", selection);
        root.push_back(std::move(section));
    }
    return root;
}

}  // namespace

int run_ffprobe(Session& session, std::span<std::string const> arguments) {
    LogScope const scope(session.log);
    Request request;
    if (auto const complaint = read_request(arguments, request)) {
        log(AV_LOG_FATAL,
            "{}\n",
            complaint->message.empty() ? complaint->option + " is not supported" : complaint->message);
        return 1;
    }
    if (!request.log_level.empty() && !set_log_level(session.log, request.log_level)) return 1;
    if (request.version) {
        print(
            session,
            fmt::format(
                "ffprobe version {} (bluebatch) Copyright (c) the FFmpeg developers\n", av_version_info()
            )
        );
        return 0;
    }
    if (!request.has_input) {
        log(AV_LOG_ERROR,
            "You have to specify one input file.\nUse -h to get full help or, even better, run 'man "
            "ffprobe'.\n");
        return 1;
    }
    auto const root = report(session, request);
    bool const json = request.format.writer == probe::Format::Writer::json;
    if (request.shows_anything || json)
        print(session, probe::write(root ? *root : std::vector<probe::Section>{}, request.format));
    return root ? 0 : 1;
}

std::optional<std::string> find_unsupported_by_ffprobe(std::span<std::string const> arguments) {
    Request request;
    auto const complaint = read_request(arguments, request);
    if (complaint && complaint->unsupported) return complaint->option;
    for (options::Setting const& setting : request.input.settings)
        if (setting.name == "f" && av_find_input_format(setting.value.c_str()) == nullptr)
            return "f " + setting.value;
    return std::nullopt;
}

}  // namespace bluebatch::emulator::media
