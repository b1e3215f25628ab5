#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace bluebatch::emulator::ffmpeg {

struct TranscodeJob {
    // ffmpeg's, without the program's name.
    std::vector<std::string> arguments;
    // Relative names in the arguments are meant from here.
    std::filesystem::path working_directory;
    // Borrowed for the time of the run.
    int stdout_fd = -1;
    int stderr_fd = -1;
};

// Runs ffmpeg conversions without the ffmpeg program. Thread-safe: any number of threads may be in run() at
// once.
class Transcoder {
public:
    virtual ~Transcoder() = default;

    // The first option (or file, format, filter) that cannot be had here as ffmpeg has it: the caller then
    // runs the command line as a process. nullopt when run() will do all of it.
    virtual std::optional<std::string> unsupported_option(std::vector<std::string> const& arguments) = 0;

    // Runs to the end; the exit code is ffmpeg's own (0, 1, 255 when stopped; -n when a child process died by
    // signal n). A stop request ends it within a second and leaves the partial output. Reasons go to
    // stderr_fd.
    virtual int run(TranscodeJob const& job, std::stop_token stop) = 0;

    // Does now what the first run would have to wait for: loading libav*, starting the worker.
    virtual void warm_up() = 0;
};

// In this process, on the thread that calls. Loads the library at the first call.
std::unique_ptr<Transcoder> make_in_process_transcoder(std::filesystem::path media_library);

// Each run in a process of its own, forked from a worker that has libav* loaded. The worker starts at the
// first call, again when it died, and ends with this object or this process.
std::unique_ptr<Transcoder> make_isolated_transcoder(std::filesystem::path ffmpeg_program);

}  // namespace bluebatch::emulator::ffmpeg
