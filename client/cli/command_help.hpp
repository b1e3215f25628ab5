#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::cli {

// The heading of the options that say where the services are, which every command has.
inline constexpr std::string_view kConnectionGroup = "Where";

// One parameter of a command as --help shows it.
struct ParameterHelp {
    std::vector<std::string> names;  // "--follow", "-f"; or the one name of an argument
    std::string value;               // "N"; empty for a flag
    std::string help;
    std::string group;                 // its heading
    std::vector<std::string> choices;  // the values that it takes, where they are few
    bool is_argument = false;
    bool is_required = false;
    bool takes_many = false;
    bool names_files = false;  // on this machine
};

struct CommandHelp {
    std::string group;  // "pool"; the name of a command that has no verbs
    std::string group_summary;
    std::string verb;
    std::string summary;
    std::string examples;  // as they stand in the help
    std::vector<ParameterHelp> parameters;
};

// "pool list"
inline std::string name_of(CommandHelp const& command) {
    return command.verb.empty() ? command.group : command.group + " " + command.verb;
}

}  // namespace bluebatch::cli
