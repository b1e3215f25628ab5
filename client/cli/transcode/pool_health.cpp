#include "client/cli/transcode/pool_health.hpp"

#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace bluebatch::cli::transcode {
namespace {

bool is_lost(client::Node const& node) {
    return base::equal_ignoring_case(node.state, "starttaskfailed") ||
           base::equal_ignoring_case(node.state, "unusable");
}

std::string describe(client::Node const& node) {
    auto text = fmt::format("Node {} is {}", node.id, node.state);
    if (node.start_task_exit_code) text += fmt::format(", exit code {}", *node.start_task_exit_code);
    if (node.start_task_failure) {
        text += fmt::format(" ({}: {})", node.start_task_failure->code, node.start_task_failure->message);
    }
    return text + ".";
}

}  // namespace

void PoolHealth::tell(std::string const& text) {
    if (told_.insert(text).second) context_.world.console.note(text);
}

Outcome<void> PoolHealth::check() {
    auto const& id = context_.options.pool_id;
    auto const pool = context_.batch.find_pool(id);
    // Being unable to look is no reason to stop; the next poll tells whether the service is there.
    if (!pool) return {};
    if (!*pool) {
        return Failure{
            ExitStatus::unreachable, fmt::format("Pool [{}] is gone, so its tasks can't run.", id)};
    }
    std::string errors;
    for (auto const& error : (*pool)->resize_errors) {
        errors += fmt::format(" {}: {}", error.code, error.message);
    }
    if (!errors.empty()) tell(fmt::format("Pool [{}] could not get all its nodes.{}", id, errors));
    bool const has_settled = (*pool)->allocation_state == "steady";
    if (has_settled && (*pool)->current_nodes == 0) {
        return Failure{
            ExitStatus::unreachable,
            fmt::format(
                "Pool [{}] has no nodes and gets none.{}\n  Try --dedicated, fewer --nodes or another "
                "--vm-size.",
                id,
                errors
            )};
    }
    return look_at_nodes(**pool);
}

Outcome<void> PoolHealth::look_at_nodes(client::Pool const& pool) {
    auto const nodes = context_.batch.list_nodes(pool.id);
    if (!nodes || nodes->empty()) return {};
    for (auto const& node : *nodes) {
        if (is_lost(node)) tell(describe(node));
    }
    bool const hopeless =
        pool.allocation_state == "steady" && std::all_of(nodes->begin(), nodes->end(), is_lost);
    if (!hopeless) return {};
    return Failure{
        ExitStatus::unreachable,
        fmt::format(
            "No node of pool [{}] can run tasks. {}\n  The start task's output is in startup/stderr.txt on "
            "the node; "
            "--start-task changes it.",
            pool.id,
            describe(nodes->front())
        )};
}

}  // namespace bluebatch::cli::transcode
