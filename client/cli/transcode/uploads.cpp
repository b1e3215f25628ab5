#include "client/cli/transcode/uploads.hpp"

#include "client/api/upload.hpp"
#include "client/api/work_queue.hpp"
#include "client/cli/first_failure.hpp"
#include "client/cli/progress.hpp"

#include <fmt/format.h>

#include <stop_token>
#include <utility>

namespace bluebatch::cli::transcode {
namespace {

constexpr unsigned kUploadsAtOnce = 8;

std::uint64_t total_size(Plan const& plan) {
    std::uint64_t total = 0;
    for (auto const& conversion : plan.conversions)
        total += conversion.size;
    return total;
}

}  // namespace

Outcome<void> upload_inputs(RunContext& context) {
    auto const& plan = context.plan;
    auto const& world = context.world;
    std::stop_source stop;
    std::stop_callback const relay(world.stop, [&stop] { stop.request_stop(); });
    auto retry = client::kTransferRetries;
    retry.patience = patience_of(context.options);
    auto const blob = context.blob.with({.stop = stop.get_token(), .retry = retry});
    FirstFailure failure(stop);
    TransferProgress progress(
        world.console, world.clock, "Uploading", plan.conversions.size(), total_size(plan)
    );
    {
        context.ledger.uploads = Made::maybe;
        client::WorkQueue queue(kUploadsAtOnce);
        for (auto const& conversion : plan.conversions) {
            auto const name = conversion.input.filename().string();
            world.console.line(
                fmt::format("Uploading file {} to container [{}]...", name, plan.input_container)
            );
            client::submit_upload(
                queue,
                blob,
                {.file = conversion.input,
                 .container = plan.input_container,
                 .blob = conversion.input_blob,
                 .done =
                     [&failure, &progress, name](client::ApiResult<void> const& sent) {
                         if (!sent) failure.note(sent.error(), name);
                         progress.file_done();
                     },
                 .count = [&progress](std::int64_t bytes) { progress.add(bytes); }}
            );
        }
        queue.wait();
    }
    world.console.clear_status();
    if (auto const& first = failure.get()) {
        return explain_blob(context, first->first, fmt::format("upload {}", first->second));
    }
    return {};
}

}  // namespace bluebatch::cli::transcode
