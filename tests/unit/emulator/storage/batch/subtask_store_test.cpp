#include "emulator/storage/batch/subtask_store.hpp"

#include "tests/unit/emulator/storage/batch/batch_fixture.hpp"

#include <algorithm>

namespace bluebatch::emulator::storage {
namespace {

class SubtaskStore : public BatchFixture {
protected:
    domain::Task add_gang(std::string id, int instances) {
        auto task = a_task("job", std::move(id));
        task.instances = instances;
        task.affinity_id = "TVM:node";
        write([&](Transaction& transaction) { EXPECT_TRUE(insert_task(transaction, task)); });
        return task;
    }
    static domain::Subtask a_subtask(int id) {
        domain::Subtask subtask;
        subtask.id = id;
        subtask.state_transition_time = at(0);
        subtask.place = {"pool", "node" + std::to_string(id)};
        return subtask;
    }
    void put(domain::Task const& task, domain::Subtask const& subtask) {
        write([&](Transaction& transaction) { put_subtask(transaction, task.sequence, subtask); });
    }
    std::vector<domain::Subtask> subtasks(domain::Task const& task) {
        return read([&](Connection& connection) { return list_subtasks(connection, task.sequence); });
    }
    std::int64_t further_instances() {
        return read([](Connection& connection) { return count_further_instances(connection, "job"); });
    }
};

TEST_F(SubtaskStore, KeepsEveryMember) {
    add_job("job");
    auto const task = add_gang("task", 3);
    auto subtask = a_subtask(2);
    domain::move_to(subtask, domain::SubtaskState::running, at(1));
    domain::move_to(subtask, domain::SubtaskState::completed, at(5));
    subtask.start_time = at(2);
    subtask.end_time = at(5);
    subtask.exit_code = 7;
    subtask.result = domain::TaskResult::failure;
    subtask.failure = domain::failure_exit_code();
    put(task, subtask);
    put(task, a_subtask(1));

    auto const found = subtasks(task);

    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].id, 1);
    EXPECT_FALSE(found[0].start_time || found[0].exit_code || found[0].result || found[0].failure);
    EXPECT_EQ(found[1].state, domain::SubtaskState::completed);
    EXPECT_EQ(found[1].state_transition_time, at(5));
    EXPECT_EQ(found[1].previous_state, domain::SubtaskState::running);
    EXPECT_EQ(found[1].previous_state_transition_time, at(1));
    EXPECT_EQ(found[1].start_time, at(2));
    EXPECT_EQ(found[1].end_time, at(5));
    EXPECT_EQ(found[1].exit_code, 7);
    EXPECT_EQ(found[1].result, domain::TaskResult::failure);
    EXPECT_EQ(found[1].failure, domain::failure_exit_code());
    EXPECT_EQ(found[1].place.node_id, "node2");
}

TEST_F(SubtaskStore, ATaskKeepsItsInstancesAndAffinity) {
    add_job("job");
    add_gang("task", 3);

    auto const found = read([](Connection& connection) { return find_task(connection, "job", "task"); });
    EXPECT_EQ(found->instances, 3);
    EXPECT_EQ(found->affinity_id, "TVM:node");
    auto const waiting =
        read([](Connection& connection) { return list_waiting_tasks(connection, "job", 0, 10); });
    EXPECT_EQ(waiting.at(0).instances, 3);
}

TEST_F(SubtaskStore, SubtasksGoWithTheirTaskAndJob) {
    add_job("job");
    auto const first = add_gang("first", 2);
    auto const second = add_gang("second", 2);
    put(first, a_subtask(1));
    put(second, a_subtask(1));

    write([&](Transaction& transaction) { delete_task(transaction, "job", "first"); });
    write([&](Transaction& transaction) { put_subtask(transaction, second.sequence, a_subtask(1)); });
    EXPECT_EQ(subtasks(second).size(), 1U);
    write([&](Transaction& transaction) { delete_job(transaction, "job"); });

    auto const left = read([](Connection& connection) {
        return connection.find("SELECT count(*) FROM subtasks", {}, [](Row const& row) {
            return row.integer(0);
        });
    });
    EXPECT_EQ(left, 0);
}

// Batch: MI-10
TEST_F(SubtaskStore, CountsTheNodesThatWaitingTasksWant) {
    add_job("job");
    add_task("job", "plain");
    auto task = add_gang("task", 4);
    add_gang("other", 3);
    EXPECT_EQ(further_instances(), 5);

    complete(task, domain::TaskResult::success);

    EXPECT_EQ(further_instances(), 2);
}

TEST_F(SubtaskStore, PoolsOfAnEarlierVersionGoOnCommunicating) {
    tests::TemporaryDirectory folder;
    auto const file = folder.path() / "batch.db";
    auto const& schema = batch_schema();
    auto const added = std::find_if(schema.begin(), schema.end(), [](std::string const& step) {
        return step.find("inter_node_communication") != std::string::npos;
    });
    {
        Database earlier(file, {schema.begin(), added}, Durability::process);
        Transaction transaction(earlier);
        for (auto const* document : {"{\"enableInterNodeCommunication\":true}", "{}"}) {
            transaction.connection().execute(
                "INSERT INTO pools VALUES (?1, 0, 0, 0, 0, 0, 0, '', 0, 0, 0, 0, 0, '[]', 1, 0, 0, ?1, NULL)",
                {document}
            );
        }
        transaction.commit();
    }

    Database present(file, schema, Durability::process);
    Snapshot snapshot(present);
    auto const pools = list_pools(snapshot.connection(), {});

    ASSERT_EQ(pools.size(), 2U);
    for (auto const& pool : pools)
        EXPECT_EQ(pool.inter_node_communication, pool.document != "{}");
}

}  // namespace
}  // namespace bluebatch::emulator::storage
