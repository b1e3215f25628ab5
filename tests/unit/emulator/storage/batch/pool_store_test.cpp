#include "tests/unit/emulator/storage/batch/batch_fixture.hpp"

#include <gmock/gmock.h>

namespace bluebatch::emulator::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class PoolStore : public BatchFixture {
protected:
    domain::Pool add_pool(std::string id) {
        domain::Pool pool;
        pool.id = std::move(id);
        pool.vm_size = "standard_a1_v2";
        pool.creation_time = pool.last_modified = at(0);
        pool.state_transition_time = pool.allocation_state_transition_time = at(0);
        pool.document = "{}";
        write([&](Transaction& transaction) { insert_pool(transaction, pool); });
        return pool;
    }

    domain::Node add_node(std::string pool_id, std::string id, bool is_dedicated) {
        domain::Node node;
        node.pool_id = std::move(pool_id);
        node.id = std::move(id);
        node.is_dedicated = is_dedicated;
        node.state_transition_time = node.allocation_time = at(0);
        write([&](Transaction& transaction) { insert_node(transaction, node); });
        return node;
    }

    std::vector<std::string> pools(std::string_view filter) {
        return read([&](Connection& connection) { return ids_of(list_pools(connection, filtered(filter))); });
    }

    std::vector<std::string> nodes(std::string_view filter) {
        return read([&](Connection& connection) {
            return ids_of(list_nodes(connection, "pool", filtered(filter)));
        });
    }
};

TEST_F(PoolStore, KeepsEveryMember) {
    auto pool = add_pool("Pool");
    pool.allocation_state = domain::AllocationState::resizing;
    pool.target_dedicated_nodes = 3;
    pool.target_low_priority_nodes = 4;
    pool.resize_timeout = std::chrono::minutes{7};
    pool.resize_started = at(5);
    pool.node_deallocation_option = domain::NodeDeallocationOption::task_completion;
    pool.resize_errors = {{"AllocationTimedout", "too slow", {{"a", "b"}}}};
    pool.task_slots_per_node = 4;
    pool.node_fill_type = domain::NodeFillType::pack;
    pool.has_start_task = true;
    pool.document = "{\"displayName\":\"x\"}";
    write([&](Transaction& transaction) { update_pool(transaction, pool); });

    auto const found = read([](Connection& connection) { return find_pool(connection, "pool"); });

    ASSERT_TRUE(found);
    EXPECT_EQ(found->id, "Pool");
    EXPECT_EQ(found->allocation_state, domain::AllocationState::resizing);
    EXPECT_EQ(found->target_dedicated_nodes, 3);
    EXPECT_EQ(found->target_low_priority_nodes, 4);
    EXPECT_EQ(found->resize_timeout, std::chrono::minutes{7});
    EXPECT_EQ(found->resize_started, at(5));
    EXPECT_EQ(found->node_deallocation_option, domain::NodeDeallocationOption::task_completion);
    ASSERT_EQ(found->resize_errors.size(), 1U);
    EXPECT_EQ(found->resize_errors[0].values[0].value, "b");
    EXPECT_EQ(found->task_slots_per_node, 4);
    EXPECT_EQ(found->node_fill_type, domain::NodeFillType::pack);
    EXPECT_TRUE(found->has_start_task);
    EXPECT_EQ(found->document, pool.document);
}

TEST_F(PoolStore, ListsInOrderOfIdsPageByPage) {
    for (auto const* id : {"c", "A", "b"})
        add_pool(id);

    auto const first = read([](Connection& connection) { return list_pools(connection, {{}, "", 2}); });
    auto const second = read([](Connection& connection) { return list_pools(connection, {{}, "b", 2}); });

    EXPECT_THAT(ids_of(first), ElementsAre("A", "b"));
    EXPECT_THAT(ids_of(second), ElementsAre("c"));
}

TEST_F(PoolStore, FiltersByEveryKindOfField) {
    auto pool = add_pool("one");
    add_pool("two");
    pool.allocation_state = domain::AllocationState::resizing;
    pool.document = "{\"enableInterNodeCommunication\":true}";
    write([&](Transaction& transaction) { update_pool(transaction, pool); });

    EXPECT_THAT(pools("allocationState eq 'RESIZING'"), ElementsAre("one"));
    EXPECT_THAT(pools("enableInterNodeCommunication eq true"), ElementsAre("one"));
    EXPECT_THAT(pools("enableInterNodeCommunication eq false"), ElementsAre("two"));
    EXPECT_THAT(pools("vmSize eq 'STANDARD_A1_V2' and startswith(id, 'T')"), ElementsAre("two"));
    EXPECT_THAT(pools("creationTime gt DateTime'2001-01-01T00:00:00Z'"), ElementsAre("one", "two"));
    EXPECT_THAT(pools("creationTime gt '2030-01-01T00:00:00Z'"), IsEmpty());
    EXPECT_THAT(pools("id lt 'ONF'"), ElementsAre("one"));
}

TEST_F(PoolStore, DeletesAPoolWithItsNodes) {
    add_pool("pool");
    add_node("pool", "tvmps_1_d", true);

    write([](Transaction& transaction) { delete_pool(transaction, "POOL"); });

    EXPECT_FALSE(read([](Connection& connection) { return find_pool(connection, "pool"); }));
    EXPECT_FALSE(read([](Connection& connection) { return find_node(connection, "pool", "tvmps_1_d"); }));
}

TEST_F(PoolStore, CountsNodesByKind) {
    add_node("pool", "a_d", true);
    add_node("pool", "b_d", true);
    add_node("pool", "c_p", false);
    add_node("other", "d_d", true);

    auto const numbers = read([](Connection& connection) { return count_nodes(connection, "pool"); });
    auto const none = read([](Connection& connection) { return count_nodes(connection, "nowhere"); });

    EXPECT_EQ(numbers.dedicated, 2);
    EXPECT_EQ(numbers.low_priority, 1);
    EXPECT_EQ(none.dedicated + none.low_priority, 0);
}

TEST_F(PoolStore, KeepsWhatRanOnANode) {
    auto node = add_node("pool", "a_d", true);
    node.state = domain::NodeState::running;
    node.last_boot_time = at(3);
    node.ip_address = "10.0.0.4";
    node.total_tasks_run = 5;
    node.running_task_slots_count = 2;
    node.start_task_info = domain::NodeTaskInfo{
        domain::NodeTaskState::completed,
        at(1),
        at(2),
        7,
        domain::FailureInfo{
            domain::ErrorCategory::user_error, "FailureExitCode", "failed", {{"Message", "m"}}},
        domain::TaskResult::failure,
        1,
        at(2)};
    domain::RecentTask recent{"job", "task", domain::TaskState::completed, {}};
    recent.execution.start_time = at(1);
    recent.execution.end_time = at(2);
    recent.execution.exit_code = 3;
    recent.execution.result = domain::TaskResult::failure;
    recent.execution.failure = node.start_task_info->failure;
    recent.execution.retry_count = 2;
    recent.execution.last_retry_time = at(1);
    node.recent_tasks = {recent, {"job", "ä\"", domain::TaskState::running, {}}};
    write([&](Transaction& transaction) { update_node(transaction, node); });

    auto const found = read([](Connection& connection) { return find_node(connection, "pool", "a_d"); });

    ASSERT_TRUE(found);
    EXPECT_EQ(found->last_boot_time, at(3));
    EXPECT_EQ(found->ip_address, "10.0.0.4");
    EXPECT_EQ(found->total_tasks_run, 5);
    EXPECT_EQ(found->running_task_slots_count, 2);
    ASSERT_TRUE(found->start_task_info);
    EXPECT_EQ(found->start_task_info->exit_code, 7);
    EXPECT_EQ(found->start_task_info->failure, node.start_task_info->failure);
    ASSERT_EQ(found->recent_tasks.size(), 2U);
    auto const& execution = found->recent_tasks[0].execution;
    EXPECT_EQ(found->recent_tasks[0].task_id, "task");
    EXPECT_EQ(found->recent_tasks[0].state, domain::TaskState::completed);
    EXPECT_EQ(execution.start_time, at(1));
    EXPECT_EQ(execution.end_time, at(2));
    EXPECT_EQ(execution.exit_code, 3);
    EXPECT_EQ(execution.result, domain::TaskResult::failure);
    EXPECT_EQ(execution.failure, recent.execution.failure);
    EXPECT_EQ(execution.retry_count, 2);
    EXPECT_EQ(execution.last_retry_time, at(1));
    EXPECT_EQ(execution.last_requeue_time, std::nullopt);
    EXPECT_EQ(found->recent_tasks[1].task_id, "ä\"");
    EXPECT_EQ(found->recent_tasks[1].execution.exit_code, std::nullopt);
    EXPECT_THAT(nodes("startTaskInfo/exitCode gt 6"), ElementsAre("a_d"));
    EXPECT_THAT(nodes("startTaskInfo/result eq 'success'"), IsEmpty());
    EXPECT_THAT(nodes("state eq 'idle' or state eq 'Running'"), ElementsAre("a_d"));
}

TEST_F(PoolStore, KeepsWhatTasksChangeOfANode) {
    auto node = add_node("pool", "a_d", true);
    node.state = domain::NodeState::running;
    node.state_transition_time = at(7);
    node.total_tasks_run = 5;
    node.total_tasks_succeeded = 4;
    node.running_tasks_count = 2;
    node.running_task_slots_count = 3;
    node.recent_tasks = {{"job", "task", domain::TaskState::running, {}}};
    write([&](Transaction& transaction) { update_node_work(transaction, node); });

    auto const found = read([](Connection& connection) { return find_node(connection, "pool", "a_d"); });

    ASSERT_TRUE(found);
    EXPECT_EQ(found->state, domain::NodeState::running);
    EXPECT_EQ(found->state_transition_time, at(7));
    EXPECT_EQ(found->total_tasks_run, 5);
    EXPECT_EQ(found->total_tasks_succeeded, 4);
    EXPECT_EQ(found->running_tasks_count, 2);
    EXPECT_EQ(found->running_task_slots_count, 3);
    ASSERT_EQ(found->recent_tasks.size(), 1U);
    EXPECT_EQ(found->recent_tasks[0].task_id, "task");
}

// A row of an earlier version, as it stands in the table after an upgrade.
TEST_F(PoolStore, ReadsRecentTasksThatAreStillTextAndWritesThemAnew) {
    add_node("pool", "a_d", true);
    write([](Transaction& transaction) {
        transaction.connection().execute(
            R"(UPDATE nodes SET recent_tasks = '[{"job":"j","task":"t","state":3,"execution":)"
            R"({"retries":2,"requeues":0,"start":10,"exit":3,"result":1}}]')"
        );
    });
    auto const find = [this] {
        return read([](Connection& connection) { return find_node(connection, "pool", "a_d"); });
    };
    auto const found = find();
    ASSERT_EQ(found->recent_tasks.size(), 1U);
    EXPECT_EQ(found->recent_tasks[0].task_id, "t");
    EXPECT_EQ(found->recent_tasks[0].state, domain::TaskState::completed);
    EXPECT_EQ(found->recent_tasks[0].execution.retry_count, 2);
    EXPECT_EQ(found->recent_tasks[0].execution.exit_code, 3);
    EXPECT_EQ(found->recent_tasks[0].execution.result, domain::TaskResult::failure);
    write([&](Transaction& transaction) { update_node_work(transaction, *found); });
    auto const again = find();
    ASSERT_EQ(again->recent_tasks.size(), 1U);
    EXPECT_EQ(again->recent_tasks[0].task_id, "t");
    EXPECT_EQ(again->recent_tasks[0].execution.exit_code, 3);
}

TEST_F(PoolStore, NamesWhatAFilterMayNotUse) {
    auto const fault = [](ListKind kind, std::string_view text) {
        return fault_of(kind, codec::odata::parse_filter(text).value()).value_or("");
    };

    EXPECT_EQ(fault(ListKind::pools, "id eq 'x' and state ne 'active'"), "");
    EXPECT_NE(fault(ListKind::pools, "State eq 'active'"), "");
    EXPECT_NE(fault(ListKind::pools, "state gt 'active'"), "");
    EXPECT_NE(fault(ListKind::pools, "startswith(vmSize, 's')"), "");
    EXPECT_NE(fault(ListKind::pools, "state eq 'nonsense'"), "");
    EXPECT_NE(fault(ListKind::pools, "creationTime gt 5"), "");
    EXPECT_NE(fault(ListKind::nodes, "startTaskInfo/state ne 'running'"), "");
    EXPECT_NE(fault(ListKind::tasks, "id eq 'a' or (displayName eq 'x')"), "");
    EXPECT_EQ(fault(ListKind::tasks, "executionInfo/result eq 'failure'"), "");
}

}  // namespace
}  // namespace bluebatch::emulator::storage
