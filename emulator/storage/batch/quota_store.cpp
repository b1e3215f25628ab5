#include "emulator/storage/batch/quota_store.hpp"

#include "emulator/domain/job.hpp"
#include "emulator/domain/job_schedule.hpp"

namespace bluebatch::emulator::storage {
namespace {

std::int64_t read_count(Row const& row) {
    return row.integer(0);
}

}  // namespace

std::int64_t count_pools(Connection& connection) {
    return connection.find("SELECT count(*) FROM pools", {}, read_count).value_or(0);
}

std::int64_t count_active_jobs_and_schedules(Connection& connection) {
    return connection
        .find(
            "SELECT (SELECT count(*) FROM jobs WHERE state <> ?)"
            " + (SELECT count(*) FROM job_schedules WHERE state <> ?)",
            {domain::JobState::completed, domain::JobScheduleState::completed},
            read_count
        )
        .value_or(0);
}

}  // namespace bluebatch::emulator::storage
