#pragma once

#include "emulator/domain/failure.hpp"
#include "emulator/ffmpeg/transcoder.hpp"
#include "emulator/node/environment.hpp"
#include "emulator/node/process.hpp"

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>

namespace bluebatch::emulator::node {

struct CommandOutcome {
    std::optional<int> exit_code;                // empty when the command never started
    std::optional<domain::FailureInfo> failure;  // why it never started
    ProcessGroup left_behind = {};
};

struct CommandFiles {
    int stdout_descriptor = -1;
    int stderr_descriptor = -1;
};

// Runs a task's command line: a conversion in this process, an installation of packages not at all,
// everything else as a process.
class CommandRunner {
public:
    explicit CommandRunner(ffmpeg::Transcoder& transcoder) : transcoder_(transcoder) {}

    CommandOutcome run(
        std::string const& command_line,
        Environment const& environment,
        std::filesystem::path const& working_directory,
        CommandFiles files,
        UseMeter::Run& meter,
        std::stop_token stop,
        Children children = Children::ended
    );

private:
    CommandOutcome transcode(
        std::vector<std::string> const& arguments,
        Environment const& environment,
        std::filesystem::path const& working_directory,
        CommandFiles files,
        UseMeter::Run& meter,
        std::stop_token stop
    );

    ffmpeg::Transcoder& transcoder_;
};

}  // namespace bluebatch::emulator::node
