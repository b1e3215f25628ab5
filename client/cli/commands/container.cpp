#include "client/cli/commands/blob_documents.hpp"
#include "client/cli/commands/context.hpp"
#include "client/cli/commands/each.hpp"
#include "client/cli/commands/groups.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <string>

namespace bluebatch::cli {
namespace {

Outcome<ExitStatus> list_containers(CommandContext const& context) {
    auto const containers = context.blob.list_containers(context.values.text("--prefix"));
    if (!containers) return context.blob_failure(containers.error(), "list the containers");
    auto documents = nlohmann::json::array();
    Table table({{"CONTAINER"}, {"PUBLIC"}, {"LEASE"}, {"MODIFIED"}});
    for (auto const& container : *containers) {
        documents.push_back(to_document(container));
        table.add(
            {container.name,
             container.public_access,
             container.lease_state,
             container.last_modified ? base::to_iso8601(*container.last_modified, 0) : ""}
        );
    }
    if (context.wants_json()) {
        context.print(documents);
    } else {
        context.print(table, "No containers. 'bluebatch container create NAME' makes one.");
    }
    return ExitStatus::success;
}

Outcome<ExitStatus> show_container(CommandContext const& context) {
    auto const& name = context.values.text("CONTAINER");
    auto const found = context.blob.container_properties(name);
    if (!found) return context.blob_failure(found.error(), fmt::format("show container {}", name));
    context.print_members(to_document(*found), {"name", "lastModified"});
    return ExitStatus::success;
}

Outcome<ExitStatus> create_container(CommandContext const& context) {
    auto const& name = context.values.text("CONTAINER");
    auto const doing = fmt::format("create container {}", name);
    auto const added = context.blob.add_container(name, context.values.text("--public"));
    if (!added) return context.blob_failure(added.error(), doing);
    if (!context.wants_json()) {
        context.console().line(fmt::format("Container {} created.", name));
        return ExitStatus::success;
    }
    auto const found = context.blob.container_properties(name);
    if (!found) return context.blob_failure(found.error(), doing);
    context.print(to_document(*found));
    return ExitStatus::success;
}

Outcome<ExitStatus> delete_containers(CommandContext const& context) {
    auto const& names = context.values.all("CONTAINER");
    if (auto const declined = context.declined(fmt::format("container {}", fmt::join(names, ", "))))
        return *declined;
    Each containers(context, names, "deleted");
    auto const delete_one = [&context](std::string const& name) -> Outcome<void> {
        auto const doing = fmt::format("delete container {}", name);
        auto const found = context.blob.container_properties(name);
        if (!found) return context.blob_failure(found.error(), doing);
        auto const deleted = context.blob.delete_container(name);
        if (!deleted) return context.blob_failure(deleted.error(), doing);
        return {};
    };
    containers.carry_out(delete_one, [](auto const& name) {
        return fmt::format("Container {} deleted.", name);
    });
    return containers.finish();
}

}  // namespace

CommandGroup container_commands() {
    Parameter const container{"CONTAINER", Use::argument, "The container's name"};
    return {
        "container",
        "Containers of blobs",
        {
            {"list",
             "List the containers",
             {{"--prefix", Use::option, "Only those whose names begin so", "TEXT"}},
             "bluebatch container list\nbluebatch container list --json",
             Services::blob,
             &list_containers},
            {"show",
             "Show everything about a container",
             {container},
             "bluebatch container show input",
             Services::blob,
             &show_container},
            {"create",
             "Make a container",
             {container,
              {"--public", Use::option, "Anybody may read its blobs, or also list them", "blob|container"}},
             "bluebatch container create input",
             Services::blob,
             &create_container},
            {"delete",
             "Delete containers and the blobs in them",
             {{"CONTAINER", Use::arguments, "Their names"}, yes_flag()},
             "bluebatch container delete input --yes",
             Services::blob,
             &delete_containers},
        }};
}

}  // namespace bluebatch::cli
