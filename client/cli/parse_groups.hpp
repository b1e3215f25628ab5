#pragma once

#include "client/cli/command_help.hpp"
#include "client/cli/commands/command.hpp"
#include "client/cli/parse.hpp"

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace bluebatch::cli {

// The arguments after the group's name.
Command parse_group(CommandGroup const& group, std::vector<std::string> arguments);

CommandHelp describe_row(CommandGroup const& group, CommandRow const& row);
// What the parser itself knows of its parameters.
CommandHelp read_help(CLI::App const& app, std::string examples);

}  // namespace bluebatch::cli
