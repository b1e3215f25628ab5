#include "client/cli/commands/blob_transfer.hpp"

#include "client/cli/commands/transfers.hpp"
#include "client/cli/durations.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <system_error>

namespace bluebatch::cli {
namespace {

namespace fs = std::filesystem;

void tell_sum(
    CommandContext const& context, TransferSum sum, std::string_view done, std::string const& where
) {
    context.tell(
        fmt::format(
            "{} {} ({}) {} {}.", sum.files, sum.files == 1 ? "file" : "files", to_size(sum.bytes), done, where
        ),
        {{"files", sum.files}, {"bytes", sum.bytes}}
    );
}

// A single blob of that name, if there is one; a folder of blobs otherwise.
Outcome<std::vector<Transfer>> find_blobs(
    CommandContext const& context, BlobAddress const& from, fs::path const& target
) {
    auto const doing = fmt::format("download {}", to_string(from));
    if (!from.path.empty() && !from.path.ends_with('/')) {
        auto const blob = context.blob.blob_properties(from.container, from.path);
        if (blob) {
            std::error_code ignored;
            bool const into_folder = fs::is_directory(target, ignored) || !target.has_filename();
            auto const name = from.path.substr(from.path.rfind('/') + 1);
            auto const path = into_folder ? path_below(target, name) : std::optional(target);
            if (!path)
                return Failure{ExitStatus::usage, fmt::format("No file can be named {}.", printable(name))};
            return std::vector{Transfer{*path, from.path, blob->item.size}};
        }
        if (!client::has_status(blob.error(), 404)) return context.blob_failure(blob.error(), doing);
    }
    auto const prefix = folder_of(from);
    auto const blobs = context.blob.list_blobs(from.container, prefix);
    if (!blobs) return context.blob_failure(blobs.error(), doing);
    if (blobs->empty()) {
        return Failure{
            ExitStatus::usage,
            fmt::format(
                "There is no blob {} and none below it.\n  'bluebatch blob list {}' shows those there are.",
                to_string(from),
                from.container
            )};
    }
    return plan_downloads(*blobs, prefix, target);
}

}  // namespace

Outcome<ExitStatus> upload_blobs(CommandContext const& context) {
    fs::path const source = context.values.text("SOURCE");
    auto const to = parse_address(context.values.text("TARGET"));
    auto const files = find_local_files(source);
    if (!files) return files.error();
    std::error_code ignored;
    bool const is_folder = fs::is_directory(source, ignored);
    // One file may be given another name; several go into a folder.
    bool const is_renamed = !is_folder && !to.path.empty() && !to.path.ends_with('/');
    note_skipped(context, *files);
    std::vector<Transfer> transfers;
    for (auto const& file : files->files) {
        auto const blob = is_renamed ? to.path : folder_of(to) + file.name;
        transfers.push_back({file.path, blob, file.size});
    }
    auto const sum = upload_all(context, to.container, transfers);
    if (!sum) return sum.error();
    tell_sum(context, *sum, "uploaded to", to_string(to));
    return ExitStatus::success;
}

Outcome<ExitStatus> download_blobs(CommandContext const& context) {
    auto const from = parse_address(context.values.text("SOURCE"));
    fs::path const target = context.values.find("TARGET").value_or(".");
    auto const transfers = find_blobs(context, from, target);
    if (!transfers) return transfers.error();
    auto const sum = download_all(context, from.container, *transfers);
    if (!sum) return sum.error();
    bool const is_one = transfers->size() == 1;
    tell_sum(context, *sum, "downloaded to", (is_one ? transfers->front().file : target).string());
    return ExitStatus::success;
}

}  // namespace bluebatch::cli
