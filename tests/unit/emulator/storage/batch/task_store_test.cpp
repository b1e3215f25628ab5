#include "emulator/storage/batch/task_change.hpp"
#include "tests/unit/emulator/storage/batch/batch_fixture.hpp"

#include <gmock/gmock.h>

namespace bluebatch::emulator::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class TaskStore : public BatchFixture {
protected:
    std::vector<std::string> tasks(std::string_view filter) {
        return read([&](Connection& connection) {
            return ids_of(list_tasks(connection, "job", filtered(filter)));
        });
    }

    domain::TaskCounts counts() {
        return read([](Connection& connection) { return count_tasks(connection, "job"); });
    }

    std::vector<std::int64_t> waiting(std::int64_t after, int limit) {
        return read([&](Connection& connection) {
            std::vector<std::int64_t> sequences;
            for (auto const& task : list_waiting_tasks(connection, "job", after, limit))
                sequences.push_back(task.sequence);
            return sequences;
        });
    }
};

TEST_F(TaskStore, KeepsEveryMember) {
    add_job("Job");
    auto task = add_task("job", "Task");
    task.constraints = {std::chrono::minutes{5}, std::chrono::hours{1}, 3};
    task.execution.failure =
        domain::FailureInfo{domain::ErrorCategory::user_error, "FailureExitCode", "m", {{"a", "b"}}};
    task.execution.retry_count = 2;
    task.execution.last_retry_time = at(9);
    task.execution.requeue_count = 1;
    task.termination_requested = true;
    complete(task, domain::TaskResult::failure, 5);

    auto const found = read([](Connection& connection) { return find_task(connection, "JOB", "TASK"); });

    ASSERT_TRUE(found);
    EXPECT_EQ(found->job_id, "Job");
    EXPECT_EQ(found->id, "Task");
    EXPECT_EQ(found->sequence, task.sequence);
    EXPECT_EQ(found->state, domain::TaskState::completed);
    EXPECT_EQ(found->previous_state, domain::TaskState::running);
    EXPECT_EQ(found->previous_state_transition_time, at(1));
    EXPECT_EQ(found->constraints.max_wall_clock_time, std::chrono::minutes{5});
    EXPECT_EQ(found->constraints.max_task_retry_count, 3);
    EXPECT_EQ(found->execution.exit_code, 5);
    EXPECT_EQ(found->execution.failure, task.execution.failure);
    EXPECT_EQ(found->execution.last_retry_time, at(9));
    EXPECT_EQ(found->execution.requeue_count, 1);
    EXPECT_EQ(found->place->node_id, "node");
    EXPECT_TRUE(found->termination_requested);
    EXPECT_EQ(found->document, task.document);
}

TEST_F(TaskStore, RefusesASecondTaskOfAnId) {
    add_job("job");
    add_task("job", "task");
    auto second = a_task("job", "TASK");

    write([&](Transaction& transaction) { EXPECT_FALSE(insert_task(transaction, second)); });

    EXPECT_EQ(counts().tasks.active, 1);
}

TEST_F(TaskStore, TakesTheSameIdInAnotherJob) {
    add_job("job");
    add_job("job2");
    add_task("job", "task");
    add_task("job2", "task");
    EXPECT_THAT(tasks("id eq 'task'"), ElementsAre("task"));
}

// Batch: CNT-1, CNT-2
TEST_F(TaskStore, CountsFollowEveryChange) {
    add_job("job");
    auto good = add_task("job", "good", 2);
    auto bad = add_task("job", "bad", 3);
    add_task("job", "waiting", 4);
    auto running = add_task("job", "running", 5);
    complete(good, domain::TaskResult::success);
    complete(bad, domain::TaskResult::failure);
    domain::move_to(running, domain::TaskState::preparing, at(1));
    write([&](Transaction& transaction) { update_task(transaction, running); });

    auto const before = counts();
    write([](Transaction& transaction) {
        delete_task(transaction, "job", "bad");
        delete_task(transaction, "job", "waiting");
    });
    auto const after = counts();

    EXPECT_EQ(before.tasks.active, 1);
    EXPECT_EQ(before.tasks.running, 1);
    EXPECT_EQ(before.tasks.succeeded, 1);
    EXPECT_EQ(before.tasks.failed, 1);
    EXPECT_EQ(before.slots.active, 4);
    EXPECT_EQ(before.slots.running, 5);
    EXPECT_EQ(before.slots.completed(), 5);
    EXPECT_EQ(after.tasks.active, 0);
    EXPECT_EQ(after.tasks.failed, 0);
    EXPECT_EQ(after.slots.failed, 0);
}

TEST_F(TaskStore, CountsAreRightWithinATransactionAsWell) {
    auto const job = add_job("job").sequence;
    auto task = add_task("job", "task", 2);

    write([&](Transaction& transaction) {
        auto const before = share_of(task);
        domain::move_to(task, domain::TaskState::running, at(1));
        update_begun_task(transaction, task, before, job);
        auto other = a_task("job", "other");
        EXPECT_TRUE(insert_task(transaction, other));
        auto const now = count_tasks(transaction.connection(), "job");
        EXPECT_EQ(now.tasks.active, 1);
        EXPECT_EQ(now.slots.running, 2);
        delete_task(transaction, "job", "other");
    });

    EXPECT_EQ(counts().tasks.active, 0);
    EXPECT_EQ(counts().tasks.running, 1);
}

TEST_F(TaskStore, CountsForgetWhatIsNotCommitted) {
    add_job("job");
    {
        Transaction dropped(database);
        auto task = a_task("job", "task");
        EXPECT_TRUE(insert_task(dropped, task));
    }
    add_task("job", "other");
    EXPECT_EQ(counts().tasks.active, 1);
}

TEST_F(TaskStore, KeepsWhatARunChanges) {
    auto const job = add_job("job").sequence;
    auto task = add_task("job", "task");
    auto const before = share_of(task);
    domain::move_to(task, domain::TaskState::running, at(1));
    task.execution.start_time = at(1);
    task.place = domain::TaskPlace{"pool", "node"};
    write([&](Transaction& transaction) { update_begun_task(transaction, task, before, job); });
    auto const begun = read([](Connection& connection) { return find_task(connection, "job", "task"); });

    auto const under_way = share_of(task);
    domain::move_to(task, domain::TaskState::completed, at(2));
    task.execution.end_time = at(2);
    task.execution.exit_code = 3;
    task.execution.result = domain::TaskResult::failure;
    task.execution.failure =
        domain::FailureInfo{domain::ErrorCategory::user_error, "FailureExitCode", "m", {}};
    task.execution.retry_count = 1;
    task.execution.last_retry_time = at(1);
    task.execution.requeue_count = 2;
    task.execution.last_requeue_time = at(0);
    task.constraints.retention_time = std::chrono::seconds{5};
    write([&](Transaction& transaction) { update_ended_task(transaction, task, under_way, job); });
    auto const ended = read([](Connection& connection) { return find_task(connection, "job", "task"); });

    EXPECT_EQ(begun->state, domain::TaskState::running);
    EXPECT_EQ(begun->state_transition_time, at(1));
    EXPECT_EQ(begun->previous_state, domain::TaskState::active);
    EXPECT_EQ(begun->execution.start_time, at(1));
    EXPECT_EQ(begun->place->node_id, "node");
    EXPECT_EQ(ended->state, domain::TaskState::completed);
    EXPECT_EQ(ended->previous_state_transition_time, at(1));
    EXPECT_EQ(ended->execution.start_time, at(1));
    EXPECT_EQ(ended->execution.end_time, at(2));
    EXPECT_EQ(ended->execution.exit_code, 3);
    EXPECT_EQ(ended->execution.result, domain::TaskResult::failure);
    EXPECT_EQ(ended->execution.failure, task.execution.failure);
    EXPECT_EQ(ended->execution.retry_count, 1);
    EXPECT_EQ(ended->execution.last_retry_time, at(1));
    EXPECT_EQ(ended->execution.requeue_count, 2);
    EXPECT_EQ(ended->execution.last_requeue_time, at(0));
    EXPECT_EQ(ended->place->node_id, "node");
    EXPECT_EQ(ended->document, task.document);
    EXPECT_THAT(tasks("executionInfo/result eq 'failure'"), ElementsAre("task"));
    EXPECT_EQ(counts().tasks.failed, 1);
    auto const expired =
        read([](Connection& connection) { return list_expired_tasks(connection, at(8), 10); });
    EXPECT_THAT(ids_of(expired), ElementsAre("task"));
}

TEST_F(TaskStore, ARunThatIsToBeRepeatedLeavesNothingOfItsEnd) {
    auto const job = add_job("job").sequence;
    auto task = add_task("job", "task");
    domain::move_to(task, domain::TaskState::running, at(1));
    task.execution.start_time = at(1);
    task.execution.exit_code = 3;
    task.execution.result = domain::TaskResult::failure;
    task.termination_requested = true;
    write([&](Transaction& transaction) { update_task(transaction, task); });
    auto const under_way = share_of(task);
    domain::move_to(task, domain::TaskState::active, at(2));
    task.execution = {};
    task.execution.retry_count = 1;
    task.termination_requested = false;
    task.place.reset();
    write([&](Transaction& transaction) { update_ended_task(transaction, task, under_way, job); });

    auto const found = read([](Connection& connection) { return find_task(connection, "job", "task"); });
    EXPECT_EQ(found->state, domain::TaskState::active);
    EXPECT_EQ(found->execution.start_time, std::nullopt);
    EXPECT_EQ(found->execution.exit_code, std::nullopt);
    EXPECT_EQ(found->execution.result, std::nullopt);
    EXPECT_EQ(found->execution.retry_count, 1);
    EXPECT_FALSE(found->termination_requested);
    EXPECT_FALSE(found->place);
    EXPECT_EQ(counts().tasks.active, 1);
    EXPECT_EQ(counts().tasks.running, 0);
}

TEST_F(TaskStore, ChangesOfADeletedTaskAreDropped) {
    add_job("job");
    auto task = add_task("job", "task");
    write([](Transaction& transaction) { delete_task(transaction, "job", "task"); });

    complete(task, domain::TaskResult::success);

    EXPECT_EQ(counts().tasks.completed(), 0);
    EXPECT_FALSE(read([](Connection& connection) { return find_task(connection, "job", "task"); }));
}

TEST_F(TaskStore, ListsByFilterAndPage) {
    add_job("job");
    auto first = add_task("job", "t1");
    auto second = add_task("job", "T2");
    add_task("job", "t3");
    complete(first, domain::TaskResult::success);
    complete(second, domain::TaskResult::failure, 4);

    EXPECT_THAT(tasks("state eq 'completed'"), ElementsAre("t1", "T2"));
    EXPECT_THAT(tasks("state ne 'completed'"), ElementsAre("t3"));
    EXPECT_THAT(tasks("state eq 'active' or state eq 'completed'"), ElementsAre("t1", "T2", "t3"));
    EXPECT_THAT(tasks("state eq 'active' or id eq 't1'"), ElementsAre("t1", "t3"));
    EXPECT_THAT(tasks("state eq 'active' and state eq 'completed'"), IsEmpty());
    EXPECT_THAT(tasks("executionInfo/result eq 'failure'"), ElementsAre("T2"));
    EXPECT_THAT(tasks("executionInfo/result ne 'success'"), ElementsAre("T2", "t3"));
    EXPECT_THAT(tasks("executionInfo/exitCode ge 4"), ElementsAre("T2"));
    EXPECT_THAT(tasks("startswith(id, 'T') and state eq 'active'"), ElementsAre("t3"));
    EXPECT_THAT(
        tasks("(id eq 'T1' or id eq 't3') and creationTime le '2030-01-01'"), ElementsAre("t1", "t3")
    );
    auto page = filtered("startswith(id, 't')");
    page.after = "t1";
    page.limit = 1;
    EXPECT_THAT(
        read([&](Connection& connection) { return ids_of(list_tasks(connection, "job", page)); }),
        ElementsAre("T2")
    );
}

TEST_F(TaskStore, HandsOutWaitingTasksInOrderOfAddition) {
    add_job("job");
    auto const z = add_task("job", "z");
    auto y = add_task("job", "y");
    auto const x = add_task("job", "x");
    complete(y, domain::TaskResult::success);

    EXPECT_THAT(waiting(0, 10), ElementsAre(z.sequence, x.sequence));
    EXPECT_THAT(waiting(0, 1), ElementsAre(z.sequence));
    EXPECT_THAT(waiting(z.sequence, 10), ElementsAre(x.sequence));
}

TEST_F(TaskStore, ASequenceIsNeverUsedAgain) {
    add_job("job");
    auto const first = add_task("job", "task");
    write([](Transaction& transaction) { delete_task(transaction, "job", "task"); });
    EXPECT_GT(add_task("job", "task").sequence, first.sequence);
}

TEST_F(TaskStore, FindsWhatWasRunning) {
    add_job("job");
    add_task("job", "waiting");
    auto running = add_task("job", "running");
    domain::move_to(running, domain::TaskState::running, at(1));
    write([&](Transaction& transaction) { update_task(transaction, running); });

    EXPECT_THAT(
        read([](Connection& connection) { return ids_of(list_unfinished_tasks(connection)); }),
        ElementsAre("running")
    );
}

TEST_F(TaskStore, FindsExpiredTasksUntilTheirFilesAreGone) {
    add_job("job");
    auto task = add_task("job", "task");
    task.constraints.retention_time = std::chrono::seconds{10};
    complete(task, domain::TaskResult::success);
    auto kept = add_task("job", "kept");
    kept.constraints.retention_time = base::kUnlimited;
    complete(kept, domain::TaskResult::success);
    auto const expired = [&](int second) {
        return read([&](Connection& connection) {
            return ids_of(list_expired_tasks(connection, at(second), 10));
        });
    };

    EXPECT_THAT(expired(12), IsEmpty());
    EXPECT_THAT(expired(13), ElementsAre("task"));
    write([&](Transaction& transaction) { mark_files_removed(transaction, task.sequence); });
    EXPECT_THAT(expired(13), IsEmpty());
    EXPECT_TRUE(read([&](Connection& connection) { return files_removed(connection, task.sequence); }));

    task.constraints.retention_time = std::chrono::seconds{11};
    write([&](Transaction& transaction) { update_task(transaction, task); });
    EXPECT_TRUE(read([&](Connection& connection) { return files_removed(connection, task.sequence); }));
    EXPECT_THAT(expired(100), IsEmpty());
}

TEST_F(TaskStore, DeletesAJobWithItsTasks) {
    add_job("job");
    add_task("job", "task");

    write([](Transaction& transaction) { delete_job(transaction, "JOB"); });
    add_job("job");

    EXPECT_EQ(counts().tasks.active, 0);
    EXPECT_THAT(tasks("id ne ''"), IsEmpty());
}

TEST_F(TaskStore, KeepsEveryMemberOfAJob) {
    auto job = add_job("job");
    domain::move_to(job, domain::JobState::terminating, at(3));
    job.priority = -5;
    job.max_parallel_tasks = 7;
    job.max_wall_clock_time = std::chrono::hours{1};
    job.max_task_retry_count = 2;
    job.on_all_tasks_complete = domain::OnAllTasksComplete::terminate_job;
    job.end_time = at(4);
    job.terminate_reason = "UserTerminate";
    write([&](Transaction& transaction) { update_job(transaction, job); });

    auto const jobs = read([](Connection& connection) {
        return list_jobs(connection, filtered("state eq 'terminating' and executionInfo/poolId eq 'POOL'"));
    });

    ASSERT_EQ(jobs.size(), 1U);
    EXPECT_EQ(jobs[0].sequence, job.sequence);
    EXPECT_EQ(jobs[0].previous_state, domain::JobState::active);
    EXPECT_EQ(jobs[0].priority, -5);
    EXPECT_EQ(jobs[0].max_parallel_tasks, 7);
    EXPECT_EQ(jobs[0].max_wall_clock_time, std::chrono::hours{1});
    EXPECT_EQ(jobs[0].max_task_retry_count, 2);
    EXPECT_EQ(jobs[0].on_all_tasks_complete, domain::OnAllTasksComplete::terminate_job);
    EXPECT_EQ(jobs[0].end_time, at(4));
    EXPECT_EQ(jobs[0].terminate_reason, "UserTerminate");
}

}  // namespace
}  // namespace bluebatch::emulator::storage
