#pragma once

#include "emulator/media/log.hpp"

#include <filesystem>
#include <functional>
#include <string>

namespace bluebatch::emulator::media {

enum class StopRequest { none, finish, abandon };
// Whether the process has the task's own standard streams and working directory (the front end and the
// isolated child), or shares them with the emulator and other tasks.
enum class Surroundings { own, shared };

// One run of ffmpeg or ffprobe: everything that a run knows of the world. Several exist at once.
struct Session {
    Session(int standard_output, int standard_error)
        : stdout_descriptor(standard_output), log(standard_error) {}

    std::filesystem::path working_directory;
    Surroundings surroundings = Surroundings::own;
    int const stdout_descriptor;
    LogSink log;
    std::function<StopRequest()> stop_request = [] { return StopRequest::none; };

    bool overwrite = false;
    bool never_overwrite = false;
    bool ask_on_stdin = true;
    bool exit_on_error = false;
    bool ignore_unknown = false;
    double max_error_rate = 2.0 / 3;
    std::string filter_threads;
    // Whether -stats was told (or -nostats): shown even below the level of information.
    enum class Stats { default_on, on, off } stats = Stats::default_on;
    std::int64_t stats_period = 500'000;
    std::string vsync;

    // Set once decoding and encoding begin: from then on "finish" lets blocking reads go on.
    bool running = false;

    // The name under which libav* opens what the command line calls `url`.
    std::string input_location(std::string const& url) const;
    std::string output_location(std::string const& url) const;

    // Gives a context this run's interruption and its reading of names, also for what a playlist or muxer
    // opens.
    void adopt(AVFormatContext& context);
};

}  // namespace bluebatch::emulator::media
