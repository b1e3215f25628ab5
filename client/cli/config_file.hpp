#pragma once

#include "client/cli/environment.hpp"
#include "client/cli/options.hpp"
#include "shared/base/result.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace bluebatch::cli {

// {"azure": {"batch_account": "...", ...}, "emulator": {...}}: one object of texts for each target. What it
// does not know it refuses, because a mistyped key would otherwise leave a default in force.
struct ConfigFile {
    std::filesystem::path path;
    std::map<std::string, std::string, std::less<>> values;  // of the target asked for
};

// --config, else BLUEBATCH_CONFIG, else $XDG_CONFIG_HOME/bluebatch/config.json (~/.config without that). A
// file that was named must be there; one that was not may be missing, and then there are no values.
base::Result<ConfigFile> read_config_file(
    std::optional<std::filesystem::path> const& named, Target target, Environment const& environment
);

}  // namespace bluebatch::cli
