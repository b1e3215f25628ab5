#include "client/api/partial_file.hpp"
#include "client/cli/commands/context.hpp"
#include "client/cli/commands/document.hpp"
#include "client/cli/commands/each.hpp"
#include "client/cli/commands/groups.hpp"
#include "client/cli/durations.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <span>
#include <string>

namespace bluebatch::cli {
namespace {

constexpr std::uint64_t kPiece = 4 << 20;

client::FileOwner owner_of(Values const& values) {
    return {
        values.has("--node") ? client::FileOwnerKind::node : client::FileOwnerKind::task,
        values.text("JOB"),
        values.text("TASK")};
}

std::string describe(client::FileOwner const& owner) {
    bool const of_task = owner.kind == client::FileOwnerKind::task;
    return fmt::format(
        "{} {} of {} {}", of_task ? "task" : "node", owner.id, of_task ? "job" : "pool", owner.parent
    );
}

Outcome<ExitStatus> list_files(CommandContext const& context) {
    auto const owner = owner_of(context.values);
    auto const files = context.batch.file_documents(owner);
    if (!files) return context.batch_failure(files.error(), "list the files of " + describe(owner));
    if (context.wants_json()) {
        context.print(*files);
        return ExitStatus::success;
    }
    Table table({{"FILE"}, {"SIZE", Align::right}, {"MODIFIED"}});
    for (auto const& file : *files) {
        bool const is_folder = text_at(file, "isDirectory") == "true";
        // The length is a text in the service's answers.
        auto const size = base::parse_number<std::uint64_t>(text_at(file, "properties/contentLength"));
        table.add(
            {text_at(file, "name") + (is_folder ? "/" : ""),
             size && !is_folder ? to_size(*size) : "",
             text_at(file, "properties/lastModified")}
        );
    }
    context.print(table, fmt::format("There are no files of {}.", describe(owner)));
    return ExitStatus::success;
}

Outcome<ExitStatus> show_file(CommandContext const& context) {
    auto const owner = owner_of(context.values);
    auto const& path = context.values.text("FILE");
    auto const found = context.batch.file_properties(owner, path);
    if (!found)
        return context.batch_failure(found.error(), fmt::format("show {} of {}", path, describe(owner)));
    context.print_members(
        {{"name", path},
         {"size", found->size},
         {"lastModified", found->last_modified},
         {"isDirectory", found->is_directory}},
        {"name", "size"}
    );
    return ExitStatus::success;
}

Failure is_folder(std::string const& path) {
    return {
        ExitStatus::usage,
        fmt::format("{} is a folder.\n  'bluebatch file list' shows the files in it.", printable(path))};
}

// The file piece by piece, as long as it is at the start: it may grow meanwhile.
Outcome<std::uint64_t> read_whole(
    CommandContext const& context,
    client::FileOwner const& owner,
    std::string const& path,
    std::function<Outcome<void>(std::string_view)> const& sink
) {
    auto const doing = fmt::format("read {} of {}", path, describe(owner));
    auto const found = context.batch.file_properties(owner, path);
    if (!found) return context.batch_failure(found.error(), doing);
    if (found->is_directory) return is_folder(path);
    for (std::uint64_t offset = 0; offset < found->size; offset += kPiece) {
        auto const bytes =
            context.batch.read_file(owner, path, offset, std::min(kPiece, found->size - offset));
        if (!bytes) return context.batch_failure(bytes.error(), doing);
        if (auto const taken = sink(*bytes); !taken) return taken.error();
    }
    return found->size;
}

Outcome<ExitStatus> print_file(CommandContext const& context) {
    bool has_reader = true;
    auto const read = read_whole(
        context,
        owner_of(context.values),
        context.values.text("FILE"),
        [&context, &has_reader](std::string_view bytes) -> Outcome<void> {
            has_reader = context.console().write(bytes);
            if (!has_reader) return Failure{ExitStatus::usage, {}};
            return {};
        }
    );
    // The program's end says what could not be written.
    if (!has_reader) return ExitStatus::usage;
    if (!read) return read.error();
    return ExitStatus::success;
}

Outcome<ExitStatus> download_file(CommandContext const& context) {
    namespace fs = std::filesystem;
    auto const& path = context.values.text("FILE");
    fs::path target = context.values.find("TARGET").value_or(".");
    std::error_code ignored;
    if (fs::is_directory(target, ignored)) target /= fs::path(path).filename();
    client::PartialFile file(target);
    auto const cannot_write = [&] {
        return Failure{
            ExitStatus::usage, fmt::format("Can't write {}: {}.", target.string(), std::strerror(errno))};
    };
    if (!file.is_open()) return cannot_write();
    auto const read =
        read_whole(context, owner_of(context.values), path, [&](std::string_view bytes) -> Outcome<void> {
            if (!file.append(std::as_bytes(std::span(bytes)))) return cannot_write();
            return {};
        });
    if (!read) return read.error();
    if (!file.publish()) return cannot_write();
    context.tell(
        fmt::format("{} is in {} ({}).", path, target.string(), to_size(*read)),
        {{"name", path}, {"file", target.string()}, {"size", *read}}
    );
    return ExitStatus::success;
}

Outcome<ExitStatus> delete_files(CommandContext const& context) {
    auto const owner = owner_of(context.values);
    auto const& paths = context.values.all("FILE");
    auto const what = fmt::format("{} of {}", fmt::join(paths, ", "), describe(owner));
    if (auto const declined = context.declined(what)) return *declined;
    Each files(context, paths, "deleted");
    auto const delete_one = [&](std::string const& path) -> Outcome<void> {
        auto const deleted = context.batch.delete_file(owner, path);
        if (deleted) return {};
        // The service says only that it can't be done now.
        auto const found = context.batch.file_properties(owner, path);
        if (found && found->is_directory) return is_folder(path);
        return context.batch_failure(deleted.error(), fmt::format("delete {} of {}", path, describe(owner)));
    };
    files.carry_out(delete_one, [](auto const& path) { return fmt::format("{} deleted.", path); });
    return files.finish();
}

}  // namespace

CommandGroup file_commands() {
    Parameter const job{"JOB", Use::argument, "The job's id; with --node the pool's"};
    Parameter const task{"TASK", Use::argument, "The task's id; with --node the node's"};
    Parameter const file{"FILE", Use::argument, "Its name, as in stdout.txt or wd/result.csv"};
    Parameter const node{"--node", Use::flag, "Files of a node: its pool and its id come first"};
    return {
        "file",
        "Files of tasks and nodes",
        {
            {"list",
             "List the files of a task or a node",
             {job, task, node},
             "bluebatch file list myjob mytask\nbluebatch file list --node mypool tvmps_0123",
             Services::batch,
             &list_files},
            {"show",
             "Show size and time of a file",
             {job, task, file, node},
             "bluebatch file show myjob mytask wd/result.csv",
             Services::batch,
             &show_file},
            {"cat",
             "Print a file",
             {job, task, file, node},
             "bluebatch file cat myjob mytask stderr.txt\nbluebatch file cat --node mypool tvmps_0123 "
             "startup/stderr.txt",
             Services::batch,
             &print_file,
             Output::content},
            {"download",
             "Fetch a file",
             {job,
              task,
              file,
              {"TARGET", Use::optional_argument, "File or folder on this machine", "", Kind::path},
              node},
             "bluebatch file download myjob mytask wd/result.csv results",
             Services::batch,
             &download_file},
            {"delete",
             "Delete files from their node",
             {job, task, {"FILE", Use::arguments, "Their names"}, node, yes_flag()},
             "bluebatch file delete myjob mytask wd/scratch.bin --yes",
             Services::batch,
             &delete_files},
        }};
}

}  // namespace bluebatch::cli
