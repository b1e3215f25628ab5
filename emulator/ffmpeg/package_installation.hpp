#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::ffmpeg {

// A command line that asks the machine's package manager for something. The emulated image has it already,
// and the host is never touched: the node runs only what remains.
struct PackageInstallation {
    // What was to be installed, in order: {"ffmpeg"}.
    std::vector<std::string> packages;
    // The command line with every call of a package manager replaced by `true`; empty when nothing else is
    // left.
    std::string remaining_command_line;
};

// nullopt when no package manager is called, as far as the line itself tells. Looks into one shell (sh -c,
// bash -c) and through sudo, env and assignments, at commands joined by &&, ||, ;, | and newlines.
std::optional<PackageInstallation> read_package_installation(std::string_view command_line);

// Nothing but calls of package managers.
bool is_package_installation(std::string_view command_line);

// The names that a node's PATH answers for, in case a script calls them: apt-get, yum ...
bool is_package_manager(std::string_view program);
// Whether the arguments (without the program's name) would change the machine, as opposed to asking it
// something.
bool changes_machine(std::string_view program, std::vector<std::string> const& arguments);

}  // namespace bluebatch::emulator::ffmpeg
