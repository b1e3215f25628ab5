#pragma once

#include "emulator/domain/messages.hpp"
#include "emulator/domain/node_directories.hpp"
#include "shared/base/result.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

// The environment of a task's command. Batch: ENV-6 to ENV-10
namespace bluebatch::emulator::node {

using Environment = std::map<std::string, std::string>;

// Of the names that belong to the service.
inline constexpr std::string_view kServicePrefix = "AZ_BATCH_";

// What a task may see of the emulator's own environment: paths, language, time zone, proxies; nothing that
// holds a secret.
Environment inherited_environment();

struct NodeIdentity {
    std::string account_name;
    std::string account_url;
    std::filesystem::path node_bin;  // goes first on PATH unless empty
};

// Where a run has its files: the task's directory, or the start task's.
struct RunDirectories {
    domain::NodeDirectories node;
    std::filesystem::path task;
    std::filesystem::path working() const { return task / "wd"; }
};

// Fails when settings refer to each other in a circle. `given` are variables of the service that only this
// run has.
base::Result<Environment> make_environment(
    Environment const& inherited,
    NodeIdentity const& identity,
    domain::RunCommand const& command,
    RunDirectories const& directories,
    Environment const& given = {}
);

// Replaces $NAME and ${NAME} by their values; what is not set becomes nothing.
std::string expand_variables(std::string_view text, Environment const& environment);

std::vector<std::string> to_lines(Environment const& environment);  // "NAME=value"

}  // namespace bluebatch::emulator::node
