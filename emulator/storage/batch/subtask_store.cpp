#include "emulator/storage/batch/subtask_store.hpp"

#include "emulator/storage/batch/record.hpp"

namespace bluebatch::emulator::storage {
namespace {

using record::column;

domain::Subtask read_subtask(Row const& row) {
    domain::Subtask subtask;
    subtask.id = record::number(row, 0);
    subtask.state = record::enumerator<domain::SubtaskState>(row, 1);
    subtask.state_transition_time = record::time(row, 2);
    subtask.previous_state = record::optional_enumerator<domain::SubtaskState>(row, 3);
    subtask.previous_state_transition_time = record::optional_time(row, 4);
    subtask.start_time = record::optional_time(row, 5);
    subtask.end_time = record::optional_time(row, 6);
    subtask.exit_code = record::optional_number(row, 7);
    subtask.result = record::optional_enumerator<domain::TaskResult>(row, 8);
    if (!row.is_null(9)) subtask.failure = record::read_failure(row.text(9));
    subtask.place = {std::string(row.text(10)), std::string(row.text(11))};
    return subtask;
}

}  // namespace

void put_subtask(Transaction& transaction, std::int64_t task, domain::Subtask const& subtask) {
    auto const failure =
        subtask.failure ? std::optional{record::write_failure(*subtask.failure)} : std::nullopt;
    transaction.connection().execute(
        "INSERT OR REPLACE INTO subtasks (job, task, id, state, state_time, previous_state,"
        " previous_state_time, start_time, end_time, exit_code, result, failure, pool_id, node_id)"
        " VALUES ((SELECT job FROM tasks WHERE sequence = ?1), ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,"
        " ?12, ?13)",
        {task,
         subtask.id,
         subtask.state,
         column(subtask.state_transition_time),
         subtask.previous_state,
         column(subtask.previous_state_transition_time),
         column(subtask.start_time),
         column(subtask.end_time),
         subtask.exit_code,
         subtask.result,
         failure,
         subtask.place.pool_id,
         subtask.place.node_id}
    );
}

std::vector<domain::Subtask> list_subtasks(Connection& connection, std::int64_t task) {
    return connection.all(
        "SELECT id, state, state_time, previous_state, previous_state_time, start_time, end_time, exit_code,"
        " result, failure, pool_id, node_id FROM subtasks"
        " WHERE job = (SELECT job FROM tasks WHERE sequence = ?1) AND task = ?1 ORDER BY id",
        {task},
        read_subtask
    );
}

void delete_subtasks(Transaction& transaction, std::int64_t task) {
    transaction.connection().execute(
        "DELETE FROM subtasks WHERE job = (SELECT job FROM tasks WHERE sequence = ?1) AND task = ?1", {task}
    );
}

std::int64_t count_further_instances(Connection& connection, std::string_view job_id) {
    auto const count = connection.find(
        "SELECT ifnull(sum(instances - 1), 0) FROM tasks INDEXED BY tasks_in_gangs"
        " WHERE job = (SELECT sequence FROM jobs WHERE id = ?) AND instances > 1 AND state = 0"
        " AND NOT blocked",
        {job_id},
        [](Row const& row) { return row.integer(0); }
    );
    return count.value_or(0);
}

}  // namespace bluebatch::emulator::storage
