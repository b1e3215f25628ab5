#pragma once

#include "emulator/domain/failure.hpp"
#include "emulator/domain/words.hpp"
#include "shared/base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace bluebatch::emulator::domain {

enum class JobState : std::uint8_t {
    active,
    disabling,
    disabled,
    enabling,
    terminating,
    completed,
    deleting
};
template <>
inline constexpr auto kWords<JobState> = std::to_array<std::string_view>(
    {"active", "disabling", "disabled", "enabling", "terminating", "completed", "deleting"}
);

enum class OnAllTasksComplete : std::uint8_t { no_action, terminate_job };
template <>
inline constexpr auto kWords<OnAllTasksComplete> =
    std::to_array<std::string_view>({"noaction", "terminatejob"});

// Batch: JOB-25
enum class OnTaskFailure : std::uint8_t { no_action, perform_exit_options_job_action };
template <>
inline constexpr auto kWords<OnTaskFailure> =
    std::to_array<std::string_view>({"noaction", "performexitoptionsjobaction"});

// What becomes of running tasks when a job is disabled. Batch: JOB-30
enum class DisableTasks : std::uint8_t { requeue, terminate, wait };
template <>
inline constexpr auto kWords<DisableTasks> = std::to_array<std::string_view>({"requeue", "terminate", "wait"}
);

// The task that runs a job; what else there is to know of it is the task's. Batch: JM-1 to JM-4
struct JobManager {
    std::string task_id;
    bool kills_job = true;            // at its end: killJobOnCompletion
    bool is_alone = true;             // on its node: runExclusive
    bool allows_low_priority = true;  // nodes
};

// A pool that was made for the job and goes with it. Batch: AUTO-3
enum class PoolLifetime : std::uint8_t { job_schedule, job };
template <>
inline constexpr auto kWords<PoolLifetime> = std::to_array<std::string_view>({"jobschedule", "job"});

struct AutoPool {
    PoolLifetime lifetime = PoolLifetime::job;
    bool keep_alive = false;  // it does not go after all
};

// A job as the scheduler and the store see it. `document` holds the members that users gave, as JSON of the
// newest api-version; only emulator/batch/wire reads it.
struct Job {
    std::int64_t sequence = 0;  // order of addition; set by the store
    std::string id;
    std::string schedule_id;  // empty unless a job schedule made it
    JobState state = JobState::active;
    base::TimePoint state_transition_time;
    std::optional<JobState> previous_state;  // never a transitional one. Batch: JOB-3
    std::optional<base::TimePoint> previous_state_transition_time;
    base::TimePoint creation_time;
    base::TimePoint last_modified;  // moves with user changes only. Batch: REST-21
    std::string pool_id;
    int priority = 0;
    int max_parallel_tasks = -1;                         // -1: no limit
    base::Ticks max_wall_clock_time = base::kUnlimited;  // from creation. Batch: JOB-10
    int max_task_retry_count = 0;
    OnAllTasksComplete on_all_tasks_complete = OnAllTasksComplete::no_action;
    OnTaskFailure on_task_failure = OnTaskFailure::no_action;
    bool uses_task_dependencies = false;
    DisableTasks disable_tasks = DisableTasks::requeue;  // while it is disabling
    bool has_preparation_task = false;                   // in its document, perhaps with a release task
    std::optional<JobManager> manager;
    std::optional<AutoPool> auto_pool;
    base::TimePoint start_time;
    std::optional<base::TimePoint> end_time;
    std::string terminate_reason;
    std::optional<FailureInfo> scheduling_error;  // it could not be started. Batch: JOB-39
    std::string document;
};

// Whether it is over, or about to be.
bool is_ending(JobState state);

// Sets state and the transition times; a transitional state never becomes the previous one.
void move_to(Job& job, JobState state, base::TimePoint now);

// Numbers that a job's tasks add up to, by state and by slots. Batch: CNT-1
struct TaskCounts {
    struct Sums {
        std::int64_t active = 0;
        std::int64_t running = 0;  // preparing included
        std::int64_t succeeded = 0;
        std::int64_t failed = 0;
        std::int64_t completed() const { return succeeded + failed; }
    };
    Sums tasks;
    Sums slots;
};

}  // namespace bluebatch::emulator::domain
