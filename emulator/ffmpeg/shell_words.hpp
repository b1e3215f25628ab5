#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::ffmpeg {

using Environment = std::map<std::string, std::string>;

// The words that sh or bash makes of one simple command: quotes removed, $NAME and ${NAME} expanded and
// split. nullopt for everything that is more than that, and where the outcome depends on files, on shell
// state or on which shell it is.
std::optional<std::vector<std::string>> expand_simple_command(
    std::string_view script, Environment const& environment
);

// The arguments of what follows `cmd /c`: %NAME% expanded (whatever the case of letters), double quotes
// group. nullopt where cmd would do more.
std::optional<std::vector<std::string>> expand_cmd_line(
    std::string_view line, Environment const& environment
);

}  // namespace bluebatch::emulator::ffmpeg
