#pragma once

#include "emulator/batch/service/context.hpp"
#include "emulator/batch/wire/json.hpp"
#include "emulator/batch/wire/schema.hpp"
#include "emulator/domain/job_schedule.hpp"

namespace bluebatch::emulator::batch::service {

// Adds a job, with its auto pool and its job manager task. The body is in the newest shape and has passed its
// rules. JobExists, JobScheduleWithSameIdExists, ActiveJobAndScheduleQuotaReached.
Result<domain::Job> insert_job(
    storage::Transaction& transaction, Context const& context, wire::Json body, wire::ApiVersion version
);

// Adds the next job of a schedule, and notes it there; who calls it stores the schedule.
// ActiveJobAndScheduleQuotaReached. Batch: SCH-2
Result<domain::Job> insert_job_of(
    storage::Transaction& transaction, Context const& context, domain::JobSchedule& schedule
);

// ActiveJobAndScheduleQuotaReached when there is no room for one more. Batch: SCH-13
std::optional<BatchError> check_quota(storage::Transaction& transaction, Context const& context);
// What would keep each job of a schedule from being added.
std::optional<BatchError> check_specification(wire::Json const& specification, base::TimePoint now);

}  // namespace bluebatch::emulator::batch::service
