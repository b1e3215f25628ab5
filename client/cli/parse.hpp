#pragma once

#include "client/cli/command_help.hpp"
#include "client/cli/commands/values.hpp"
#include "client/cli/options.hpp"

#include <span>
#include <string>
#include <variant>
#include <vector>

namespace bluebatch::cli {

// --help and --version.
struct ShowText {
    std::string text;
};

struct UsageError {
    std::string message;
};

struct CommandRow;

// A daily command with what was given for its parameters.
struct RowCommand {
    CommandRow const* row = nullptr;
    Values values;
    ConnectionOptions connection;
    OutputForm form = OutputForm::text;
};

using Command = std::variant<ShowText, UsageError, TranscodeOptions, RunOptions, DoctorOptions, RowCommand>;

// The arguments after the program's name.
Command parse_command_line(std::span<std::string const> arguments);

// What completion and the manual say of every command.
std::vector<CommandHelp> describe_commands();

}  // namespace bluebatch::cli
