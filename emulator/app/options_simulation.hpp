#pragma once

#include "emulator/app/options.hpp"

namespace CLI {
class App;
}

namespace bluebatch::emulator::app {

// Whether tasks really run.
void declare_simulation_options(CLI::App& app, Options& options);

}  // namespace bluebatch::emulator::app
