#include "client/cli/commands/blob_copy.hpp"
#include "client/cli/commands/blob_documents.hpp"
#include "client/cli/commands/blob_paths.hpp"
#include "client/cli/commands/blob_sas.hpp"
#include "client/cli/commands/blob_tail.hpp"
#include "client/cli/commands/blob_transfer.hpp"
#include "client/cli/commands/context.hpp"
#include "client/cli/commands/each.hpp"
#include "client/cli/commands/groups.hpp"
#include "client/cli/durations.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <string>

namespace bluebatch::cli {
namespace {

Outcome<ExitStatus> list_blobs(CommandContext const& context) {
    auto const address = parse_address(context.values.text("CONTAINER"));
    auto const depth = context.values.has("--folders") ? client::Depth::one_level : client::Depth::all;
    auto const blobs = context.blob.list_blobs(address.container, address.path, depth);
    if (!blobs) return context.blob_failure(blobs.error(), "list " + to_string(address));
    auto documents = nlohmann::json::array();
    Table table({{"BLOB"}, {"SIZE", Align::right}, {"TYPE"}, {"CONTENT TYPE"}, {"MODIFIED"}});
    for (auto const& blob : *blobs) {
        documents.push_back(to_document(blob));
        table.add(
            {blob.name,
             blob.is_prefix ? "" : to_size(blob.size),
             blob.blob_type,
             blob.content_type,
             blob.last_modified ? base::to_iso8601(*blob.last_modified, 0) : ""}
        );
    }
    if (context.wants_json()) {
        context.print(documents);
    } else {
        context.print(
            table, fmt::format("No blobs. 'bluebatch blob upload FILE {}' brings one.", to_string(address))
        );
    }
    return ExitStatus::success;
}

Outcome<ExitStatus> show_blob(CommandContext const& context) {
    auto const address = parse_address(context.values.text("BLOB"));
    auto const found = context.blob.blob_properties(address.container, address.path);
    if (!found) return context.blob_failure(found.error(), "show " + to_string(address));
    context.print_members(to_document(*found), {"name", "size", "contentType", "lastModified"});
    return ExitStatus::success;
}

Outcome<ExitStatus> delete_blobs(CommandContext const& context) {
    auto const& names = context.values.all("BLOB");
    if (auto const declined = context.declined(fmt::format("blob {}", fmt::join(names, ", "))))
        return *declined;
    Each blobs(context, names, "deleted");
    auto const delete_one = [&context](std::string const& name) -> Outcome<void> {
        auto const address = parse_address(name);
        auto const removed = context.blob.remove_blob(address.container, address.path);
        if (!removed) return context.blob_failure(removed.error(), "delete " + name);
        return {};
    };
    blobs.carry_out(delete_one, [](auto const& name) { return fmt::format("{} deleted.", name); });
    return blobs.finish();
}

std::vector<CommandRow> transfer_rows() {
    Parameter const local{"SOURCE", Use::argument, "File or folder on this machine", "", Kind::path};
    return {
        {"upload",
         "Upload a file or a folder; blobs that are there are replaced",
         {local,
          {"TARGET",
           Use::argument,
           "CONTAINER or CONTAINER/FOLDER/; one file may get a name of its own",
           "",
           Kind::address}},
         "bluebatch blob upload clips input\nbluebatch blob upload report.pdf archive/2026/report.pdf",
         Services::blob,
         &upload_blobs},
        {"download",
         "Download a blob, or all blobs of a folder; a file appears once it is complete",
         {{"SOURCE", Use::argument, "CONTAINER, CONTAINER/FOLDER or CONTAINER/BLOB", "", Kind::address},
          {"TARGET", Use::optional_argument, "File or folder on this machine", "", Kind::path}},
         "bluebatch blob download output results\nbluebatch blob download output/a.mp3 a.mp3",
         Services::blob,
         &download_blobs},
        {"sync",
         "Make a container's folder like one of this machine, and say what is done",
         {{"FOLDER", Use::argument, "Folder on this machine", "", Kind::path},
          {"CONTAINER", Use::argument, "CONTAINER or CONTAINER/FOLDER", "", Kind::address},
          {"--down", Use::flag, "The other way: make this machine's folder like the container's"},
          {"--delete", Use::flag, "Delete what the source does not have"},
          {"--dry-run", Use::flag, "Only say what would be done"},
          yes_flag()},
         "bluebatch blob sync site web --delete --dry-run\nbluebatch blob sync results output --down",
         Services::blob,
         &sync_blobs},
        {"cp",
         "Copy blobs within the account, or from any URL; the service does it",
         {{"SOURCE", Use::argument, "CONTAINER/BLOB, or a URL that the service may read"},
          {"TARGET",
           Use::argument,
           "CONTAINER/BLOB, or CONTAINER/FOLDER/ to keep the name",
           "",
           Kind::address},
          {"--recursive,-r", Use::flag, "All blobs of a container or folder"},
          timeout_option()},
         "bluebatch blob cp output/a.mp3 archive/\nbluebatch blob cp -r output archive/2026",
         Services::blob,
         &copy_blobs},
    };
}

}  // namespace

CommandGroup blob_commands() {
    Parameter const blob{"BLOB", Use::argument, "CONTAINER/BLOB", "", Kind::blob};
    CommandGroup group{
        "blob",
        "Blobs, and files of this machine",
        {
            {"list",
             "List blobs",
             {{"CONTAINER",
               Use::argument,
               "CONTAINER, or CONTAINER/PREFIX for names that begin so",
               "",
               Kind::address},
              {"--folders", Use::flag, "One level only, as a file manager shows it"}},
             "bluebatch blob list output\nbluebatch blob list output/2026/ --folders",
             Services::blob,
             &list_blobs},
            {"show",
             "Show everything about a blob",
             {blob},
             "bluebatch blob show output/a.mp3",
             Services::blob,
             &show_blob},
        }};
    for (auto& row : transfer_rows())
        group.rows.push_back(std::move(row));
    group.rows.push_back(
        {"sas",
         "Make a URL that lets its holder in without a key",
         {{"BLOB", Use::argument, "CONTAINER/BLOB, or CONTAINER for all in it", "", Kind::address},
          {"--permissions,-p",
           Use::option,
           "r read, l list, a add, c create, w write, d delete ...",
           "LETTERS",
           Kind::text,
           "r"},
          {"--expiry,-e",
           Use::option,
           "How long it is good, or until when: 1h, 2030-01-31T12:00Z",
           "TIME",
           Kind::text,
           "1h"}},
         "bluebatch blob sas output/a.mp3 --expiry 2h\nbluebatch blob sas input -p rcwl --json",
         Services::blob,
         &sign_blob}
    );
    group.rows.push_back(
        {"tail",
         "Print the end of a blob, and with -f what is appended to it",
         {blob,
          {"--follow,-f", Use::flag, "Go on until Ctrl-C"},
          {"--lines,-n", Use::option, "How many of the last lines", "N", Kind::count, "10"}},
         "bluebatch blob tail logs/app.log -f",
         Services::blob,
         &tail_blob,
         Output::content}
    );
    group.rows.push_back(
        {"delete",
         "Delete blobs and their snapshots",
         {{"BLOB", Use::arguments, "CONTAINER/BLOB", "", Kind::blob}, yes_flag()},
         "bluebatch blob delete output/a.mp3 --yes",
         Services::blob,
         &delete_blobs}
    );
    return group;
}

}  // namespace bluebatch::cli
