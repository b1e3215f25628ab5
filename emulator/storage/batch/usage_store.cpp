#include "emulator/storage/batch/usage_store.hpp"

#include "emulator/storage/batch/filter.hpp"
#include "emulator/storage/batch/record.hpp"

namespace bluebatch::emulator::storage {
namespace {

constexpr std::string_view kSelectUsage =
    "SELECT pool_id, vm_size, is_dedicated, start_time, end_time FROM node_usage";

domain::NodeUsage read_usage(Row const& row) {
    domain::NodeUsage usage;
    usage.pool_id = row.text(0);
    usage.vm_size = row.text(1);
    usage.is_dedicated = row.integer(2) != 0;
    usage.start = record::time(row, 3);
    usage.end = record::optional_time(row, 4);
    return usage;
}

domain::TaskTotals read_totals(Row const& row) {
    domain::TaskTotals totals;
    totals.first_creation = record::optional_time(row, 0);
    totals.wall_clock_time = record::ticks(row, 1);
    totals.wait_time = record::ticks(row, 2);
    totals.succeeded = row.integer(3);
    totals.failed = row.integer(4);
    totals.retries = row.integer(5);
    return totals;
}

// Sums of times are taken as real numbers, which no clock that jumps makes overflow.
constexpr std::string_view kSums =
    "SELECT min(creation_time), CAST(total(end_time - start_time) AS INTEGER),"
    " CAST(total(start_time - creation_time) AS INTEGER), ifnull(sum(result = 0), 0), ifnull(sum(result "
    "= 1), 0),"
    " ifnull(sum(retry_count), 0) FROM tasks";

}  // namespace

void note_node_usage(
    Transaction& transaction, domain::Node const& node, NodeUsageEvent event, base::TimePoint now
) {
    auto& connection = transaction.connection();
    if (event == NodeUsageEvent::begins) {
        connection.execute(
            "INSERT INTO node_usage (pool_id, node_id, vm_size, is_dedicated, start_time)"
            " SELECT id, ?2, vm_size, ?3, ?4 FROM pools WHERE id = ?1",
            {node.pool_id, node.id, node.is_dedicated, record::column(now)}
        );
        return;
    }
    connection.execute(
        "UPDATE node_usage SET end_time = ?2 WHERE node_id = ?1 AND end_time IS NULL",
        {node.id, record::column(now)}
    );
}

std::vector<domain::NodeUsage> list_node_usage(
    Connection& connection, UsageSpan const& span, std::optional<codec::odata::Filter> const& filter
) {
    std::string sql = std::string(kSelectUsage) + " WHERE start_time < ? AND ifnull(end_time, ?) > ?";
    Values values{record::column(span.end), record::column(span.end), record::column(span.start)};
    ListQuery const query{filter, {}, 0};
    append_filter(sql, values, ListKind::usage, query);
    sql += " ORDER BY pool_id, vm_size";
    return connection.all(sql, values, read_usage);
}

std::vector<domain::NodeUsage> list_usage_of_pool(Connection& connection, std::string_view pool_id) {
    static std::string const sql = std::string(kSelectUsage) + " WHERE pool_id = ?";
    return connection.all(sql, {pool_id}, read_usage);
}

domain::TaskTotals sum_tasks(Connection& connection, std::optional<std::int64_t> job) {
    static std::string const of_job = std::string(kSums) + " WHERE job = ?";
    auto const totals =
        job ? connection.find(of_job, {*job}, read_totals) : connection.find(kSums, {}, read_totals);
    return totals.value_or(domain::TaskTotals{});
}

domain::TaskTotals sum_tasks_of_schedule(Connection& connection, std::string_view schedule_id) {
    static std::string const sql =
        std::string(kSums) + " WHERE job IN (SELECT sequence FROM jobs WHERE schedule_id = ?)";
    return connection.find(sql, {schedule_id}, read_totals).value_or(domain::TaskTotals{});
}

}  // namespace bluebatch::emulator::storage
