#pragma once

#include "emulator/app/options.hpp"

namespace CLI {
class App;
}

namespace bluebatch::emulator::app {

// How much each Batch account may have, and what its pools have.
void declare_batch_options(CLI::App& app, Options& options);

}  // namespace bluebatch::emulator::app
