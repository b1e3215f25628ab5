#pragma once

#include "emulator/domain/words.hpp"
#include "shared/base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace bluebatch::emulator::domain {

// Batch: SCH-1
enum class JobScheduleState : std::uint8_t { active, completed, disabled, terminating, deleting };
template <>
inline constexpr auto kWords<JobScheduleState> =
    std::to_array<std::string_view>({"active", "completed", "disabled", "terminating", "deleting"});

// When the jobs of a schedule are due. Batch: SCH-4
struct Recurrence {
    std::optional<base::TimePoint> do_not_run_until;
    std::optional<base::TimePoint> do_not_run_after;
    base::Ticks start_window = base::kUnlimited;  // how late a job may come
    std::optional<base::Ticks> interval;          // empty: there is one job
};

// A job schedule as the scheduler and the store see it. `document` holds the members that users gave, the
// specification of its jobs among them, as JSON of the newest api-version; only emulator/batch reads it.
struct JobSchedule {
    std::int64_t sequence = 0;  // order of addition; set by the store
    std::string id;
    JobScheduleState state = JobScheduleState::active;
    base::TimePoint state_transition_time;
    std::optional<JobScheduleState> previous_state;  // never a transitional one
    std::optional<base::TimePoint> previous_state_transition_time;
    base::TimePoint creation_time;
    base::TimePoint last_modified;  // moves with user changes only. Batch: REST-21
    Recurrence recurrence;
    // When the next job is due, or was while the one before it goes on; empty when none is to come.
    std::optional<base::TimePoint> next_run_time;
    std::int64_t jobs_created = 0;
    std::string recent_job_id;  // empty before the first
    std::string pool_id;        // of its jobs, where they share one that was made for them. Batch: AUTO-3
    bool keeps_pool = false;
    std::optional<base::TimePoint> end_time;
    std::string document;
};

// Sets state and the transition times; a transitional state never becomes the previous one.
void move_to(JobSchedule& schedule, JobScheduleState state, base::TimePoint now);

// "nightly:job-3"; a colon is in no other ids. Batch: SCH-2
std::string job_id_of(JobSchedule const& schedule, std::int64_t number);

}  // namespace bluebatch::emulator::domain
