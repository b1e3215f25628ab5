#pragma once

#include "emulator/domain/job.hpp"
#include "emulator/domain/node.hpp"
#include "emulator/domain/pool.hpp"
#include "emulator/domain/task.hpp"
#include "emulator/storage/sqlite.hpp"
#include "shared/codec/odata.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The state of one Batch account: pools, nodes, jobs and tasks. Ids compare without case (Batch: REST-31).
// Functions that write take a Transaction, those that read take the connection of a Snapshot or of a
// Transaction.
namespace bluebatch::emulator::storage {

std::vector<std::string> const& batch_schema();

// A page of a list in order of ids, which ignores case: entities after `after` that match `filter`.
struct ListQuery {
    std::optional<codec::odata::Filter> filter;  // only fields that the list allows (see filter_fields)
    std::string after;  // id of the last entity of the page before, "" for the first page
    int limit = 1000;
};

// Says why `filter` can't be used on this list, for a clear error; empty when it can. Batch: REST-25
enum class ListKind : std::uint8_t {
    pools,
    nodes,
    jobs,
    job_schedules,
    tasks,
    job_nodes,
    certificates,
    usage
};
std::optional<std::string> fault_of(ListKind kind, codec::odata::Filter const& filter);

// Pools
void insert_pool(Transaction& transaction, domain::Pool const& pool);
void update_pool(Transaction& transaction, domain::Pool const& pool);
void delete_pool(Transaction& transaction, std::string_view pool_id);  // and its nodes
std::optional<domain::Pool> find_pool(Connection& connection, std::string_view pool_id);
std::vector<domain::Pool> list_pools(Connection& connection, ListQuery const& query);

struct NodeNumbers {
    int dedicated = 0;
    int low_priority = 0;
};
NodeNumbers count_nodes(Connection& connection, std::string_view pool_id);

// How many nodes of a pool are in a state.
struct NodesInState {
    domain::NodeState state = domain::NodeState::idle;
    bool is_dedicated = true;
    int count = 0;
};
std::vector<NodesInState> count_nodes_by_state(Connection& connection, std::string_view pool_id);

// Nodes
void insert_node(Transaction& transaction, domain::Node const& node);
// Everything but what update_node_request() writes.
void update_node(Transaction& transaction, domain::Node const& node);
// Of that, what tasks change: its state, its counts and its recent tasks.
void update_node_work(Transaction& transaction, domain::Node const& node);
// What others than the scheduler say of a node: whether it takes tasks, and what is requested of it.
void update_node_request(Transaction& transaction, domain::Node const& node);
// Nothing is requested any more, unless the store says something else by now.
void clear_node_request(Transaction& transaction, domain::Node const& node);
void delete_node(Transaction& transaction, std::string_view pool_id, std::string_view node_id);
std::optional<domain::Node> find_node(
    Connection& connection, std::string_view pool_id, std::string_view node_id
);
std::vector<domain::Node> list_nodes(
    Connection& connection, std::string_view pool_id, ListQuery const& query
);

// Jobs
void insert_job(Transaction& transaction, domain::Job& job);  // sets its sequence
void update_job(Transaction& transaction, domain::Job const& job);
void delete_job(Transaction& transaction, std::string_view job_id);  // and its tasks
std::optional<domain::Job> find_job(Connection& connection, std::string_view job_id);
std::vector<domain::Job> list_jobs(Connection& connection, ListQuery const& query);

// Tasks. Counts are kept up to date with every write, so reading them costs the same for any number of tasks.
// False when the job has a task of that id.
bool insert_task(Transaction& transaction, domain::Task& task);  // sets its sequence
// Everything but id, document, creation time and whether it is blocked (dependency_store.hpp).
void update_task(Transaction& transaction, domain::Task const& task);
void delete_task(Transaction& transaction, std::string_view job_id, std::string_view task_id);
std::optional<domain::Task> find_task(
    Connection& connection, std::string_view job_id, std::string_view task_id
);
std::vector<domain::Task> list_tasks(Connection& connection, std::string_view job_id, ListQuery const& query);
domain::TaskCounts count_tasks(Connection& connection, std::string_view job_id);

// For the scheduler: what waits, in order of addition, without documents.
struct WaitingTask {
    std::int64_t sequence = 0;
    int required_slots = 1;
    int instances = 0;
};
// Active tasks of a job that are not blocked, with a sequence beyond `after`, `limit` at most.
std::vector<WaitingTask> list_waiting_tasks(
    Connection& connection, std::string_view job_id, std::int64_t after, int limit
);
std::optional<domain::Task> find_task_by_sequence(Connection& connection, std::int64_t sequence);
// Tasks of any job that are preparing or running: after a restart they go back to active.
std::vector<domain::Task> list_unfinished_tasks(Connection& connection);
// Completed tasks whose retention ended before `now` and whose files are not yet removed, `limit` at most.
std::vector<domain::Task> list_expired_tasks(Connection& connection, base::TimePoint now, int limit);
void mark_files_removed(Transaction& transaction, std::int64_t sequence);
bool files_removed(Connection& connection, std::int64_t sequence);

}  // namespace bluebatch::emulator::storage
