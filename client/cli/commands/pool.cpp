#include "client/cli/commands/context.hpp"
#include "client/cli/commands/document.hpp"
#include "client/cli/commands/each.hpp"
#include "client/cli/commands/groups.hpp"
#include "client/cli/commands/pool_specification.hpp"
#include "client/cli/commands/pool_wait.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <string>

namespace bluebatch::cli {
namespace {

using Json = nlohmann::json;

// "3" nodes of that kind, or "1/3" while the pool is on its way from one to three.
std::string nodes_of(Json const& pool, std::string_view kind) {
    auto const current = number_at(pool, fmt::format("current{}Nodes", kind));
    auto const target = number_at(pool, fmt::format("target{}Nodes", kind));
    return current == target ? fmt::format("{}", current) : fmt::format("{}/{}", current, target);
}

Outcome<ExitStatus> list_pools(CommandContext const& context) {
    auto const pools = context.batch.pool_documents(context.values.text("--filter"));
    if (!pools) return context.batch_failure(pools.error(), "list the pools");
    if (context.wants_json()) {
        context.print(*pools);
        return ExitStatus::success;
    }
    Table table(
        {{"POOL"},
         {"STATE"},
         {"ALLOCATION"},
         {"DEDICATED", Align::right},
         {"SPOT", Align::right},
         {"SLOTS", Align::right},
         {"VM SIZE"},
         {"AGE", Align::right}}
    );
    for (auto const& pool : *pools) {
        table.add(
            {text_at(pool, "id"),
             text_at(pool, "state"),
             text_at(pool, "allocationState"),
             nodes_of(pool, "Dedicated"),
             nodes_of(pool, "LowPriority"),
             text_at(pool, "taskSlotsPerNode"),
             text_at(pool, "vmSize"),
             age_of(text_at(pool, "creationTime"), context.world.clock.now())}
        );
    }
    context.print(table, "No pools. 'bluebatch pool create NAME --nodes 1' makes one.");
    return ExitStatus::success;
}

Outcome<ExitStatus> show_pool(CommandContext const& context) {
    auto const& id = context.values.text("POOL");
    auto const pool = context.batch.pool_document(id);
    if (!pool) return context.batch_failure(pool.error(), fmt::format("show pool {}", id));
    context.print_members(*pool, {"id", "state", "allocationState", "resizeErrors"});
    return ExitStatus::success;
}

// The pool as it is now, and for people what was done to it.
Outcome<ExitStatus> tell_pool(CommandContext const& context, std::string const& id, std::string_view text) {
    if (!context.wants_json()) {
        context.console().line(text);
        return ExitStatus::success;
    }
    auto const pool = context.batch.pool_document(id);
    if (!pool) return context.batch_failure(pool.error(), fmt::format("show pool {}", id));
    context.print(*pool);
    return ExitStatus::success;
}

Outcome<ExitStatus> create_pool(CommandContext const& context) {
    auto const document = make_pool_document(context);
    if (!document) return document.error();
    auto const& id = context.values.text("POOL");
    auto const added = context.batch.add_pool(*document);
    if (!added) return context.batch_failure(added.error(), fmt::format("create pool {}", id));
    if (context.values.has("--wait")) {
        auto const ready = wait_for_pool(context, id, PoolGoal::ready);
        if (!ready) return ready;
    }
    return tell_pool(context, id, fmt::format("Pool {} created.", id));
}

Outcome<ExitStatus> resize_pool(CommandContext const& context) {
    auto const& values = context.values;
    auto const& id = values.text("POOL");
    client::ResizeTargets const targets{values.count("--nodes"), values.count("--spot")};
    bool const has_targets = targets.dedicated || targets.low_priority;
    if (values.has("--stop") == has_targets) {
        return Failure{
            ExitStatus::usage,
            "Give --nodes, --spot or both, or else --stop, which ends a resize that is on its way."};
    }
    auto const done = has_targets ? context.batch.resize_pool(id, targets) : context.batch.stop_resize(id);
    if (!done) return context.batch_failure(done.error(), fmt::format("resize pool {}", id));
    if (values.has("--wait")) {
        auto const ready = wait_for_pool(context, id, has_targets ? PoolGoal::ready : PoolGoal::steady);
        if (!ready) return ready;
    }
    auto const* const state = values.has("--wait") ? "ready" : "being resized";
    return tell_pool(
        context, id, fmt::format("Pool {} is {}.", id, has_targets ? state : "no longer being resized")
    );
}

Outcome<ExitStatus> wait_pool(CommandContext const& context) {
    auto const& id = context.values.text("POOL");
    auto const goal = parse_pool_goal(context.values.text("--for"));
    auto const reached = wait_for_pool(context, id, goal);
    if (!reached) return reached;
    if (goal == PoolGoal::gone) {
        context.tell(fmt::format("Pool {} is gone.", id), {{"deleted", Json::array({id})}});
        return ExitStatus::success;
    }
    return tell_pool(context, id, fmt::format("Pool {} is {}.", id, context.values.text("--for")));
}

Outcome<ExitStatus> delete_pools(CommandContext const& context) {
    auto const& ids = context.values.all("POOL");
    if (auto const declined = context.declined(fmt::format("pool {}", fmt::join(ids, ", "))))
        return *declined;
    Each pools(context, ids, "deleted");
    auto const delete_one = [&context](std::string const& id) -> Outcome<void> {
        auto const doing = fmt::format("delete pool {}", id);
        auto const pool = context.batch.pool_document(id);
        if (!pool) return context.batch_failure(pool.error(), doing);
        auto const deleted = context.batch.delete_pool(id);
        if (!deleted) return context.batch_failure(deleted.error(), doing);
        return {};
    };
    pools.carry_out(delete_one, [](auto const& id) { return fmt::format("Pool {} is being deleted.", id); });
    if (context.values.has("--wait")) {
        pools.carry_out([&context](std::string const& id) -> Outcome<void> {
            auto const gone = wait_for_pool(context, id, PoolGoal::gone);
            if (!gone) return gone.error();
            return {};
        });
    }
    return pools.finish();
}

Parameter pool_argument() {
    return {"POOL", Use::argument, "The pool's id"};
}
Parameter wait_flag(std::string_view help) {
    return {"--wait", Use::flag, help};
}
Parameter count_option(std::string_view name, std::string_view help) {
    return {name, Use::option, help, "N", Kind::count};
}

Parameter wait_timeout_option() {
    auto option = timeout_option();
    option.help = "With --wait: how long, as in 90s, 30m, 2h. Exit status 3 when it is over";
    return option;
}

}  // namespace

CommandGroup pool_commands() {
    return {
        "pool",
        "Pools of nodes",
        {
            {"list",
             "List the pools",
             {filter_option()},
             "bluebatch pool list\nbluebatch pool list --filter \"state eq 'active'\" --json",
             Services::batch,
             &list_pools},
            {"show",
             "Show everything about a pool",
             {pool_argument()},
             "bluebatch pool show mypool",
             Services::batch,
             &show_pool},
            {"create",
             "Make a pool",
             {pool_argument(),
              count_option("--nodes,-n", "Dedicated nodes"),
              count_option("--spot", "Spot nodes, which may be preempted"),
              {"--vm-size", Use::option, "Size of a node; STANDARD_A1_v2 when nothing says another", "SIZE"},
              count_option("--slots", "Tasks that a node runs at once"),
              {"--start-task", Use::option, "What each node runs first, as administrator", "COMMAND"},
              {"--image",
               Use::option,
               "Image of the nodes; Ubuntu 22.04 when nothing says another",
               "PUBLISHER:OFFER:SKU[:VERSION]"},
              {"--node-agent", Use::option, "Batch's agent for that image", "SKU"},
              specification_option(),
              wait_flag("Return when its nodes can run tasks"),
              wait_timeout_option()},
             "bluebatch pool create mypool --nodes 2 --wait\nbluebatch pool create mypool --file pool.json",
             Services::batch,
             &create_pool},
            {"resize",
             "Change how many nodes a pool has",
             {pool_argument(),
              count_option("--nodes,-n", "Dedicated nodes"),
              count_option("--spot", "Spot nodes"),
              {"--stop", Use::flag, "End the resize that is on its way"},
              wait_flag("Return when its nodes can run tasks"),
              wait_timeout_option()},
             "bluebatch pool resize mypool --nodes 5 --wait\nbluebatch pool resize mypool --spot 0",
             Services::batch,
             &resize_pool},
            {"wait",
             "Wait until a pool's nodes can run tasks",
             {pool_argument(),
              {"--for",
               Use::option,
               "ready: steady and every node can run tasks",
               "ready|steady|gone",
               Kind::text,
               "ready"},
              timeout_option()},
             "bluebatch pool wait mypool --timeout 10m",
             Services::batch,
             &wait_pool},
            {"delete",
             "Delete pools",
             {{"POOL", Use::arguments, "Their ids"},
              yes_flag(),
              wait_flag("Return when they are gone"),
              wait_timeout_option()},
             "bluebatch pool delete mypool --yes --wait",
             Services::batch,
             &delete_pools},
        }};
}

}  // namespace bluebatch::cli
