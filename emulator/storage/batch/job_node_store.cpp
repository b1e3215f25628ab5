#include "emulator/storage/batch/job_node_store.hpp"

#include "emulator/storage/batch/filter.hpp"
#include "emulator/storage/batch/record.hpp"

namespace bluebatch::emulator::storage {
namespace {

using record::column;

constexpr std::string_view kSelectJobNode =
    "SELECT j.id, n.pool_id, n.node_id, n.prep_info, n.release_info, n.files_lost"
    " FROM jobs j JOIN job_nodes n ON n.job = j.sequence WHERE j.id = ?";

domain::JobOnNode read_status(Row const& row) {
    domain::JobOnNode status;
    status.job_id = row.text(0);
    status.pool_id = row.text(1);
    status.node_id = row.text(2);
    status.preparation = record::read_node_task_info(row.text(3));
    if (!row.is_null(4)) status.release = record::read_node_task_info(row.text(4));
    status.files_lost = row.integer(5) != 0;
    return status;
}

Value number(std::optional<int> const& value) {
    return value ? Value(*value) : Value(nullptr);
}

Value time(std::optional<base::TimePoint> const& value) {
    return value ? Value(column(*value)) : Value(nullptr);
}

Value result_of(domain::NodeTaskInfo const& info) {
    return info.result ? Value(*info.result) : Value(nullptr);
}

}  // namespace

void put_job_on_node(Transaction& transaction, domain::JobOnNode const& status) {
    auto const& preparation = status.preparation;
    auto const release = status.release.value_or(domain::NodeTaskInfo{});
    bool const released = status.release.has_value();
    auto const prep_info = record::write_node_task_info(preparation);
    auto const release_info = record::write_node_task_info(release);
    transaction.connection().execute(
        "INSERT OR REPLACE INTO job_nodes (job, pool_id, node_id, prep_state, prep_start_time, prep_end_time,"
        " prep_exit_code, prep_result, prep_info, release_state, release_start_time, release_end_time,"
        " release_exit_code, release_result, release_info, files_lost)"
        " VALUES ((SELECT sequence FROM jobs WHERE id = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {status.job_id,
         status.pool_id,
         status.node_id,
         preparation.state,
         column(preparation.start_time),
         time(preparation.end_time),
         number(preparation.exit_code),
         result_of(preparation),
         prep_info,
         released ? Value(release.state) : Value(nullptr),
         released ? Value(column(release.start_time)) : Value(nullptr),
         time(release.end_time),
         number(release.exit_code),
         result_of(release),
         released ? Value(release_info) : Value(nullptr),
         status.files_lost}
    );
}

std::vector<domain::JobOnNode> list_job_on_nodes(
    Connection& connection, std::string_view job_id, ListQuery const& query
) {
    std::string sql{kSelectJobNode};
    auto const slash = query.after.find('/');
    auto const pool = query.after.substr(0, slash);
    auto const node = slash == std::string::npos ? std::string{} : query.after.substr(slash + 1);
    Values values{job_id, pool, node};
    sql += " AND (n.pool_id, n.node_id) > (?, ?)";
    append_filter(sql, values, ListKind::job_nodes, query);
    sql += " ORDER BY n.pool_id, n.node_id LIMIT ?";
    values.push_back(query.limit);
    return connection.all(sql, values, read_status);
}

std::vector<domain::JobOnNode> list_unreleased_nodes(Connection& connection, std::string_view job_id) {
    static std::string const sql = std::string{kSelectJobNode} +
                                   " AND NOT n.files_lost AND n.prep_state = 1"
                                   " AND (n.release_state IS NULL OR n.release_state = 0)";
    return connection.all(sql, {job_id}, read_status);
}

std::optional<domain::JobOnNode> find_job_on_node(
    Connection& connection, std::string_view job_id, std::string_view pool_id, std::string_view node_id
) {
    static std::string const sql = std::string{kSelectJobNode} + " AND n.pool_id = ? AND n.node_id = ?";
    return connection.find(sql, {job_id, pool_id, node_id}, read_status);
}

void delete_job_on_node(Transaction& transaction, domain::JobOnNode const& status) {
    transaction.connection().execute(
        "DELETE FROM job_nodes WHERE job = (SELECT sequence FROM jobs WHERE id = ?) AND pool_id = ?"
        " AND node_id = ?",
        {status.job_id, status.pool_id, status.node_id}
    );
}

void note_lost_files(Transaction& transaction, std::string_view pool_id, std::string_view node_id) {
    transaction.connection().execute(
        "UPDATE job_nodes SET files_lost = 1 WHERE pool_id = ? AND node_id = ?", {pool_id, node_id}
    );
}

}  // namespace bluebatch::emulator::storage
