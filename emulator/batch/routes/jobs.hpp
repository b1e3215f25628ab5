#pragma once

#include "emulator/batch/routes/call.hpp"

#include <vector>

namespace bluebatch::emulator::batch::routes {

// A page of jobs, of all or of those of a schedule.
http::Response answer_jobs(
    Call const& call,
    wire::Selection const& selection,
    storage::ListQuery const& query,
    std::vector<domain::Job> jobs
);

}  // namespace bluebatch::emulator::batch::routes
