#pragma once

#include "client/cli/command_help.hpp"
#include "client/cli/parse.hpp"

#include <string>
#include <vector>

namespace bluebatch::cli {

Command parse_doctor(std::vector<std::string> arguments);
CommandHelp describe_doctor();

}  // namespace bluebatch::cli
