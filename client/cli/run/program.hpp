#pragma once

#include "client/cli/run/program_environment.hpp"

#include <set>
#include <string>
#include <vector>

namespace bluebatch::cli {

// What a program ended with: its exit status, 128 and the signal that ended it, and as shells say it 127 when
// there is no such program and 126 when it can't be started.
struct ProgramEnd {
    int status = 0;
    std::string launch_failure;  // empty when it was started
};

// What a program is started in. To be made before anything is opened and before any thread, all of which
// inherit that the signals that are to be handed on wait.
class ProgramSurroundings {
public:
    ProgramSurroundings();

    // Runs a program (found on PATH unless it is a path) with this one's streams and what else this process
    // was given, and waits for it. Signals that ask this process to end are the program's: they are handed
    // on.
    ProgramEnd run(std::vector<std::string> const& words, Variables const& variables) const;

private:
    std::set<int> const given_;  // descriptors
};

}  // namespace bluebatch::cli
