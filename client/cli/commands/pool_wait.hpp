#pragma once

#include "client/cli/commands/context.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace bluebatch::cli {

enum class PoolGoal : std::uint8_t {
    ready,   // steady, and every node can run tasks
    steady,  // not resizing
    gone,
};

PoolGoal parse_pool_goal(std::string_view text);

// Whether a pool that is there has arrived, can't arrive (a failure that says why), or needs more time. The
// nodes only count for `ready`.
enum class PoolProgress : std::uint8_t { waiting, arrived };
Outcome<PoolProgress> judge_pool(
    nlohmann::json const& pool, std::vector<nlohmann::json> const& nodes, PoolGoal goal
);

// Within --timeout.
Outcome<ExitStatus> wait_for_pool(CommandContext const& context, std::string const& id, PoolGoal goal);

}  // namespace bluebatch::cli
