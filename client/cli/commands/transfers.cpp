#include "client/cli/commands/transfers.hpp"

#include "client/api/download.hpp"
#include "client/api/upload.hpp"
#include "client/api/work_queue.hpp"
#include "client/cli/first_failure.hpp"
#include "client/cli/progress.hpp"

#include <fmt/format.h>

#include <functional>
#include <stop_token>
#include <system_error>
#include <utility>

namespace bluebatch::cli {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kAtOnce = 8;

TransferSum sum_of(std::vector<Transfer> const& transfers) {
    TransferSum sum{transfers.size(), 0};
    for (auto const& transfer : transfers)
        sum.bytes += transfer.size;
    return sum;
}

// What is done for each transfer: it queues its requests, and says how it went to `done`.
struct TransferKind {
    std::string_view doing;  // "Uploading"
    std::string_view verb;   // "upload"
    std::function<void(
        client::WorkQueue& queue,
        client::BlobClient const& blob,
        Transfer const& transfer,
        TransferProgress& progress,
        std::function<void(client::ApiResult<void>)> done
    )>
        submit;
};

Outcome<TransferSum> carry_out(
    CommandContext const& context, std::vector<Transfer> const& transfers, TransferKind const& kind
) {
    auto const& world = context.world;
    std::stop_source stop;
    std::stop_callback const relay(world.stop, [&stop] { stop.request_stop(); });
    auto const blob = context.blob.with({.stop = stop.get_token(), .retry = client::kTransferRetries});
    auto const sum = sum_of(transfers);
    FirstFailure failure(stop);
    TransferProgress progress(world.console, world.clock, std::string(kind.doing), sum.files, sum.bytes);
    {
        client::WorkQueue queue(kAtOnce);
        for (auto const& transfer : transfers) {
            kind.submit(
                queue,
                blob,
                transfer,
                progress,
                [&failure, &progress, &transfer](client::ApiResult<void> const& done) {
                    if (!done) failure.note(done.error(), transfer.blob);
                    progress.file_done();
                }
            );
        }
        queue.wait();
    }
    world.console.clear_status();
    if (auto const& first = failure.get()) {
        return context.blob_failure(first->first, fmt::format("{} {}", kind.verb, first->second));
    }
    return sum;
}

}  // namespace

void note_skipped(CommandContext const& context, LocalFiles const& found) {
    if (found.skipped.empty()) return;
    constexpr std::size_t kMostNames = 5;
    auto names = found.skipped;
    bool const many = names.size() > kMostNames;
    if (many) names.resize(kMostNames);
    auto const text = fmt::format(
        "Skipped: {}{}", fmt::join(names, ", "), many ? fmt::format(", ... ({})", found.skipped.size()) : ""
    );
    context.console().note(printable(text));
}

Outcome<TransferSum> upload_all(
    CommandContext const& context, std::string const& container, std::vector<Transfer> const& transfers
) {
    TransferKind const kind{
        "Uploading",
        "upload",
        [&container](auto& queue, auto const& blob, auto const& transfer, auto& progress, auto done) {
            client::submit_upload(
                queue,
                blob,
                {.file = transfer.file,
                 .container = container,
                 .blob = transfer.blob,
                 .done = std::move(done),
                 .count = [&progress](std::int64_t bytes) { progress.add(bytes); },
                 .content_type = std::string(content_type_of(transfer.blob)),
                 .md5 = client::UploadMd5::stated}
            );
        }};
    return carry_out(context, transfers, kind);
}

Outcome<TransferSum> download_all(
    CommandContext const& context, std::string const& container, std::vector<Transfer> const& transfers
) {
    TransferKind const kind{
        "Downloading",
        "download",
        [&container](auto& queue, auto const& blob, auto const& transfer, auto& progress, auto done) {
            std::error_code error;
            fs::create_directories(transfer.file.parent_path(), error);
            client::submit_download(
                queue,
                blob,
                {.container = container,
                 .blob = transfer.blob,
                 .target = transfer.file,
                 .done =
                     [done](client::ApiResult<std::uint64_t> const& size) {
                         done(size ? client::ApiResult<void>{} : client::ApiResult<void>(size.error()));
                     },
                 .count = [&progress](std::int64_t bytes) { progress.add(bytes); }}
            );
        }};
    return carry_out(context, transfers, kind);
}

Outcome<std::vector<Transfer>> plan_downloads(
    std::vector<client::BlobItem> const& blobs, std::string const& prefix, fs::path const& folder
) {
    std::vector<Transfer> transfers;
    for (auto const& blob : blobs) {
        auto const name = std::string_view(blob.name).substr(prefix.size());
        // Some tools make an empty blob for a folder.
        if (name.empty() || (name.ends_with('/') && blob.size == 0)) continue;
        auto path = path_below(folder, name);
        if (!path) {
            return Failure{
                ExitStatus::usage,
                fmt::format(
                    "The blob {} has no place below {}: no file can have that name. Nothing was fetched.",
                    printable(blob.name),
                    folder.string()
                )};
        }
        transfers.push_back({*std::move(path), blob.name, blob.size});
    }
    return transfers;
}

}  // namespace bluebatch::cli
