#pragma once

#include "client/cli/command_help.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::cli {

// A script that has that shell complete bluebatch's commands, options and their choices. Nothing for another
// shell than bash, zsh and fish.
std::optional<std::string> completion_script(
    std::string_view shell, std::vector<CommandHelp> const& commands
);

}  // namespace bluebatch::cli
