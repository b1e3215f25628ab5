#pragma once

#include "emulator/ffmpeg/transcoder.hpp"
#include "shared/base/file_io.hpp"

#include <condition_variable>
#include <mutex>

namespace bluebatch::emulator::node {

// Writes its arguments instead of converting; "-forever" runs until it is stopped.
class FakeTranscoder final : public ffmpeg::Transcoder {
public:
    std::optional<std::string> unsupported_option(std::vector<std::string> const& arguments) override {
        for (auto const& argument : arguments)
            if (argument == "-exotic") return argument;
        return std::nullopt;
    }
    int run(ffmpeg::TranscodeJob const& job, std::stop_token stop) override {
        std::string said = job.working_directory.filename().string() + ":";
        bool forever = false;
        for (auto const& argument : job.arguments) {
            said += ' ' + argument;
            forever = forever || argument == "-forever";
        }
        base::write_all(job.stderr_fd, said + '\n');
        if (!forever) return 0;
        std::mutex mutex;
        std::condition_variable_any stopped;
        std::unique_lock lock(mutex);
        stopped.wait(lock, stop, [] { return false; });
        return 255;
    }
    void warm_up() override {}
};

}  // namespace bluebatch::emulator::node
