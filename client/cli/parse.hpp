#pragma once

#include "client/cli/options.hpp"

#include <span>
#include <string>
#include <variant>

namespace bluebatch::cli {

// --help and --version.
struct ShowText {
    std::string text;
};

struct UsageError {
    std::string message;
};

using Command = std::variant<ShowText, UsageError, TranscodeOptions, RunOptions>;

// The arguments after the program's name.
Command parse_command_line(std::span<std::string const> arguments);

}  // namespace bluebatch::cli
