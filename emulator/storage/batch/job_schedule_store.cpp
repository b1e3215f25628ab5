#include "emulator/storage/batch/job_schedule_store.hpp"

#include "emulator/storage/batch/columns.hpp"
#include "emulator/storage/batch/filter.hpp"
#include "emulator/storage/batch/record.hpp"

#include <array>

namespace bluebatch::emulator::storage {
namespace {

using record::column;

constexpr auto kScheduleColumns = std::to_array<std::string_view>({
    "id",
    "sequence",
    "state",
    "state_time",
    "previous_state",
    "previous_state_time",
    "creation_time",
    "last_modified",
    "do_not_run_until",
    "do_not_run_after",
    "start_window",
    "recurrence_interval",
    "next_run_time",
    "jobs_created",
    "recent_job_id",
    "pool_id",
    "keeps_pool",
    "end_time",
    "document",
});

domain::JobSchedule read_schedule(Row const& row) {
    domain::JobSchedule schedule;
    schedule.id = row.text(0);
    schedule.sequence = row.integer(1);
    schedule.state = record::enumerator<domain::JobScheduleState>(row, 2);
    schedule.state_transition_time = record::time(row, 3);
    schedule.previous_state = record::optional_enumerator<domain::JobScheduleState>(row, 4);
    schedule.previous_state_transition_time = record::optional_time(row, 5);
    schedule.creation_time = record::time(row, 6);
    schedule.last_modified = record::time(row, 7);
    schedule.recurrence.do_not_run_until = record::optional_time(row, 8);
    schedule.recurrence.do_not_run_after = record::optional_time(row, 9);
    schedule.recurrence.start_window = record::ticks(row, 10);
    if (!row.is_null(11)) schedule.recurrence.interval = record::ticks(row, 11);
    schedule.next_run_time = record::optional_time(row, 12);
    schedule.jobs_created = row.integer(13);
    schedule.recent_job_id = row.text(14);
    schedule.pool_id = row.text(15);
    schedule.keeps_pool = row.integer(16) != 0;
    schedule.end_time = record::optional_time(row, 17);
    schedule.document = row.text(18);
    return schedule;
}

void write_schedule(Transaction& transaction, std::string_view sql, domain::JobSchedule const& schedule) {
    auto const& recurrence = schedule.recurrence;
    transaction.connection().execute(
        sql,
        {schedule.id,
         schedule.sequence == 0 ? Value(nullptr) : Value(schedule.sequence),
         schedule.state,
         column(schedule.state_transition_time),
         schedule.previous_state,
         column(schedule.previous_state_transition_time),
         column(schedule.creation_time),
         column(schedule.last_modified),
         column(recurrence.do_not_run_until),
         column(recurrence.do_not_run_after),
         recurrence.start_window.count(),
         recurrence.interval ? Value(recurrence.interval->count()) : Value(nullptr),
         column(schedule.next_run_time),
         schedule.jobs_created,
         schedule.recent_job_id,
         schedule.pool_id,
         schedule.keeps_pool,
         column(schedule.end_time),
         schedule.document}
    );
}

}  // namespace

void insert_job_schedule(Transaction& transaction, domain::JobSchedule& schedule) {
    static std::string const sql = insert_sql("job_schedules", kScheduleColumns);
    write_schedule(transaction, sql, schedule);
    schedule.sequence = transaction.connection().last_row_id();
}

void update_job_schedule(Transaction& transaction, domain::JobSchedule const& schedule) {
    static std::string const sql = update_sql("job_schedules", kScheduleColumns);
    write_schedule(transaction, sql, schedule);
}

void delete_job_schedule(Transaction& transaction, std::string_view schedule_id) {
    transaction.connection().execute("DELETE FROM job_schedules WHERE id = ?", {schedule_id});
}

std::optional<domain::JobSchedule> find_job_schedule(Connection& connection, std::string_view schedule_id) {
    static std::string const sql = select_sql("job_schedules", kScheduleColumns) + " WHERE id = ?";
    return connection.find(sql, {schedule_id}, read_schedule);
}

std::vector<domain::JobSchedule> list_job_schedules(Connection& connection, ListQuery const& query) {
    std::string sql = select_sql("job_schedules", kScheduleColumns) + " WHERE id > ?";
    Values values{query.after};
    append_filter(sql, values, ListKind::job_schedules, query);
    sql += " ORDER BY id LIMIT ?";
    values.push_back(query.limit);
    return connection.all(sql, values, read_schedule);
}

}  // namespace bluebatch::emulator::storage
