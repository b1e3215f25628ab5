#pragma once

#include "client/cli/connection.hpp"
#include "client/cli/options.hpp"
#include "client/cli/run/program.hpp"

#include <functional>

namespace bluebatch::cli {

// Runs a program written for Azure on the emulator: `bluebatch run`. Returns what this process is to end
// with, which is what the program ended with once it was started. `on_start` is called before that: until
// then world.stop ends this, and afterwards signals are the program's.
int run_on_emulator(
    RunOptions const& options,
    World const& world,
    ProgramSurroundings const& surroundings,
    std::function<void()> const& on_start
);

}  // namespace bluebatch::cli
