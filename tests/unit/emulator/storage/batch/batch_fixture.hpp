#pragma once

#include "emulator/storage/batch/batch_store.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <string>

namespace bluebatch::emulator::storage {

// A Batch account's database in a folder of its own, which goes with it.
class BatchFixture : public ::testing::Test {
protected:
    BatchFixture() : database(folder_.path() / "batch.db", batch_schema(), Durability::process) {}

    static base::TimePoint at(int seconds) {
        return base::TimePoint{std::chrono::seconds{1'700'000'000 + seconds}};
    }

    // Writes in a transaction of its own.
    template <class Write>
    void write(Write write) {
        Transaction transaction(database);
        write(transaction);
        transaction.commit();
    }

    // What a reading connection sees.
    template <class Read>
    auto read(Read read) {
        Snapshot snapshot(database);
        return read(snapshot.connection());
    }

    domain::Job add_job(std::string id, std::string pool_id = "pool") {
        domain::Job job;
        job.id = std::move(id);
        job.pool_id = std::move(pool_id);
        job.creation_time = job.last_modified = job.state_transition_time = job.start_time = at(0);
        job.document = "{}";
        write([&](Transaction& transaction) { insert_job(transaction, job); });
        return job;
    }

    domain::Task a_task(std::string job_id, std::string id) {
        domain::Task task;
        task.job_id = std::move(job_id);
        task.id = std::move(id);
        task.creation_time = task.last_modified = task.state_transition_time = at(0);
        task.document = "{\"commandLine\":\"true\"}";
        return task;
    }

    domain::Task add_task(std::string job_id, std::string id, int slots = 1) {
        auto task = a_task(std::move(job_id), std::move(id));
        task.required_slots = slots;
        write([&](Transaction& transaction) { EXPECT_TRUE(insert_task(transaction, task)); });
        return task;
    }

    void complete(domain::Task& task, domain::TaskResult result, int exit_code = 0) {
        domain::move_to(task, domain::TaskState::running, at(1));
        domain::move_to(task, domain::TaskState::completed, at(2));
        task.place = domain::TaskPlace{"pool", "node"};
        task.execution.start_time = at(1);
        task.execution.end_time = at(2);
        task.execution.exit_code = exit_code;
        task.execution.result = result;
        write([&](Transaction& transaction) { update_task(transaction, task); });
    }

private:
    tests::TemporaryDirectory folder_;

protected:
    Database database;
};

inline ListQuery filtered(std::string_view text) {
    ListQuery query;
    query.filter = codec::odata::parse_filter(text).value();
    return query;
}

template <class Entity>
std::vector<std::string> ids_of(std::vector<Entity> const& entities) {
    std::vector<std::string> ids;
    for (auto const& entity : entities)
        ids.push_back(entity.id);
    return ids;
}

}  // namespace bluebatch::emulator::storage
