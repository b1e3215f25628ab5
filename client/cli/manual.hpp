#pragma once

#include "client/cli/command_help.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::cli {

// The pages of the manual: "bluebatch", which lists the others, and "bluebatch-pool" and so on.
std::vector<std::string> manual_pages(std::vector<CommandHelp> const& commands);
// One page for man(1); nothing when there is none of that name.
std::optional<std::string> manual_page(std::string_view name, std::vector<CommandHelp> const& commands);

}  // namespace bluebatch::cli
