#include "emulator/storage/batch/filter.hpp"
#include "emulator/storage/batch/recent_tasks.hpp"
#include "emulator/storage/batch/record.hpp"

namespace bluebatch::emulator::storage {
namespace {

using record::column;

constexpr std::string_view kSelectNode =
    "SELECT pool_id, id, is_dedicated, state, scheduling_state, state_time, allocation_time, last_boot_time,"
    " ip_address, total_tasks_run, total_tasks_succeeded, running_tasks, running_slots, start_task_info,"
    " recent_tasks, request, request_option, error FROM nodes";

domain::Node read_node(Row const& row) {
    domain::Node node;
    node.pool_id = row.text(0);
    node.id = row.text(1);
    node.is_dedicated = row.integer(2) != 0;
    node.state = record::enumerator<domain::NodeState>(row, 3);
    node.scheduling_state = record::enumerator<domain::SchedulingState>(row, 4);
    node.state_transition_time = record::time(row, 5);
    node.allocation_time = record::time(row, 6);
    node.last_boot_time = record::optional_time(row, 7);
    node.ip_address = row.text(8);
    node.total_tasks_run = record::number(row, 9);
    node.total_tasks_succeeded = record::number(row, 10);
    node.running_tasks_count = record::number(row, 11);
    node.running_task_slots_count = record::number(row, 12);
    if (!row.is_null(13)) node.start_task_info = record::read_node_task_info(row.text(13));
    node.recent_tasks = record::read_recent_tasks(row.text(14));
    node.request = record::enumerator<domain::NodeRequest>(row, 15);
    node.request_option = record::enumerator<domain::NodeDeallocationOption>(row, 16);
    if (!row.is_null(17)) node.error = record::read_failure(row.text(17));
    return node;
}

void write_node(Transaction& transaction, std::string_view sql, domain::Node const& node) {
    auto const& start = node.start_task_info;
    auto const start_info = start ? std::optional{record::write_node_task_info(*start)} : std::nullopt;
    auto const error = node.error ? std::optional{record::write_failure(*node.error)} : std::nullopt;
    auto const recent_tasks = record::write_recent_tasks(node.recent_tasks);
    transaction.connection().execute(
        sql,
        {node.pool_id,
         node.id,
         node.is_dedicated,
         node.state,
         node.scheduling_state,
         column(node.state_transition_time),
         column(node.allocation_time),
         column(node.last_boot_time),
         node.ip_address,
         node.total_tasks_run,
         node.total_tasks_succeeded,
         node.running_tasks_count,
         node.running_task_slots_count,
         start ? Value(start->state) : Value(nullptr),
         start && start->result ? Value(*start->result) : Value(nullptr),
         start && start->exit_code ? Value(*start->exit_code) : Value(nullptr),
         start ? Value(column(start->start_time)) : Value(nullptr),
         start && start->end_time ? Value(column(*start->end_time)) : Value(nullptr),
         start_info,
         Value::bytes(recent_tasks),
         error}
    );
}

}  // namespace

void insert_node(Transaction& transaction, domain::Node const& node) {
    write_node(
        transaction,
        "INSERT INTO nodes (pool_id, id, is_dedicated, state, scheduling_state, state_time, allocation_time,"
        " last_boot_time, ip_address, total_tasks_run, total_tasks_succeeded, running_tasks, running_slots,"
        " start_state, start_result, start_exit_code, start_start_time, start_end_time, start_task_info,"
        " recent_tasks, error) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        node
    );
}

void update_node(Transaction& transaction, domain::Node const& node) {
    write_node(
        transaction,
        "UPDATE nodes SET is_dedicated = ?3, state = ?4, state_time = ?6,"
        " allocation_time = ?7, last_boot_time = ?8, ip_address = ?9, total_tasks_run = ?10,"
        " total_tasks_succeeded = ?11, running_tasks = ?12, running_slots = ?13, start_state = ?14,"
        " start_result = ?15, start_exit_code = ?16, start_start_time = ?17, start_end_time = ?18,"
        " start_task_info = ?19, recent_tasks = ?20, error = ?21 WHERE pool_id = ?1 AND id = ?2",
        node
    );
}

void update_node_work(Transaction& transaction, domain::Node const& node) {
    auto const recent_tasks = record::write_recent_tasks(node.recent_tasks);
    transaction.connection().execute(
        "UPDATE nodes SET state = ?3, state_time = ?4, total_tasks_run = ?5, total_tasks_succeeded = ?6,"
        " running_tasks = ?7, running_slots = ?8, recent_tasks = ?9 WHERE pool_id = ?1 AND id = ?2",
        {node.pool_id,
         node.id,
         node.state,
         column(node.state_transition_time),
         node.total_tasks_run,
         node.total_tasks_succeeded,
         node.running_tasks_count,
         node.running_task_slots_count,
         Value::bytes(recent_tasks)}
    );
}

void update_node_request(Transaction& transaction, domain::Node const& node) {
    transaction.connection().execute(
        "UPDATE nodes SET scheduling_state = ?3, request = ?4, request_option = ?5"
        " WHERE pool_id = ?1 AND id = ?2",
        {node.pool_id, node.id, node.scheduling_state, node.request, node.request_option}
    );
}

void clear_node_request(Transaction& transaction, domain::Node const& node) {
    transaction.connection().execute(
        "UPDATE nodes SET request = 0 WHERE pool_id = ? AND id = ? AND request = ?",
        {node.pool_id, node.id, node.request}
    );
}

void delete_node(Transaction& transaction, std::string_view pool_id, std::string_view node_id) {
    transaction.connection().execute("DELETE FROM nodes WHERE pool_id = ? AND id = ?", {pool_id, node_id});
}

std::optional<domain::Node> find_node(
    Connection& connection, std::string_view pool_id, std::string_view node_id
) {
    static std::string const sql = std::string(kSelectNode) + " WHERE pool_id = ? AND id = ?";
    return connection.find(sql, {pool_id, node_id}, read_node);
}

std::vector<domain::Node> list_nodes(
    Connection& connection, std::string_view pool_id, ListQuery const& query
) {
    std::string sql = std::string(kSelectNode) + " WHERE pool_id = ? AND id > ?";
    Values values{pool_id, query.after};
    append_filter(sql, values, ListKind::nodes, query);
    sql += " ORDER BY id LIMIT ?";
    values.push_back(query.limit);
    return connection.all(sql, values, read_node);
}

}  // namespace bluebatch::emulator::storage
