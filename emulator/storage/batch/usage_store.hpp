#pragma once

#include "emulator/domain/node.hpp"
#include "emulator/domain/usage.hpp"
#include "emulator/storage/batch/batch_store.hpp"

#include <string_view>
#include <vector>

namespace bluebatch::emulator::storage {

enum class NodeUsageEvent : std::uint8_t { begins, ends };

// To be called where a node is created and where it is erased, while its pool is there.
void note_node_usage(
    Transaction& transaction, domain::Node const& node, NodeUsageEvent event, base::TimePoint now
);

// A stretch of time; the end is not part of it.
struct UsageSpan {
    base::TimePoint start;
    base::TimePoint end;
};

// What pools that pass the filter used within the span, in order of pools; only fields of ListKind::usage.
std::vector<domain::NodeUsage> list_node_usage(
    Connection& connection, UsageSpan const& span, std::optional<codec::odata::Filter> const& filter
);
std::vector<domain::NodeUsage> list_usage_of_pool(Connection& connection, std::string_view pool_id);

// Of a job, or of all jobs where its sequence is empty; only tasks that are there still.
domain::TaskTotals sum_tasks(Connection& connection, std::optional<std::int64_t> job);
domain::TaskTotals sum_tasks_of_schedule(Connection& connection, std::string_view schedule_id);

}  // namespace bluebatch::emulator::storage
