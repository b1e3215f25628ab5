#pragma once

#include "client/cli/options.hpp"
#include "client/cli/parse.hpp"

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Error;
}  // namespace CLI

namespace bluebatch::cli {

// The options that say where the services are; every command has them. `target_help` tells what becomes of
// the command when no emulator answers.
void add_connection_options(
    CLI::App& app,
    ConnectionOptions& options,
    std::string const& target_help = "emulator (the default) or azure"
);

// What is wrong, with what was probably meant, and where to read more.
UsageError explain_usage(CLI::App const& app, CLI::Error const& error);

// Has `app` read the arguments; what is to be shown instead of running the command, if anything is.
std::optional<Command> read_arguments(CLI::App& app, std::vector<std::string> arguments);

}  // namespace bluebatch::cli
