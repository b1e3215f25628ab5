#include "emulator/media/ffmpeg.hpp"

#include "emulator/media/options/av_options.hpp"
#include "emulator/media/transcode.hpp"

extern "C" {
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
}

#include <unistd.h>

#include <array>
#include <utility>

namespace bluebatch::emulator::media {
namespace {

using options::CommandLine;
using options::find_setting;
using options::is_set;

std::string banner() {
    struct Library {
        char const* name;
        unsigned built;
        unsigned running;
    };
    auto const libraries = std::to_array<Library>({
        {"libavutil", LIBAVUTIL_VERSION_INT, avutil_version()},
        {"libavcodec", LIBAVCODEC_VERSION_INT, avcodec_version()},
        {"libavformat", LIBAVFORMAT_VERSION_INT, avformat_version()},
        {"libavfilter", LIBAVFILTER_VERSION_INT, avfilter_version()},
        {"libswscale", LIBSWSCALE_VERSION_INT, swscale_version()},
        {"libswresample", LIBSWRESAMPLE_VERSION_INT, swresample_version()},
    });
    std::string text = fmt::format(
        "ffmpeg version {} (bluebatch) Copyright (c) the FFmpeg developers\n  configuration: {}\n",
        av_version_info(),
        avformat_configuration()
    );
    for (Library const& library : libraries) {
        auto const part = [](unsigned version, int shift) { return (version >> shift) & 0xffU; };
        text += fmt::format(
            "  {:<14} {:>2}.{:>3}.{:>3} / {:>2}.{:>3}.{:>3}\n",
            library.name,
            part(library.built, 16),
            part(library.built, 8),
            part(library.built, 0),
            part(library.running, 16),
            part(library.running, 8),
            part(library.running, 0)
        );
    }
    return text;
}

Outcome<> apply_global(Session& session, CommandLine const& line) {
    if (std::string const* const told = find_setting(line.global, "loglevel")) {
        if (!set_log_level(session.log, *told)) return Exit::failure;
    }
    session.overwrite = is_set(line.global, "y");
    session.never_overwrite = is_set(line.global, "n");
    session.ask_on_stdin = is_set(line.global, "stdin", true);
    session.exit_on_error = is_set(line.global, "xerror");
    session.ignore_unknown = is_set(line.global, "ignore_unknown");
    if (find_setting(line.global, "stats") != nullptr)
        session.stats = is_set(line.global, "stats") ? Session::Stats::on : Session::Stats::off;
    if (std::string const* const told = find_setting(line.global, "stats_period")) {
        auto const period = options::parse_duration("stats_period", *told);
        if (!period) return period.error();
        session.stats_period = *period;
    }
    if (std::string const* const told = find_setting(line.global, "max_error_rate")) {
        auto const rate = options::parse_number("max_error_rate", *told);
        if (!rate) return rate.error();
        session.max_error_rate = *rate;
    }
    if (std::string const* const told = find_setting(line.global, "filter_threads"))
        session.filter_threads = *told;
    if (std::string const* const told = find_setting(line.global, "vsync")) {
        log(AV_LOG_WARNING, "-vsync is deprecated. Use -fps_mode\n");
        session.vsync = *told;
    }
    for (auto const& input : line.inputs)
        if (input.url == "-" || input.url.starts_with("pipe:") || input.url == "/dev/stdin")
            session.ask_on_stdin = false;
    return {};
}

Outcome<> open_all(Transcode& transcode, CommandLine& line) {
    for (auto& group : line.inputs) {
        auto file = InputFile::open(transcode.session, group, static_cast<int>(transcode.inputs.size()));
        if (!file) return file.error();
        transcode.inputs.push_back(std::move(*file));
    }
    for (auto& group : line.outputs) {
        auto file = OutputFile::open(
            transcode.session, group, transcode.inputs, static_cast<int>(transcode.outputs.size())
        );
        if (!file) return file.error();
        transcode.outputs.push_back(std::move(*file));
    }
    for (auto const& file : transcode.outputs)
        for (auto const& output : file->streams)
            transcode.streams.push_back(output.get());
    return {};
}

Outcome<> convert(Session& session, CommandLine& line) {
    if (auto const applied = apply_global(session, line); !applied) return applied;
    if (is_set(line.global, "version")) return {};
    if (!is_set(line.global, "hide_banner")) log(AV_LOG_INFO, "{}", banner());
    for (std::string const& warning : line.warnings)
        log(AV_LOG_WARNING, "{}\n", warning);
    Transcode transcode(session);
    if (auto const opened = open_all(transcode, line); !opened) return opened;
    if (line.inputs.empty() && line.outputs.empty()) {
        log(AV_LOG_INFO,
            "usage: ffmpeg [options] [[infile options] -i infile]... {{[outfile options] outfile}}...\n");
        return Exit::nothing_to_do;
    }
    if (line.outputs.empty()) {
        log(AV_LOG_FATAL, "At least one output file must be specified\n");
        return Exit::nothing_to_do;
    }
    if (auto const prepared = prepare(transcode); !prepared) return prepared;
    auto const ran = run_to_end(transcode);
    if (!ran) {
        if (ran.error().is_error()) log(AV_LOG_INFO, "Conversion failed!\n");
        return ran;
    }
    auto const errors = static_cast<double>(transcode.decode_errors);
    if (static_cast<double>(transcode.decoded + transcode.decode_errors) * session.max_error_rate < errors)
        return Exit::decode_errors;
    if (transcode.write_error < 0) {
        log(AV_LOG_INFO, "Conversion failed!\n");
        return Exit::because(transcode.write_error);
    }
    return {};
}

}  // namespace

int run_ffmpeg(Session& session, std::span<std::string const> arguments) {
    LogScope const scope(session.log);
    auto line = options::parse_command_line(arguments, options::find_av_option);
    if (!line) {
        log(AV_LOG_FATAL, "{}\n", line.error().message);
        int const error = line.error().unsupported ? AVERROR_OPTION_NOT_FOUND : AVERROR(EINVAL);
        log(AV_LOG_FATAL, "Error splitting the argument list: {}\n", error_text(error));
        return Exit::because(error).exit_code();
    }
    if (is_set(line->global, "version")) {
        std::string const text = banner();
        for (std::size_t done = 0; done < text.size();) {
            ssize_t const written =
                ::write(session.stdout_descriptor, text.data() + done, text.size() - done);
            if (written <= 0) break;
            done += static_cast<std::size_t>(written);
        }
        return 0;
    }
    auto const converted = convert(session, *line);
    StopRequest const request = session.stop_request();
    if (request != StopRequest::none) {
        log(AV_LOG_INFO, "Exiting normally, received a request to stop.\n");
        return Exit::interrupted.exit_code();
    }
    return converted ? 0 : converted.error().exit_code();
}

}  // namespace bluebatch::emulator::media
