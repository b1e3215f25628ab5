#include "client/cli/commands/pool_wait.hpp"

#include "client/cli/commands/document.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>

namespace bluebatch::cli {
namespace {

using Json = nlohmann::json;

bool is_lost(Json const& node) {
    auto const state = text_at(node, "state");
    return state == "starttaskfailed" || state == "unusable";
}

bool can_run_tasks(Json const& node) {
    auto const state = text_at(node, "state");
    return state == "idle" || state == "running";
}

Failure lost_node(Json const& pool, Json const& node) {
    auto const id = text_at(node, "id");
    auto text = fmt::format("Node {} of pool {} is {}", id, text_at(pool, "id"), text_at(node, "state"));
    if (auto const code = text_at(node, "startTaskInfo/exitCode"); !code.empty())
        text += ", exit code " + code;
    return {
        ExitStatus::unreachable,
        fmt::format(
            "{}.\n  'bluebatch file cat --node {} {} startup/stderr.txt' shows what its start task said.",
            text,
            text_at(pool, "id"),
            id
        )};
}

}  // namespace

PoolGoal parse_pool_goal(std::string_view text) {
    if (text == "steady") return PoolGoal::steady;
    return text == "gone" ? PoolGoal::gone : PoolGoal::ready;
}

Outcome<PoolProgress> judge_pool(Json const& pool, std::vector<Json> const& nodes, PoolGoal goal) {
    bool const is_steady = text_at(pool, "state") == "active" && text_at(pool, "allocationState") == "steady";
    if (goal == PoolGoal::gone || !is_steady) return PoolProgress::waiting;
    if (goal == PoolGoal::steady) return PoolProgress::arrived;
    for (auto const& node : nodes) {
        if (is_lost(node)) return lost_node(pool, node);
    }
    if (auto const errors = pool.find("resizeErrors"); errors != pool.end() && !errors->empty()) {
        auto const& error = errors->front();
        return Failure{
            ExitStatus::unreachable,
            fmt::format(
                "Pool {} did not get all its nodes: {}: {}",
                text_at(pool, "id"),
                text_at(error, "code"),
                text_at(error, "message")
            )};
    }
    // Nodes of the last resize may still be missing from the list.
    auto const wanted = number_at(pool, "currentDedicatedNodes") + number_at(pool, "currentLowPriorityNodes");
    bool const is_complete = static_cast<std::int64_t>(nodes.size()) >= wanted;
    bool const can_work = std::all_of(nodes.begin(), nodes.end(), can_run_tasks);
    return is_complete && can_work ? PoolProgress::arrived : PoolProgress::waiting;
}

Outcome<ExitStatus> wait_for_pool(CommandContext const& context, std::string const& id, PoolGoal goal) {
    auto const doing = fmt::format("wait for pool {}", id);
    return wait_for(
        context,
        fmt::format("What pool {} is waited for", id),
        [&]() -> Outcome<std::optional<ExitStatus>> {
            auto const pool = context.batch.pool_document(id);
            bool const is_gone = !pool && client::has_status(pool.error(), 404);
            if (is_gone && goal == PoolGoal::gone) return std::optional(ExitStatus::success);
            if (!pool) return context.batch_failure(pool.error(), doing);
            std::vector<Json> nodes;
            if (goal == PoolGoal::ready) {
                auto listed = context.batch.node_documents(id);
                if (!listed) return context.batch_failure(listed.error(), doing);
                nodes = *std::move(listed);
            }
            auto const progress = judge_pool(*pool, nodes, goal);
            if (!progress) return progress.error();
            context.console().status(fmt::format(
                "Pool {}: {}, {} nodes of {}",
                id,
                text_at(*pool, "allocationState"),
                number_at(*pool, "currentDedicatedNodes") + number_at(*pool, "currentLowPriorityNodes"),
                number_at(*pool, "targetDedicatedNodes") + number_at(*pool, "targetLowPriorityNodes")
            ));
            if (*progress == PoolProgress::waiting) return std::optional<ExitStatus>{};
            return std::optional(ExitStatus::success);
        }
    );
}

}  // namespace bluebatch::cli
