#include "emulator/storage/batch/task_record.hpp"

namespace bluebatch::emulator::storage {
namespace {

domain::TaskExecution read_execution(Row const& row) {
    domain::TaskExecution execution;
    execution.start_time = record::optional_time(row, 13);
    execution.end_time = record::optional_time(row, 14);
    execution.exit_code = record::optional_number(row, 15);
    execution.result = record::optional_enumerator<domain::TaskResult>(row, 16);
    if (!row.is_null(17)) execution.failure = record::read_failure(row.text(17));
    execution.retry_count = record::number(row, 18);
    execution.last_retry_time = record::optional_time(row, 19);
    execution.requeue_count = record::number(row, 20);
    execution.last_requeue_time = record::optional_time(row, 21);
    return execution;
}

}  // namespace

domain::Task read_task(Row const& row) {
    domain::Task task;
    task.job_id = row.text(0);
    task.sequence = row.integer(1);
    task.id = row.text(2);
    task.state = record::enumerator<domain::TaskState>(row, 3);
    task.state_transition_time = record::time(row, 4);
    task.previous_state = record::optional_enumerator<domain::TaskState>(row, 5);
    task.previous_state_transition_time = record::optional_time(row, 6);
    task.creation_time = record::time(row, 7);
    task.last_modified = record::time(row, 8);
    task.required_slots = record::number(row, 9);
    task.constraints.max_wall_clock_time = record::ticks(row, 10);
    task.constraints.retention_time = record::ticks(row, 11);
    task.constraints.max_task_retry_count = record::number(row, 12);
    task.execution = read_execution(row);
    if (!row.is_null(23))
        task.place = domain::TaskPlace{std::string(row.text(22)), std::string(row.text(23))};
    task.termination_requested = row.integer(24) != 0;
    task.document = row.text(25);
    task.is_blocked = row.integer(26) != 0;
    task.instances = record::number(row, 27);
    task.affinity_id = row.text(28);
    return task;
}

}  // namespace bluebatch::emulator::storage
