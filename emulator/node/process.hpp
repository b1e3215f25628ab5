#pragma once

#include "emulator/node/environment.hpp"

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::node {

struct ProcessSpecification {
    std::filesystem::path program;
    std::vector<std::string> arguments;  // with argv[0]
    Environment environment;
    std::filesystem::path working_directory;
    int stdout_descriptor = -1;
    int stderr_descriptor = -1;
};

struct ProcessOutcome {
    std::optional<int> exit_code;  // -n when signal n ended it (Batch: TASK-17); empty when it never started
    int launch_error = 0;          // errno of a launch that failed
};

// Runs a command as a process group of its own, with nothing on standard input, and waits for it. A stop
// request kills the whole group; so does the end of the command, for children it left behind. Batch: ENV-13,
// ENV-14
ProcessOutcome run_process(ProcessSpecification const& specification, std::stop_token stop);

// The program that a name means: a path as it is (relative to `folder`), else the first on `path`, else one
// in `folder`. Batch: ENV-12
std::optional<std::filesystem::path> find_program(
    std::string_view name, std::string_view path, std::filesystem::path const& folder
);

}  // namespace bluebatch::emulator::node
