#include "emulator/storage/batch/columns.hpp"
#include "emulator/storage/batch/filter.hpp"
#include "emulator/storage/batch/record.hpp"

#include <array>

namespace bluebatch::emulator::storage {
namespace {

using record::column;

constexpr auto kPoolColumns = std::to_array<std::string_view>({
    "id",
    "state",
    "state_time",
    "allocation_state",
    "allocation_state_time",
    "creation_time",
    "last_modified",
    "vm_size",
    "target_dedicated",
    "target_low_priority",
    "resize_timeout",
    "resize_started",
    "deallocation_option",
    "resize_errors",
    "task_slots_per_node",
    "node_fill_type",
    "has_start_task",
    "document",
    "auto_scale",
    "inter_node_communication",
});

domain::Pool read_pool(Row const& row) {
    domain::Pool pool;
    pool.id = row.text(0);
    pool.state = record::enumerator<domain::PoolState>(row, 1);
    pool.state_transition_time = record::time(row, 2);
    pool.allocation_state = record::enumerator<domain::AllocationState>(row, 3);
    pool.allocation_state_transition_time = record::time(row, 4);
    pool.creation_time = record::time(row, 5);
    pool.last_modified = record::time(row, 6);
    pool.vm_size = row.text(7);
    pool.target_dedicated_nodes = record::number(row, 8);
    pool.target_low_priority_nodes = record::number(row, 9);
    pool.resize_timeout = record::ticks(row, 10);
    pool.resize_started = record::time(row, 11);
    pool.node_deallocation_option = record::enumerator<domain::NodeDeallocationOption>(row, 12);
    pool.resize_errors = record::read_resize_errors(row.text(13));
    pool.task_slots_per_node = record::number(row, 14);
    pool.node_fill_type = record::enumerator<domain::NodeFillType>(row, 15);
    pool.has_start_task = row.integer(16) != 0;
    pool.document = row.text(17);
    if (!row.is_null(18)) pool.auto_scale = record::read_auto_scale(row.text(18));
    pool.inter_node_communication = row.integer(19) != 0;
    return pool;
}

void write_pool(Transaction& transaction, std::string_view sql, domain::Pool const& pool) {
    auto const auto_scale =
        pool.auto_scale ? std::optional{record::write_auto_scale(*pool.auto_scale)} : std::nullopt;
    auto const resize_errors = record::write_resize_errors(pool.resize_errors);
    transaction.connection().execute(
        sql,
        {pool.id,
         pool.state,
         column(pool.state_transition_time),
         pool.allocation_state,
         column(pool.allocation_state_transition_time),
         column(pool.creation_time),
         column(pool.last_modified),
         pool.vm_size,
         pool.target_dedicated_nodes,
         pool.target_low_priority_nodes,
         pool.resize_timeout.count(),
         column(pool.resize_started),
         pool.node_deallocation_option,
         resize_errors,
         pool.task_slots_per_node,
         pool.node_fill_type,
         pool.has_start_task,
         pool.document,
         auto_scale,
         pool.inter_node_communication}
    );
}

}  // namespace

void insert_pool(Transaction& transaction, domain::Pool const& pool) {
    static std::string const sql = insert_sql("pools", kPoolColumns);
    write_pool(transaction, sql, pool);
}

void update_pool(Transaction& transaction, domain::Pool const& pool) {
    static std::string const sql = update_sql("pools", kPoolColumns);
    write_pool(transaction, sql, pool);
}

void delete_pool(Transaction& transaction, std::string_view pool_id) {
    transaction.connection().execute("DELETE FROM nodes WHERE pool_id = ?", {pool_id});
    transaction.connection().execute("DELETE FROM pools WHERE id = ?", {pool_id});
}

std::optional<domain::Pool> find_pool(Connection& connection, std::string_view pool_id) {
    static std::string const sql = select_sql("pools", kPoolColumns) + " WHERE id = ?";
    return connection.find(sql, {pool_id}, read_pool);
}

std::vector<domain::Pool> list_pools(Connection& connection, ListQuery const& query) {
    std::string sql = select_sql("pools", kPoolColumns) + " WHERE id > ?";
    Values values{query.after};
    append_filter(sql, values, ListKind::pools, query);
    sql += " ORDER BY id LIMIT ?";
    values.push_back(query.limit);
    return connection.all(sql, values, read_pool);
}

NodeNumbers count_nodes(Connection& connection, std::string_view pool_id) {
    auto const numbers = connection.find(
        "SELECT ifnull(sum(is_dedicated), 0), count(*) FROM nodes WHERE pool_id = ?",
        {pool_id},
        [](Row const& row) {
            int const dedicated = record::number(row, 0);
            return NodeNumbers{dedicated, record::number(row, 1) - dedicated};
        }
    );
    return numbers.value_or(NodeNumbers{});
}

std::vector<NodesInState> count_nodes_by_state(Connection& connection, std::string_view pool_id) {
    return connection.all(
        "SELECT state, is_dedicated, count(*) FROM nodes WHERE pool_id = ? GROUP BY state, is_dedicated",
        {pool_id},
        [](Row const& row) {
            return NodesInState{
                record::enumerator<domain::NodeState>(row, 0), row.integer(1) != 0, record::number(row, 2)};
        }
    );
}

}  // namespace bluebatch::emulator::storage
