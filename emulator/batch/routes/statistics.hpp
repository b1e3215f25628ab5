#pragma once

#include "emulator/batch/routes/call.hpp"
#include "emulator/domain/usage.hpp"

#include <string>
#include <vector>

namespace bluebatch::emulator::batch::routes {

// Whether $expand asks for statistics, which has been checked.
bool wants_statistics(Call const& call, wire::Selection const& selection);

// In the newest shape, with `url` naming what they are about. Batch: REST-28
wire::Json pool_statistics(
    std::vector<domain::NodeUsage> const& usage, std::string const& url, base::TimePoint now
);
wire::Json job_statistics(domain::TaskTotals const& totals, std::string const& url, base::TimePoint now);
// Empty for a task that never ran.
std::optional<wire::Json> task_statistics(
    domain::Task const& task, std::string const& url, base::TimePoint now
);

}  // namespace bluebatch::emulator::batch::routes
