#include "emulator/storage/batch/batch_store.hpp"

namespace bluebatch::emulator::storage {
namespace {

// Times are ticks of 100 ns since 1970, durations ticks, enumerators their numbers; ids compare without case.
// Tasks are kept by the number of their job, so that a job's tasks stand together and their indexes stay
// small:
//   tasks_by_id     looking up and listing in order of ids
//   tasks_by_state  listing one state in order of ids, and what runs in a job
//   tasks_failed    listing failures in order of ids, few among many
//   tasks_waiting   what the scheduler takes next: of a job, in order of addition
//   tasks_expiring  whose files are due for removal
constexpr char const* kFirst = R"sql(
CREATE TABLE pools (
    id TEXT COLLATE NOCASE PRIMARY KEY,
    state INTEGER NOT NULL,
    state_time INTEGER NOT NULL,
    allocation_state INTEGER NOT NULL,
    allocation_state_time INTEGER NOT NULL,
    creation_time INTEGER NOT NULL,
    last_modified INTEGER NOT NULL,
    vm_size TEXT COLLATE NOCASE NOT NULL,
    target_dedicated INTEGER NOT NULL,
    target_low_priority INTEGER NOT NULL,
    resize_timeout INTEGER NOT NULL,
    resize_started INTEGER NOT NULL,
    deallocation_option INTEGER NOT NULL,
    resize_errors TEXT NOT NULL,
    task_slots_per_node INTEGER NOT NULL,
    node_fill_type INTEGER NOT NULL,
    has_start_task INTEGER NOT NULL,
    document TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE nodes (
    pool_id TEXT COLLATE NOCASE NOT NULL,
    id TEXT COLLATE NOCASE NOT NULL,
    is_dedicated INTEGER NOT NULL,
    state INTEGER NOT NULL,
    scheduling_state INTEGER NOT NULL,
    state_time INTEGER NOT NULL,
    allocation_time INTEGER NOT NULL,
    last_boot_time INTEGER,
    ip_address TEXT NOT NULL,
    total_tasks_run INTEGER NOT NULL,
    total_tasks_succeeded INTEGER NOT NULL,
    running_tasks INTEGER NOT NULL,
    running_slots INTEGER NOT NULL,
    start_state INTEGER,
    start_result INTEGER,
    start_exit_code INTEGER,
    start_start_time INTEGER,
    start_end_time INTEGER,
    start_task_info TEXT,
    recent_tasks TEXT NOT NULL,
    PRIMARY KEY (pool_id, id)
) WITHOUT ROWID;

CREATE TABLE jobs (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT COLLATE NOCASE NOT NULL UNIQUE,
    state INTEGER NOT NULL,
    state_time INTEGER NOT NULL,
    previous_state INTEGER,
    previous_state_time INTEGER,
    creation_time INTEGER NOT NULL,
    last_modified INTEGER NOT NULL,
    pool_id TEXT COLLATE NOCASE NOT NULL,
    priority INTEGER NOT NULL,
    max_parallel_tasks INTEGER NOT NULL,
    max_wall_clock_time INTEGER NOT NULL,
    max_task_retry_count INTEGER NOT NULL,
    on_all_tasks_complete INTEGER NOT NULL,
    start_time INTEGER NOT NULL,
    end_time INTEGER,
    terminate_reason TEXT NOT NULL,
    document TEXT NOT NULL
);

CREATE TABLE task_counts (
    job INTEGER PRIMARY KEY,
    active INTEGER NOT NULL DEFAULT 0,
    running INTEGER NOT NULL DEFAULT 0,
    succeeded INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    active_slots INTEGER NOT NULL DEFAULT 0,
    running_slots INTEGER NOT NULL DEFAULT 0,
    succeeded_slots INTEGER NOT NULL DEFAULT 0,
    failed_slots INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE tasks (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    job INTEGER NOT NULL,
    id TEXT COLLATE NOCASE NOT NULL,
    state INTEGER NOT NULL,
    state_time INTEGER NOT NULL,
    previous_state INTEGER,
    previous_state_time INTEGER,
    creation_time INTEGER NOT NULL,
    last_modified INTEGER NOT NULL,
    required_slots INTEGER NOT NULL,
    max_wall_clock_time INTEGER NOT NULL,
    retention_time INTEGER NOT NULL,
    max_task_retry_count INTEGER NOT NULL,
    start_time INTEGER,
    end_time INTEGER,
    exit_code INTEGER,
    result INTEGER,
    failure TEXT,
    retry_count INTEGER NOT NULL DEFAULT 0,
    last_retry_time INTEGER,
    requeue_count INTEGER NOT NULL DEFAULT 0,
    last_requeue_time INTEGER,
    pool_id TEXT,
    node_id TEXT,
    termination_requested INTEGER NOT NULL DEFAULT 0,
    files_removed INTEGER NOT NULL DEFAULT 0,
    expires INTEGER,
    document TEXT NOT NULL
);
CREATE UNIQUE INDEX tasks_by_id ON tasks (job, id);
CREATE INDEX tasks_by_state ON tasks (job, state, id);
CREATE INDEX tasks_failed ON tasks (job, id) WHERE result = 1;
CREATE INDEX tasks_waiting ON tasks (job) WHERE state = 0;
CREATE INDEX tasks_expiring ON tasks (expires) WHERE expires IS NOT NULL;
)sql";

// What waits for other tasks is no business of the scheduler's, so tasks_waiting leaves it out.
//   task_waits         which task of the job, or number ("#4"), a blocked task waits for
//   satisfied_tasks    in jobs with dependencies: tasks that others need not wait for any more
//   satisfied_numbers  the same of numbers that their ids write, each run of them one row
constexpr char const* kDependencies = R"sql(
ALTER TABLE jobs ADD COLUMN uses_task_dependencies INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN on_task_failure INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN disable_tasks INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tasks ADD COLUMN blocked INTEGER NOT NULL DEFAULT 0;
DROP INDEX tasks_waiting;
CREATE INDEX tasks_waiting ON tasks (job) WHERE state = 0 AND NOT blocked;
CREATE TABLE task_waits (
    job INTEGER NOT NULL,
    awaited TEXT COLLATE NOCASE NOT NULL,
    task INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (job, awaited, task)
) WITHOUT ROWID;
CREATE INDEX task_waits_by_task ON task_waits (task);
CREATE TABLE satisfied_tasks (
    job INTEGER NOT NULL,
    id TEXT COLLATE NOCASE NOT NULL,
    PRIMARY KEY (job, id)
) WITHOUT ROWID;
CREATE TABLE satisfied_numbers (
    job INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (job, first)
) WITHOUT ROWID;
)sql";

//   job_nodes  what preparation and release tasks did where; it stays when the node goes
constexpr char const* kJobNodes = R"sql(
ALTER TABLE jobs ADD COLUMN has_preparation_task INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN manager_id TEXT COLLATE NOCASE;
ALTER TABLE jobs ADD COLUMN manager_kills_job INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN manager_is_alone INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN manager_allows_low_priority INTEGER NOT NULL DEFAULT 0;
CREATE TABLE job_nodes (
    job INTEGER NOT NULL,
    pool_id TEXT COLLATE NOCASE NOT NULL,
    node_id TEXT COLLATE NOCASE NOT NULL,
    prep_state INTEGER NOT NULL,
    prep_start_time INTEGER NOT NULL,
    prep_end_time INTEGER,
    prep_exit_code INTEGER,
    prep_result INTEGER,
    prep_info TEXT NOT NULL,
    release_state INTEGER,
    release_start_time INTEGER,
    release_end_time INTEGER,
    release_exit_code INTEGER,
    release_result INTEGER,
    release_info TEXT,
    files_lost INTEGER NOT NULL,
    PRIMARY KEY (job, pool_id, node_id)
) WITHOUT ROWID;
CREATE INDEX job_nodes_by_node ON job_nodes (pool_id, node_id);
)sql";

constexpr char const* kNodeRequests = R"sql(
ALTER TABLE pools ADD COLUMN auto_scale TEXT;
ALTER TABLE jobs ADD COLUMN auto_pool_lifetime INTEGER;
ALTER TABLE jobs ADD COLUMN auto_pool_keep_alive INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN scheduling_error TEXT;
ALTER TABLE nodes ADD COLUMN request INTEGER NOT NULL DEFAULT 0;
ALTER TABLE nodes ADD COLUMN request_option INTEGER NOT NULL DEFAULT 0;
)sql";

// Users go with their node.
constexpr char const* kNodeUsers = R"sql(
CREATE TABLE node_users (
    pool_id TEXT COLLATE NOCASE NOT NULL,
    node_id TEXT COLLATE NOCASE NOT NULL,
    name TEXT COLLATE NOCASE NOT NULL,
    is_admin INTEGER NOT NULL,
    expiry_time INTEGER NOT NULL,
    has_password INTEGER NOT NULL,
    ssh_public_key TEXT NOT NULL,
    PRIMARY KEY (pool_id, node_id, name)
) WITHOUT ROWID;

CREATE TRIGGER node_users_of_deleted AFTER DELETE ON nodes BEGIN
    DELETE FROM node_users WHERE pool_id = OLD.pool_id AND node_id = OLD.id;
END;
)sql";

constexpr char const* kCertificates = R"sql(
CREATE TABLE certificates (
    thumbprint TEXT COLLATE NOCASE PRIMARY KEY,
    state INTEGER NOT NULL,
    state_time INTEGER NOT NULL,
    previous_state INTEGER,
    previous_state_time INTEGER,
    public_data TEXT NOT NULL
) WITHOUT ROWID;
)sql";

// The number of a package names its file, so none is given twice.
constexpr char const* kApplications = R"sql(
CREATE TABLE applications (
    id TEXT COLLATE NOCASE PRIMARY KEY,
    display_name TEXT NOT NULL,
    default_version TEXT NOT NULL,
    allow_updates INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE application_packages (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    application_id TEXT COLLATE NOCASE NOT NULL,
    version TEXT COLLATE NOCASE NOT NULL,
    size INTEGER NOT NULL,
    last_modified INTEGER NOT NULL,
    UNIQUE (application_id, version)
);
)sql";

// One row for each node that a pool has or had.
constexpr char const* kNodeUsage = R"sql(
CREATE TABLE node_usage (
    pool_id TEXT COLLATE NOCASE NOT NULL,
    node_id TEXT COLLATE NOCASE NOT NULL,
    vm_size TEXT COLLATE NOCASE NOT NULL,
    is_dedicated INTEGER NOT NULL,
    start_time INTEGER NOT NULL,
    end_time INTEGER
);
CREATE INDEX node_usage_of_pool ON node_usage (pool_id);
CREATE INDEX node_usage_open ON node_usage (node_id) WHERE end_time IS NULL;
)sql";

//   subtasks        of multi-instance tasks: what each node did for the present or latest try
//   tasks_in_gangs  such tasks that wait, few among many
constexpr char const* kMultiInstance = R"sql(
ALTER TABLE pools ADD COLUMN inter_node_communication INTEGER NOT NULL DEFAULT 0;
UPDATE pools
    SET inter_node_communication = ifnull(json_extract(document, '$.enableInterNodeCommunication'), 0);
ALTER TABLE tasks ADD COLUMN instances INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tasks ADD COLUMN affinity_id TEXT NOT NULL DEFAULT '';
CREATE INDEX tasks_in_gangs ON tasks (job) WHERE instances > 1 AND state = 0 AND NOT blocked;
CREATE TABLE subtasks (
    job INTEGER NOT NULL,
    task INTEGER NOT NULL,
    id INTEGER NOT NULL,
    state INTEGER NOT NULL,
    state_time INTEGER NOT NULL,
    previous_state INTEGER,
    previous_state_time INTEGER,
    start_time INTEGER,
    end_time INTEGER,
    exit_code INTEGER,
    result INTEGER,
    failure TEXT,
    pool_id TEXT NOT NULL,
    node_id TEXT NOT NULL,
    PRIMARY KEY (job, task, id)
) WITHOUT ROWID;
)sql";

constexpr char const* kJobSchedules = R"sql(
ALTER TABLE jobs ADD COLUMN schedule_id TEXT COLLATE NOCASE;
CREATE INDEX jobs_of_schedule ON jobs (schedule_id, id) WHERE schedule_id IS NOT NULL;
CREATE TABLE job_schedules (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT COLLATE NOCASE NOT NULL UNIQUE,
    state INTEGER NOT NULL,
    state_time INTEGER NOT NULL,
    previous_state INTEGER,
    previous_state_time INTEGER,
    creation_time INTEGER NOT NULL,
    last_modified INTEGER NOT NULL,
    do_not_run_until INTEGER,
    do_not_run_after INTEGER,
    start_window INTEGER NOT NULL,
    recurrence_interval INTEGER,
    next_run_time INTEGER,
    jobs_created INTEGER NOT NULL,
    recent_job_id TEXT NOT NULL,
    pool_id TEXT NOT NULL,
    keeps_pool INTEGER NOT NULL,
    end_time INTEGER,
    document TEXT NOT NULL
);
)sql";

constexpr char const* kTaskPreemption = R"sql(
ALTER TABLE jobs ADD COLUMN allow_task_preemption INTEGER NOT NULL DEFAULT 0;
)sql";

constexpr char const* kNodeErrors = R"sql(
ALTER TABLE nodes ADD COLUMN error TEXT;
)sql";

// From here on recent_tasks may be bytes (recent_tasks.hpp), which versions before can't read.
constexpr char const* kRecentTasksInBytes = "";

}  // namespace

std::vector<std::string> const& batch_schema() {
    static std::vector<std::string> const schema{
        kFirst,
        kDependencies,
        kJobNodes,
        kNodeRequests,
        kNodeUsers,
        kCertificates,
        kApplications,
        kNodeUsage,
        kJobSchedules,
        kMultiInstance,
        kTaskPreemption,
        kNodeErrors,
        kRecentTasksInBytes,
    };
    return schema;
}

}  // namespace bluebatch::emulator::storage
