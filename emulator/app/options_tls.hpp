#pragma once

#include "emulator/app/options.hpp"

namespace CLI {
class App;
}

namespace bluebatch::emulator::app {

// A certificate of one's own, and the command "ca".
void declare_tls_options(CLI::App& app, Options& options);

// Throws CLI::ValidationError when a key or a password has no certificate.
void check_tls_options(Options const& options);

}  // namespace bluebatch::emulator::app
