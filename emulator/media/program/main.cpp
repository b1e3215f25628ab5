// One program under several names. As `ffmpeg` and `ffprobe` it is the front end that a node's commands find
// on PATH; as `apt-get` and its like it answers for the package managers of the emulated image; with
// --serve-jobs it is the worker that isolated transcodes are forked from.
#include "emulator/ffmpeg/installation.hpp"
#include "emulator/ffmpeg/media_library.hpp"
#include "emulator/ffmpeg/package_installation.hpp"
#include "emulator/media/program/fallback.hpp"
#include "emulator/media/program/worker.hpp"

#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace ffmpeg = bluebatch::emulator::ffmpeg;
namespace program = bluebatch::emulator::media::program;

constexpr int kFailure = 1;

volatile std::sig_atomic_t signals_received = 0;

// The first asks for an orderly end, further ones for a quick one.
extern "C" void on_signal(int) {
    constexpr int kPatience = 3;
    signals_received = signals_received + 1;
    if (signals_received > kPatience) ::_exit(123);
}

BluebatchStopRequest stop_request(void*) {
    if (signals_received == 0) return kBluebatchGoOn;
    return signals_received == 1 ? kBluebatchFinish : kBluebatchAbandon;
}

int run_front_end(std::string const& name, char** arguments, int count) {
    auto const file = ffmpeg::find_media_library();
    auto const functions = file ? ffmpeg::load_media_library(*file) : file.error();
    if (!functions) {
        program::run_real_program(name.c_str(), arguments);
        std::fprintf(stderr, "%s: %s\n", name.c_str(), functions.error().message.c_str());
        return kFailure;
    }
    bool const probes = name == "ffprobe";
    BluebatchMediaJob const job{
        .arguments = arguments + 1,
        .argument_count = static_cast<std::size_t>(count - 1),
        .working_directory = ".",
        .stdout_descriptor = STDOUT_FILENO,
        .stderr_descriptor = STDERR_FILENO,
        .surroundings = kBluebatchOwn,
        .stop_request = stop_request,
        .stop_context = nullptr};
    std::array<char, 256> option{};
    auto const find_unsupported =
        probes ? (*functions)->ffprobe_unsupported : (*functions)->ffmpeg_unsupported;
    if (int const failure = find_unsupported(&job, option.data(), option.size()); failure != 0) {
        program::run_real_program(name.c_str(), arguments);
        std::fprintf(
            stderr,
            "%s: option '%s' is not supported here, and this machine has no other %s that could do it\n",
            name.c_str(),
            option.data(),
            name.c_str()
        );
        return failure;
    }
    for (int const signal : {SIGINT, SIGTERM, SIGHUP, SIGXCPU})
        std::signal(signal, on_signal);
    std::signal(SIGPIPE, SIG_IGN);
    return probes ? (*functions)->ffprobe(&job) : (*functions)->ffmpeg(&job);
}

int run_package_manager(std::string const& name, char** arguments, int count) {
    if (!ffmpeg::changes_machine(name, {arguments + 1, arguments + count})) {
        program::run_real_program(name.c_str(), arguments);
        std::fprintf(stderr, "%s: this machine has none\n", name.c_str());
        return kFailure;
    }
    std::printf(
        "%s: the emulated image has its packages already; nothing is installed on this machine\n",
        name.c_str()
    );
    return 0;
}

int run_worker(char const* descriptor) {
    auto const file = ffmpeg::find_media_library();
    auto const functions = file ? ffmpeg::load_media_library(*file) : file.error();
    if (!functions) {
        std::fprintf(stderr, "%s\n", functions.error().message.c_str());
        return kFailure;
    }
    return program::serve_jobs(std::atoi(descriptor), **functions);
}

}  // namespace

int main(int count, char** arguments) {
    std::string_view const called = count > 0 ? arguments[0] : "ffmpeg";
    std::string name(called.substr(called.find_last_of('/') + 1));
    if (count == 3 && std::string_view(arguments[1]) == "--serve-jobs") return run_worker(arguments[2]);
    if (ffmpeg::is_package_manager(name)) return run_package_manager(name, arguments, count);
    if (name != "ffprobe") name = "ffmpeg";
    return run_front_end(name, arguments, count);
}
