#pragma once

#include "emulator/node/environment.hpp"
#include "emulator/node/use_meter.hpp"

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bluebatch::emulator::node {

struct ProcessSpecification {
    std::filesystem::path program;
    std::vector<std::string> arguments;  // with argv[0]
    Environment environment;
    std::filesystem::path working_directory;
    int stdout_descriptor = -1;
    int stderr_descriptor = -1;
    UseMeter::Run* meter = nullptr;  // told of the process, when there is one
};

// A process group whose first process has ended, with what that left in the background. All of it is killed
// when this goes. Until then the first process is not reaped, so the group's number can mean no other.
class ProcessGroup {
public:
    ProcessGroup() = default;
    explicit ProcessGroup(pid_t leader) : leader_(leader) {}
    ~ProcessGroup() { end(); }
    ProcessGroup(ProcessGroup&& other) noexcept : leader_(std::exchange(other.leader_, kNone)) {}
    ProcessGroup& operator=(ProcessGroup&& other) noexcept;

    bool is_there() const { return leader_ != kNone; }
    void end();

private:
    static constexpr pid_t kNone = -1;
    pid_t leader_ = kNone;
};

struct ProcessOutcome {
    std::optional<int> exit_code;  // -n when signal n ended it (Batch: TASK-17); empty when it never started
    int launch_error = 0;          // errno of a launch that failed
    ProcessGroup left_behind = {};
};

// What becomes of children that a command leaves behind.
enum class Children : std::uint8_t { ended, left };

// Runs a command as a process group of its own, with nothing on standard input, and waits for it. A stop
// request kills the whole group; so does the end of the command, unless its children are to be left. Batch:
// ENV-13, ENV-14, MI-4
ProcessOutcome run_process(
    ProcessSpecification const& specification, std::stop_token stop, Children children = Children::ended
);

// The program that a name means: a path as it is (relative to `folder`), else the first on `path`, else one
// in `folder`. Batch: ENV-12
std::optional<std::filesystem::path> find_program(
    std::string_view name, std::string_view path, std::filesystem::path const& folder
);

}  // namespace bluebatch::emulator::node
