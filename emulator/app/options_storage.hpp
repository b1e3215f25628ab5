#pragma once

#include "emulator/app/options.hpp"

#include <string>

namespace CLI {
class App;
}

namespace bluebatch::emulator::app {

// "BLUEBATCH_BLOB_PORT" for "blob-port".
std::string variable_of(std::string const& flag);

// What storage accounts keep until they are told otherwise.
void declare_storage_options(CLI::App& app, Options& options);

}  // namespace bluebatch::emulator::app
