#pragma once

#include "client/cli/connection.hpp"
#include "client/cli/options.hpp"

namespace bluebatch::cli {

// Runs a program written for Azure on the emulator: `bluebatch run`. Returns what this process is to end
// with, which is what the program ended with once it was started.
int run_on_emulator(RunOptions const& options, World const& world);

}  // namespace bluebatch::cli
