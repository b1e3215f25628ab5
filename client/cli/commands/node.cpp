#include "client/cli/commands/context.hpp"
#include "client/cli/commands/document.hpp"
#include "client/cli/commands/groups.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <string>

namespace bluebatch::cli {
namespace {

Outcome<ExitStatus> list_nodes(CommandContext const& context) {
    auto const& pool = context.values.text("POOL");
    auto const nodes = context.batch.node_documents(pool, context.values.text("--filter"));
    if (!nodes) return context.batch_failure(nodes.error(), fmt::format("list the nodes of pool {}", pool));
    if (context.wants_json()) {
        context.print(*nodes);
        return ExitStatus::success;
    }
    Table table(
        {{"NODE"},
         {"STATE"},
         {"SCHEDULING"},
         {"KIND"},
         {"RUNNING", Align::right},
         {"RUN", Align::right},
         {"ADDRESS"},
         {"AGE", Align::right}}
    );
    for (auto const& node : *nodes) {
        table.add(
            {text_at(node, "id"),
             text_at(node, "state"),
             text_at(node, "schedulingState"),
             text_at(node, "isDedicated") == "false" ? "spot" : "dedicated",
             text_at(node, "runningTasksCount"),
             text_at(node, "totalTasksRun"),
             text_at(node, "ipAddress"),
             age_of(text_at(node, "allocationTime"), context.world.clock.now())}
        );
    }
    context.print(
        table,
        fmt::format("Pool {} has no nodes. 'bluebatch pool resize {} --nodes 1' gives it one.", pool, pool)
    );
    return ExitStatus::success;
}

Outcome<ExitStatus> show_node(CommandContext const& context) {
    auto const& pool = context.values.text("POOL");
    auto const& id = context.values.text("NODE");
    auto const node = context.batch.node_document(pool, id);
    if (!node) return context.batch_failure(node.error(), fmt::format("show node {} of pool {}", id, pool));
    context.print_members(*node, {"id", "state", "schedulingState"});
    return ExitStatus::success;
}

Outcome<ExitStatus> reboot_node(CommandContext const& context) {
    auto const& pool = context.values.text("POOL");
    auto const& id = context.values.text("NODE");
    auto const done = context.batch.reboot_node(pool, id);
    if (!done) return context.batch_failure(done.error(), fmt::format("reboot node {} of pool {}", id, pool));
    context.tell(fmt::format("Node {} is being rebooted.", id), {{"rebooted", nlohmann::json::array({id})}});
    return ExitStatus::success;
}

Outcome<ExitStatus> delete_nodes(CommandContext const& context) {
    auto const& pool = context.values.text("POOL");
    auto const& ids = context.values.all("NODE");
    auto const names = fmt::format("node {} of pool {}", fmt::join(ids, ", "), pool);
    if (auto const declined = context.declined(names)) return *declined;
    auto const done = context.batch.remove_nodes(pool, ids);
    if (!done) return context.batch_failure(done.error(), "remove " + names);
    for (auto const& id : ids) {
        if (!context.wants_json()) context.console().line(fmt::format("Node {} is being removed.", id));
    }
    if (context.wants_json()) context.print({{"deleted", ids}});
    return ExitStatus::success;
}

}  // namespace

CommandGroup node_commands() {
    Parameter const pool{"POOL", Use::argument, "The pool's id"};
    Parameter const node{"NODE", Use::argument, "The node's id"};
    return {
        "node",
        "Nodes of a pool",
        {
            {"list",
             "List the nodes of a pool",
             {pool, filter_option()},
             "bluebatch node list mypool\nbluebatch node list mypool --filter \"state eq 'idle'\"",
             Services::batch,
             &list_nodes},
            {"show",
             "Show everything about a node",
             {pool, node},
             "bluebatch node show mypool tvmps_0123",
             Services::batch,
             &show_node},
            {"reboot",
             "Restart a node; its tasks run again",
             {pool, node},
             "bluebatch node reboot mypool tvmps_0123",
             Services::batch,
             &reboot_node},
            {"delete",
             "Remove nodes from their pool, which becomes smaller",
             {pool, {"NODE", Use::arguments, "Their ids"}, yes_flag()},
             "bluebatch node delete mypool tvmps_0123 --yes",
             Services::batch,
             &delete_nodes},
        }};
}

}  // namespace bluebatch::cli
