#pragma once

#include "emulator/app/options.hpp"

namespace CLI {
class App;
}

namespace bluebatch::emulator::app {

// Who may get tokens, and what for.
void declare_identity_options(CLI::App& app, Options& options);

}  // namespace bluebatch::emulator::app
