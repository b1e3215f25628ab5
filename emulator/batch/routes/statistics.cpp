#include "emulator/batch/routes/statistics.hpp"

#include "emulator/batch/service/usage.hpp"

#include <algorithm>

namespace bluebatch::emulator::batch::routes {

using wire::Json;

bool wants_statistics(Call const& call, wire::Selection const& selection) {
    bool const is_expanded = !call.request.find_query_ignoring_case("$expand").value_or("").empty();
    return is_expanded && selection.has("stats");
}

Json pool_statistics(
    std::vector<domain::NodeUsage> const& usage, std::string const& url, base::TimePoint now
) {
    auto start = now;
    std::vector<domain::NodeUsage> dedicated;
    for (auto const& node : usage) {
        start = std::min(start, node.start);
        if (node.is_dedicated) dedicated.push_back(node);
    }
    auto const core_time = service::core_time(dedicated, {base::TimePoint{}, now});
    auto const first = base::to_iso8601(start);
    auto const last = base::to_iso8601(now);
    return {
        {"url", url},
        {"startTime", first},
        {"lastUpdateTime", last},
        {"usageStats",
         {{"startTime", first},
          {"lastUpdateTime", last},
          {"dedicatedCoreTime", base::to_iso8601_duration(core_time)}}}};
}

Json job_statistics(domain::TaskTotals const& totals, std::string const& url, base::TimePoint now) {
    return {
        {"url", url},
        {"startTime", base::to_iso8601(totals.first_creation.value_or(now))},
        {"lastUpdateTime", base::to_iso8601(now)},
        {"wallClockTime", base::to_iso8601_duration(totals.wall_clock_time)},
        {"numTaskRetries", std::to_string(totals.retries)},
        {"numSucceededTasks", std::to_string(totals.succeeded)},
        {"numFailedTasks", std::to_string(totals.failed)},
        {"waitTime", base::to_iso8601_duration(totals.wait_time)}};
}

std::optional<Json> task_statistics(domain::Task const& task, std::string const& url, base::TimePoint now) {
    auto const& execution = task.execution;
    if (!execution.start_time) return std::nullopt;
    auto const until = execution.end_time.value_or(now);
    return Json{
        {"url", url},
        {"startTime", base::to_iso8601(*execution.start_time)},
        {"lastUpdateTime", base::to_iso8601(until)},
        {"wallClockTime", base::to_iso8601_duration(until - *execution.start_time)},
        {"waitTime", base::to_iso8601_duration(*execution.start_time - task.creation_time)}};
}

}  // namespace bluebatch::emulator::batch::routes
