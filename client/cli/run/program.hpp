#pragma once

#include "client/cli/run/program_environment.hpp"

#include <string>
#include <vector>

namespace bluebatch::cli {

// What a program ended with: its exit status, 128 and the signal that ended it, and as shells say it 127 when
// there is no such program and 126 when it can't be started.
struct ProgramEnd {
    int status = 0;
    std::string launch_failure;  // empty when it was started
};

// Runs a program (found on PATH unless it is a path) with this one's streams, and waits for it. Signals that
// ask this process to end are its own business: they are handed on. Changes the signal mask of the calling
// thread, and expects no other threads that would take those signals.
ProgramEnd run_program(std::vector<std::string> const& words, Variables const& variables);

// Keeps the signals that run_program() hands on from ending this process; to be called before threads are
// made, which inherit it.
void block_handed_on_signals();

}  // namespace bluebatch::cli
