#include "emulator/storage/batch/filter.hpp"
#include "emulator/storage/batch/task_change.hpp"
#include "emulator/storage/batch/task_record.hpp"
#include "shared/base/text.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace bluebatch::emulator::storage {
namespace {

// Tasks of one state, or of any.
std::vector<domain::Task> list_tasks_in(
    Connection& connection,
    std::string_view job_id,
    ListQuery const& query,
    std::optional<domain::TaskState> state
) {
    auto sql = kSelectTask + " WHERE j.id = ?";
    Values values{job_id};
    if (!query.after.empty()) {
        sql += " AND t.id > ?";
        values.push_back(query.after);
    }
    if (state) {
        sql += " AND t.state = ?";
        values.push_back(*state);
    }
    append_filter(sql, values, ListKind::tasks, query);
    sql += " ORDER BY t.id LIMIT ?";
    values.push_back(query.limit);
    return connection.all(sql, values, read_task);
}

}  // namespace

std::optional<domain::Task> find_task(
    Connection& connection, std::string_view job_id, std::string_view task_id
) {
    static std::string const sql = kSelectTask + " WHERE j.id = ? AND t.id = ?";
    return connection.find(sql, {job_id, task_id}, read_task);
}

std::optional<domain::Task> find_task_by_sequence(Connection& connection, std::int64_t sequence) {
    static std::string const sql = "SELECT (SELECT id FROM jobs WHERE sequence = t.job), " +
                                   std::string(kTaskColumns) + " FROM tasks t WHERE t.sequence = ?";
    return connection.find(sql, {sequence}, read_task);
}

std::optional<domain::Task> find_task_of_job(
    Connection& connection, std::string_view job_id, std::int64_t sequence
) {
    static std::string const sql =
        "SELECT ?1, " + std::string(kTaskColumns) + " FROM tasks t WHERE t.sequence = ?2";
    return connection.find(sql, {job_id, sequence}, read_task);
}

std::vector<domain::Task> list_tasks(
    Connection& connection, std::string_view job_id, ListQuery const& query
) {
    auto const states = possible_states(query.filter);
    if (states.size() == domain::kWords<domain::TaskState>.size())
        return list_tasks_in(connection, job_id, query, std::nullopt);
    // A page of each state in question, of which the front is the page of all: whatever the job's size, no
    // task of another state is looked at.
    std::vector<domain::Task> tasks;
    for (auto const state : states) {
        auto some = list_tasks_in(connection, job_id, query, state);
        std::ranges::move(some, std::back_inserter(tasks));
    }
    if (states.size() > 1) {
        std::ranges::sort(tasks, [](auto const& left, auto const& right) {
            return base::to_lower(left.id) < base::to_lower(right.id);
        });
    }
    if (std::cmp_greater(tasks.size(), query.limit)) tasks.resize(static_cast<std::size_t>(query.limit));
    return tasks;
}

std::vector<WaitingTask> list_waiting_tasks(
    Connection& connection, std::string_view job_id, std::int64_t after, int limit
) {
    return connection.all(
        "SELECT sequence, required_slots, instances FROM tasks INDEXED BY tasks_waiting"
        " WHERE job = (SELECT sequence FROM jobs WHERE id = ?) AND state = 0 AND NOT blocked AND sequence > ?"
        " ORDER BY sequence LIMIT ?",
        {job_id, after, limit},
        [](Row const& row) {
            return WaitingTask{row.integer(0), record::number(row, 1), record::number(row, 2)};
        }
    );
}

std::vector<domain::Task> list_unfinished_tasks(Connection& connection) {
    static std::string const sql = kSelectTask + " AND t.state IN (1, 2)";
    return connection.all(sql, {}, read_task);
}

std::vector<domain::Task> list_expired_tasks(Connection& connection, base::TimePoint now, int limit) {
    auto const sequences = connection.all(
        "SELECT sequence FROM tasks WHERE expires < ? ORDER BY expires LIMIT ?",
        {record::column(now), limit},
        [](Row const& row) { return row.integer(0); }
    );
    std::vector<domain::Task> tasks;
    for (auto const sequence : sequences) {
        if (auto task = find_task_by_sequence(connection, sequence)) tasks.push_back(std::move(*task));
    }
    return tasks;
}

bool files_removed(Connection& connection, std::int64_t sequence) {
    auto const removed =
        connection.find("SELECT files_removed FROM tasks WHERE sequence = ?", {sequence}, [](Row const& row) {
            return row.integer(0) != 0;
        });
    return removed.value_or(true);
}

}  // namespace bluebatch::emulator::storage
