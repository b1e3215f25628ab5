#include "emulator/storage/batch/columns.hpp"
#include "emulator/storage/batch/filter.hpp"
#include "emulator/storage/batch/job_schedule_store.hpp"
#include "emulator/storage/batch/record.hpp"

#include <fmt/format.h>

#include <array>

namespace bluebatch::emulator::storage {
namespace {

using record::column;

constexpr auto kJobColumns = std::to_array<std::string_view>({
    "id",
    "sequence",
    "state",
    "state_time",
    "previous_state",
    "previous_state_time",
    "creation_time",
    "last_modified",
    "pool_id",
    "priority",
    "max_parallel_tasks",
    "max_wall_clock_time",
    "max_task_retry_count",
    "on_all_tasks_complete",
    "start_time",
    "end_time",
    "terminate_reason",
    "document",
    "uses_task_dependencies",
    "on_task_failure",
    "disable_tasks",
    "has_preparation_task",
    "manager_id",
    "manager_kills_job",
    "manager_is_alone",
    "manager_allows_low_priority",
    "auto_pool_lifetime",
    "auto_pool_keep_alive",
    "scheduling_error",
    "schedule_id",
    "allow_task_preemption",
});

domain::Job read_job(Row const& row) {
    domain::Job job;
    job.id = row.text(0);
    job.sequence = row.integer(1);
    job.state = record::enumerator<domain::JobState>(row, 2);
    job.state_transition_time = record::time(row, 3);
    job.previous_state = record::optional_enumerator<domain::JobState>(row, 4);
    job.previous_state_transition_time = record::optional_time(row, 5);
    job.creation_time = record::time(row, 6);
    job.last_modified = record::time(row, 7);
    job.pool_id = row.text(8);
    job.priority = record::number(row, 9);
    job.max_parallel_tasks = record::number(row, 10);
    job.max_wall_clock_time = record::ticks(row, 11);
    job.max_task_retry_count = record::number(row, 12);
    job.on_all_tasks_complete = record::enumerator<domain::OnAllTasksComplete>(row, 13);
    job.start_time = record::time(row, 14);
    job.end_time = record::optional_time(row, 15);
    job.terminate_reason = row.text(16);
    job.document = row.text(17);
    job.uses_task_dependencies = row.integer(18) != 0;
    job.on_task_failure = record::enumerator<domain::OnTaskFailure>(row, 19);
    job.disable_tasks = record::enumerator<domain::DisableTasks>(row, 20);
    job.has_preparation_task = row.integer(21) != 0;
    if (!row.is_null(22)) {
        job.manager = domain::JobManager{
            std::string{row.text(22)}, row.integer(23) != 0, row.integer(24) != 0, row.integer(25) != 0};
    }
    if (!row.is_null(26)) {
        job.auto_pool =
            domain::AutoPool{record::enumerator<domain::PoolLifetime>(row, 26), row.integer(27) != 0};
    }
    if (!row.is_null(28)) job.scheduling_error = record::read_failure(row.text(28));
    if (!row.is_null(29)) job.schedule_id = row.text(29);
    job.allow_task_preemption = row.integer(30) != 0;
    return job;
}

void write_job(Transaction& transaction, std::string_view sql, domain::Job const& job) {
    auto const manager = job.manager.value_or(domain::JobManager{});
    auto const error =
        job.scheduling_error ? std::optional{record::write_failure(*job.scheduling_error)} : std::nullopt;
    transaction.connection().execute(
        sql,
        {job.id,
         job.sequence == 0 ? Value(nullptr) : Value(job.sequence),
         job.state,
         column(job.state_transition_time),
         job.previous_state,
         column(job.previous_state_transition_time),
         column(job.creation_time),
         column(job.last_modified),
         job.pool_id,
         job.priority,
         job.max_parallel_tasks,
         job.max_wall_clock_time.count(),
         job.max_task_retry_count,
         job.on_all_tasks_complete,
         column(job.start_time),
         column(job.end_time),
         job.terminate_reason,
         job.document,
         job.uses_task_dependencies,
         job.on_task_failure,
         job.disable_tasks,
         job.has_preparation_task,
         job.manager ? Value(manager.task_id) : Value(nullptr),
         manager.kills_job,
         manager.is_alone,
         manager.allows_low_priority,
         job.auto_pool ? Value(job.auto_pool->lifetime) : Value(nullptr),
         job.auto_pool && job.auto_pool->keep_alive,
         error ? Value(*error) : Value(nullptr),
         job.schedule_id.empty() ? Value(nullptr) : Value(job.schedule_id),
         job.allow_task_preemption}
    );
}

}  // namespace

void insert_job(Transaction& transaction, domain::Job& job) {
    static std::string const sql = insert_sql("jobs", kJobColumns);
    write_job(transaction, sql, job);
    job.sequence = transaction.connection().last_row_id();
    transaction.connection().execute("INSERT INTO task_counts (job) VALUES (?)", {job.sequence});
}

void update_job(Transaction& transaction, domain::Job const& job) {
    static std::string const sql = update_sql("jobs", kJobColumns);
    write_job(transaction, sql, job);
}

void delete_job(Transaction& transaction, std::string_view job_id) {
    auto& connection = transaction.connection();
    auto const sequence = connection.find(
        "SELECT sequence FROM jobs WHERE id = ?", {job_id}, [](Row const& row) { return row.integer(0); }
    );
    if (!sequence) return;
    for (auto const* table :
         {"tasks",
          "task_counts",
          "task_waits",
          "satisfied_tasks",
          "satisfied_numbers",
          "job_nodes",
          "subtasks"})
        connection.execute(fmt::format("DELETE FROM {} WHERE job = ?", table), {*sequence});
    connection.execute("DELETE FROM jobs WHERE sequence = ?", {*sequence});
}

std::optional<domain::Job> find_job(Connection& connection, std::string_view job_id) {
    static std::string const sql = select_sql("jobs", kJobColumns) + " WHERE id = ?";
    return connection.find(sql, {job_id}, read_job);
}

std::vector<domain::Job> list_jobs(Connection& connection, ListQuery const& query) {
    std::string sql = select_sql("jobs", kJobColumns) + " WHERE id > ?";
    Values values{query.after};
    append_filter(sql, values, ListKind::jobs, query);
    sql += " ORDER BY id LIMIT ?";
    values.push_back(query.limit);
    return connection.all(sql, values, read_job);
}

std::vector<domain::Job> list_jobs_of_schedule(
    Connection& connection, std::string_view schedule_id, ListQuery const& query
) {
    std::string sql = select_sql("jobs", kJobColumns) + " WHERE schedule_id = ? AND id > ?";
    Values values{schedule_id, query.after};
    append_filter(sql, values, ListKind::jobs, query);
    sql += " ORDER BY id LIMIT ?";
    values.push_back(query.limit);
    return connection.all(sql, values, read_job);
}

std::optional<domain::Job> find_active_job_of_schedule(Connection& connection, std::string_view schedule_id) {
    static std::string const sql = select_sql("jobs", kJobColumns) + " WHERE schedule_id = ? AND state <> ?";
    return connection.find(sql, {schedule_id, domain::JobState::completed}, read_job);
}

domain::TaskCounts count_tasks(Connection& connection, std::string_view job_id) {
    connection.write_sums();
    auto const counts = connection.find(
        "SELECT active, running, succeeded, failed, active_slots, running_slots, succeeded_slots, "
        "failed_slots"
        " FROM task_counts WHERE job = (SELECT sequence FROM jobs WHERE id = ?)",
        {job_id},
        [](Row const& row) {
            return domain::TaskCounts{
                {row.integer(0), row.integer(1), row.integer(2), row.integer(3)},
                {row.integer(4), row.integer(5), row.integer(6), row.integer(7)},
            };
        }
    );
    return counts.value_or(domain::TaskCounts{});
}

}  // namespace bluebatch::emulator::storage
