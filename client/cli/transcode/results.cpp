#include "client/cli/transcode/results.hpp"

#include "client/api/download.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace bluebatch::cli::transcode {
namespace {

constexpr unsigned kDownloadsAtOnce = 4;
constexpr std::uint64_t kStderrBytes = 8 << 10;
constexpr std::size_t kStderrLines = 12;

client::RetryOptions retries(TranscodeOptions const& options) {
    auto retry = client::kTransferRetries;
    retry.patience = patience_of(options);
    return retry;
}

}  // namespace

ResultFetcher::ResultFetcher(RunContext const& context)
    : context_(context),
      blob_(context.blob.with({.stop = context.world.stop, .retry = retries(context.options)})),
      reports_(context.plan.conversions.size()),
      queue_(kDownloadsAtOnce) {}

bool ResultFetcher::take(std::size_t index, client::Task const& task) {
    auto& report = reports_[index];
    if (report.end != TaskEnd::unfinished) return false;
    auto const& conversion = context_.plan.conversions[index];
    report.exit_code = task.exit_code;
    if (task.start_time && task.end_time) {
        report.seconds = std::chrono::duration<double>(*task.end_time - *task.start_time).count();
    }
    if (task.result != client::TaskResult::failure) {
        report.end = TaskEnd::succeeded;
        fetch_result(conversion, report);
        return true;
    }
    report.end = TaskEnd::failed;
    report.failure = describe_failure(task);
    queue_.submit([this, &conversion, &report] { fetch_stderr(conversion, report); });
    return true;
}

void ResultFetcher::refused(std::size_t index, std::string why) {
    reports_[index].end = TaskEnd::failed;
    reports_[index].failure = std::move(why);
}

std::vector<TaskReport> ResultFetcher::finish() {
    queue_.wait();
    return std::move(reports_);
}

void ResultFetcher::fetch_result(Conversion const& conversion, TaskReport& report) {
    client::submit_download(
        queue_,
        blob_,
        {.container = context_.plan.output_container,
         .blob = conversion.output_blob,
         .target = conversion.result,
         .done = [this, &conversion, &report](auto const& size) { note_result(size, conversion, report); },
         .count = [](std::int64_t) {}}
    );
}

void ResultFetcher::note_result(
    client::ApiResult<std::uint64_t> const& size, Conversion const& conversion, TaskReport& report
) const {
    if (size) {
        report.result_size = *size;
        return;
    }
    report.end = TaskEnd::failed;
    report.failure = client::has_status(size.error(), 404)
                         ? "the command succeeded but left no {output}"
                         : fmt::format(
                               "its result could not be fetched: {}\n  It is still in container [{}] as {}",
                               client::describe(size.error()),
                               context_.plan.output_container,
                               conversion.output_blob
                           );
}

void ResultFetcher::fetch_stderr(Conversion const& conversion, TaskReport& report) const {
    auto const text = context_.batch.read_task_file_end(
        context_.options.job_id, conversion.task_id, "stderr.txt", kStderrBytes
    );
    // A task that never started has none.
    if (text) report.stderr_end = last_lines(*text, kStderrLines);
}

std::string describe_failure(client::Task const& task) {
    std::string text = task.exit_code ? fmt::format("exit code {}", *task.exit_code) : "it did not run";
    if (!task.failure) return text;
    text += fmt::format(" ({}: {}", task.failure->code, base::trim(task.failure->message));
    for (auto const& [name, value] : task.failure->details) {
        if (name == "FilePath" || name == "Message" || name == "BlobSource") {
            // A source is told without its query, which is a signature.
            auto const shown = name == "BlobSource" ? value.substr(0, value.find('?')) : value;
            text += fmt::format("; {}: {}", name, shown);
        }
    }
    return text + ")";
}

std::string last_lines(std::string_view text, std::size_t lines) {
    while (text.ends_with('\n') || text.ends_with('\r'))
        text.remove_suffix(1);
    auto start = text.size();
    for (std::size_t found = 0; start > 0; --start) {
        if (text[start - 1] == '\n' && ++found == lines) break;
    }
    return std::string(text.substr(start));
}

}  // namespace bluebatch::cli::transcode
