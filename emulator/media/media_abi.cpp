#include "emulator/ffmpeg/media_abi.hpp"

#include "emulator/media/ffmpeg.hpp"
#include "emulator/media/libav.hpp"
#include "emulator/media/outcome.hpp"
#include "emulator/media/probe/ffprobe.hpp"

#include <algorithm>
#include <exception>
#include <string>
#include <vector>

namespace {

using bluebatch::emulator::media::Exit;
using bluebatch::emulator::media::Session;
using bluebatch::emulator::media::StopRequest;
using bluebatch::emulator::media::Surroundings;

std::vector<std::string> arguments_of(BluebatchMediaJob const& job) {
    return {job.arguments, job.arguments + job.argument_count};
}

Surroundings surroundings_of(BluebatchMediaJob const& job) {
    return job.surroundings == kBluebatchShared ? Surroundings::shared : Surroundings::own;
}

StopRequest ask(BluebatchMediaJob const& job) {
    if (job.stop_request == nullptr) return StopRequest::none;
    switch (job.stop_request(job.stop_context)) {
        case kBluebatchGoOn:
            return StopRequest::none;
        case kBluebatchFinish:
            return StopRequest::finish;
        case kBluebatchAbandon:
            break;
    }
    return StopRequest::abandon;
}

// No exception may cross into C: what our own code throws fails this job alone.
template <class Run>
int run(BluebatchMediaJob const& job, Run const& program) {
    Session session(job.stdout_descriptor, job.stderr_descriptor);
    try {
        session.working_directory = job.working_directory;
        session.surroundings = surroundings_of(job);
        session.stop_request = [&job] { return ask(job); };
        std::vector<std::string> const arguments = arguments_of(job);
        return program(session, arguments);
    } catch (std::exception const& error) {
        session.log.print(std::string("transcoding failed: ") + error.what() + "\n");
        return 1;
    }
}

template <class Find>
int find_unsupported(BluebatchMediaJob const& job, char* option, std::size_t size, Find const& find) {
    auto const found = find(arguments_of(job), surroundings_of(job));
    if (!found) return 0;
    std::size_t const length = std::min(found->size(), size - 1);
    std::copy_n(found->begin(), length, option);
    option[length] = '\0';
    return Exit::because(AVERROR_OPTION_NOT_FOUND).exit_code();
}

int run_ffmpeg(BluebatchMediaJob const* job) {
    return run(*job, bluebatch::emulator::media::run_ffmpeg);
}
int run_ffprobe(BluebatchMediaJob const* job) {
    return run(*job, bluebatch::emulator::media::run_ffprobe);
}
int ffmpeg_unsupported(BluebatchMediaJob const* job, char* option, std::size_t size) {
    return find_unsupported(*job, option, size, bluebatch::emulator::media::find_unsupported);
}
int ffprobe_unsupported(BluebatchMediaJob const* job, char* option, std::size_t size) {
    int const found = find_unsupported(*job, option, size, [](auto const& arguments, Surroundings) {
        return bluebatch::emulator::media::find_unsupported_by_ffprobe(arguments);
    });
    return found == 0 ? 0 : 1;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) BluebatchMediaFunctions const* bluebatch_media_functions() {
    static constexpr BluebatchMediaFunctions kFunctions{
        kBluebatchMediaVersion, run_ffmpeg, run_ffprobe, ffmpeg_unsupported, ffprobe_unsupported};
    static bool const installed = [] {
        bluebatch::emulator::media::install_log_callback();
        return true;
    }();
    static_cast<void>(installed);
    return &kFunctions;
}
