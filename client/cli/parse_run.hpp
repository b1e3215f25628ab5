#pragma once

#include "client/cli/parse.hpp"

#include <string>
#include <vector>

namespace bluebatch::cli {

CommandHelp describe_run();

// The arguments of `bluebatch run`.
Command parse_run(std::vector<std::string> arguments);

}  // namespace bluebatch::cli
