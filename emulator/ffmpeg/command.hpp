#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::ffmpeg {

// A call of ffmpeg, as the program would have got it.
struct Invocation {
    // Without the program's name.
    std::vector<std::string> arguments;
    bool operator==(Invocation const&) const = default;
};

// The call of ffmpeg that a task's command line is, bare or inside one shell (sh -c, bash -c, cmd /c): the
// arguments with variables and quotes resolved as that shell would. Anything that needs a real shell (pipes,
// redirections, lists, globs, substitutions ...) is not just a conversion: nullopt.
std::optional<Invocation> recognise(
    std::string_view command_line, std::map<std::string, std::string> const& environment
);

// How a command line without a shell becomes arguments: split at blanks, single and double quotes group, a
// backslash only protects a quote or blank. nullopt when a quote is left open. Batch: ENV-11, ENV-12
std::optional<std::vector<std::string>> split_command_line(std::string_view command_line);

}  // namespace bluebatch::emulator::ffmpeg
