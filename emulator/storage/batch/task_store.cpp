#include "emulator/storage/batch/batch_store.hpp"
#include "emulator/storage/batch/task_change.hpp"
#include "emulator/storage/batch/task_record.hpp"

#include <array>

namespace bluebatch::emulator::storage {
namespace {

using record::column;

// By how much one task changes its job's counts.
struct CountChange {
    std::array<std::int64_t, 8> by{};  // in the order of the statement

    void add(TaskShare const& share, int sign) {
        bool const completed = share.state == domain::TaskState::completed;
        bool const active = share.state == domain::TaskState::active;
        std::size_t const group = active ? 0 : !completed ? 1 : !share.failed ? 2 : 3;
        by.at(group) += sign;
        by.at(group + 4) += sign * share.slots;
    }
};

void change_counts(Connection& connection, std::int64_t job, CountChange const& change) {
    connection.add_later(
        "UPDATE task_counts SET active = active + ?, running = running + ?, succeeded = succeeded + ?,"
        " failed = failed + ?, active_slots = active_slots + ?, running_slots = running_slots + ?,"
        " succeeded_slots = succeeded_slots + ?, failed_slots = failed_slots + ? WHERE job = ?",
        job,
        change.by
    );
}

void add_to_counts(Connection& connection, std::int64_t job, TaskShare const& share, int sign) {
    CountChange change;
    change.add(share, sign);
    change_counts(connection, job, change);
}

void count_change(Connection& connection, std::int64_t job, TaskShare const& before, TaskShare const& after) {
    CountChange change;
    change.add(before, -1);
    change.add(after, 1);
    change_counts(connection, job, change);
}

struct StoredShare {
    std::int64_t sequence = 0;
    std::int64_t job = 0;
    TaskShare share;
};

StoredShare read_stored_share(Row const& row) {
    bool const failed =
        record::optional_enumerator<domain::TaskResult>(row, 3) == domain::TaskResult::failure;
    return {
        row.integer(0),
        row.integer(1),
        {record::enumerator<domain::TaskState>(row, 2), failed, record::number(row, 4)},
    };
}

// When the files of a task are due for removal. Batch: TASK-27
std::optional<std::int64_t> expiry_of(domain::Task const& task) {
    bool const has_files = task.state == domain::TaskState::completed && task.place.has_value();
    if (!has_files || !task.execution.end_time) return std::nullopt;
    auto const end = column(*task.execution.end_time);
    auto const retention = task.constraints.retention_time.count();
    if (retention >= INT64_MAX - end) return std::nullopt;
    return end + retention;
}

std::optional<std::string> failure_column(domain::Task const& task) {
    auto const& failure = task.execution.failure;
    return failure ? std::optional{record::write_failure(*failure)} : std::nullopt;
}

std::optional<std::string_view> pool_column(domain::Task const& task) {
    return task.place ? std::optional<std::string_view>{task.place->pool_id} : std::nullopt;
}

std::optional<std::string_view> node_column(domain::Task const& task) {
    return task.place ? std::optional<std::string_view>{task.place->node_id} : std::nullopt;
}

}  // namespace

TaskShare share_of(domain::Task const& task) {
    bool const failed = task.execution.result == domain::TaskResult::failure;
    return {task.state, failed, task.required_slots};
}

bool insert_task(Transaction& transaction, domain::Task& task) {
    auto& connection = transaction.connection();
    auto const job = connection.find(
        "SELECT sequence FROM jobs WHERE id = ?", {task.job_id}, [](Row const& row) { return row.integer(0); }
    );
    connection.execute(
        "INSERT INTO tasks (job, id, state, state_time, creation_time, last_modified, required_slots,"
        " max_wall_clock_time, retention_time, max_task_retry_count, blocked, document, instances,"
        " affinity_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (job, id) DO NOTHING",
        {job,
         task.id,
         task.state,
         column(task.state_transition_time),
         column(task.creation_time),
         column(task.last_modified),
         task.required_slots,
         task.constraints.max_wall_clock_time.count(),
         task.constraints.retention_time.count(),
         task.constraints.max_task_retry_count,
         task.is_blocked,
         task.document,
         task.instances,
         task.affinity_id}
    );
    if (connection.changes() == 0) return false;
    task.sequence = connection.last_row_id();
    add_to_counts(connection, *job, share_of(task), 1);
    return true;
}

void update_task(Transaction& transaction, domain::Task const& task) {
    auto const before = transaction.connection().find(
        "SELECT sequence, job, state, result, required_slots FROM tasks WHERE sequence = ?",
        {task.sequence},
        read_stored_share
    );
    if (before) update_task(transaction, task, before->share, before->job);
}

void update_task(
    Transaction& transaction, domain::Task const& task, TaskShare const& before, std::int64_t job
) {
    auto& connection = transaction.connection();
    auto const& execution = task.execution;
    auto const failure = failure_column(task);
    connection.execute(
        "UPDATE tasks SET state = ?2, state_time = ?3, previous_state = ?4, previous_state_time = ?5,"
        " last_modified = ?6, required_slots = ?7, max_wall_clock_time = ?8, retention_time = ?9,"
        " max_task_retry_count = ?10, start_time = ?11, end_time = ?12, exit_code = ?13, result = ?14,"
        " failure = ?15, retry_count = ?16, last_retry_time = ?17, requeue_count = ?18, last_requeue_time = "
        "?19,"
        " pool_id = ?20, node_id = ?21, termination_requested = ?22,"
        " expires = CASE WHEN files_removed AND ?2 = 3 THEN NULL ELSE ?23 END,"
        " files_removed = files_removed AND ?2 = 3 WHERE sequence = ?1",
        {task.sequence,
         task.state,
         column(task.state_transition_time),
         task.previous_state,
         column(task.previous_state_transition_time),
         column(task.last_modified),
         task.required_slots,
         task.constraints.max_wall_clock_time.count(),
         task.constraints.retention_time.count(),
         task.constraints.max_task_retry_count,
         column(execution.start_time),
         column(execution.end_time),
         execution.exit_code,
         execution.result,
         failure,
         execution.retry_count,
         column(execution.last_retry_time),
         execution.requeue_count,
         column(execution.last_requeue_time),
         pool_column(task),
         node_column(task),
         task.termination_requested,
         expiry_of(task)}
    );
    count_change(connection, job, before, share_of(task));
}

void update_begun_task(
    Transaction& transaction, domain::Task const& task, TaskShare const& before, std::int64_t job
) {
    auto& connection = transaction.connection();
    connection.execute(
        "UPDATE tasks SET state = ?2, state_time = ?3, previous_state = ?4, previous_state_time = ?5,"
        " start_time = ?6, pool_id = ?7, node_id = ?8 WHERE sequence = ?1",
        {task.sequence,
         task.state,
         column(task.state_transition_time),
         task.previous_state,
         column(task.previous_state_transition_time),
         column(task.execution.start_time),
         pool_column(task),
         node_column(task)}
    );
    count_change(connection, job, before, share_of(task));
}

void update_ended_task(
    Transaction& transaction, domain::Task const& task, TaskShare const& before, std::int64_t job
) {
    auto& connection = transaction.connection();
    auto const& execution = task.execution;
    auto const failure = failure_column(task);
    connection.execute(
        "UPDATE tasks SET state = ?2, state_time = ?3, previous_state = ?4, previous_state_time = ?5,"
        " start_time = ?6, end_time = ?7, exit_code = ?8, result = ?9, failure = ?10, retry_count = ?11,"
        " last_retry_time = ?12, requeue_count = ?13, last_requeue_time = ?14, termination_requested = ?15,"
        " expires = ?16 WHERE sequence = ?1",
        {task.sequence,
         task.state,
         column(task.state_transition_time),
         task.previous_state,
         column(task.previous_state_transition_time),
         column(execution.start_time),
         column(execution.end_time),
         execution.exit_code,
         execution.result,
         failure,
         execution.retry_count,
         column(execution.last_retry_time),
         execution.requeue_count,
         column(execution.last_requeue_time),
         task.termination_requested,
         expiry_of(task)}
    );
    count_change(connection, job, before, share_of(task));
}

void delete_task(Transaction& transaction, std::string_view job_id, std::string_view task_id) {
    auto& connection = transaction.connection();
    auto const before = connection.find(
        "SELECT sequence, job, state, result, required_slots FROM tasks"
        " WHERE job = (SELECT sequence FROM jobs WHERE id = ?) AND id = ?",
        {job_id, task_id},
        read_stored_share
    );
    if (!before) return;
    connection.execute("DELETE FROM tasks WHERE sequence = ?", {before->sequence});
    connection.execute("DELETE FROM task_waits WHERE task = ?", {before->sequence});
    connection.execute("DELETE FROM subtasks WHERE job = ? AND task = ?", {before->job, before->sequence});
    add_to_counts(connection, before->job, before->share, -1);
}

void mark_files_removed(Transaction& transaction, std::int64_t sequence) {
    transaction.connection().execute(
        "UPDATE tasks SET files_removed = 1, expires = NULL WHERE sequence = ?", {sequence}
    );
}

}  // namespace bluebatch::emulator::storage
