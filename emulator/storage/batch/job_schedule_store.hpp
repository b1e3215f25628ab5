#pragma once

#include "emulator/domain/job_schedule.hpp"
#include "emulator/storage/batch/batch_store.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::storage {

void insert_job_schedule(Transaction& transaction, domain::JobSchedule& schedule);  // sets its sequence
void update_job_schedule(Transaction& transaction, domain::JobSchedule const& schedule);
void delete_job_schedule(Transaction& transaction, std::string_view schedule_id);  // its jobs are gone before
std::optional<domain::JobSchedule> find_job_schedule(Connection& connection, std::string_view schedule_id);
std::vector<domain::JobSchedule> list_job_schedules(Connection& connection, ListQuery const& query);

// Jobs that a schedule made; fields of ListKind::jobs.
std::vector<domain::Job> list_jobs_of_schedule(
    Connection& connection, std::string_view schedule_id, ListQuery const& query
);
// The one that is not completed. Batch: SCH-3
std::optional<domain::Job> find_active_job_of_schedule(Connection& connection, std::string_view schedule_id);

}  // namespace bluebatch::emulator::storage
