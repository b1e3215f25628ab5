#pragma once

#include "client/api/work_queue.hpp"
#include "client/cli/transcode/monitor.hpp"
#include "client/cli/transcode/run_context.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace bluebatch::cli::transcode {

// Fetches the results of tasks that succeeded and the last words of those that failed, beside the monitoring.
class ResultFetcher {
public:
    explicit ResultFetcher(RunContext const& context);

    // False when this one was taken before.
    bool take(std::size_t index, client::Task const& task);
    // A task that never came to be.
    void refused(std::size_t index, std::string why);
    // Waits for what is on its way.
    std::vector<TaskReport> finish();

private:
    void fetch_result(Conversion const& conversion, TaskReport& report);
    void note_result(
        client::ApiResult<std::uint64_t> const& size, Conversion const& conversion, TaskReport& report
    ) const;
    void fetch_stderr(Conversion const& conversion, TaskReport& report) const;

    RunContext const& context_;
    client::BlobClient blob_;
    // Each report is written by the monitoring thread before it is queued and by one worker afterwards.
    std::vector<TaskReport> reports_;
    client::WorkQueue queue_;
};

// "exit code 1 (FailureExitCode: The task exited with an exit code representing a failure)"
std::string describe_failure(client::Task const& task);

// The last lines of a text, at most `lines`, without an unfinished first one.
std::string last_lines(std::string_view text, std::size_t lines);

}  // namespace bluebatch::cli::transcode
