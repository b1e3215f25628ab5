#include "emulator/storage/batch/dependency_store.hpp"

#include "tests/unit/emulator/storage/batch/batch_fixture.hpp"

#include <gmock/gmock.h>

#include <map>

namespace bluebatch::emulator::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class DependencyStore : public BatchFixture {
protected:
    void SetUp() override { add_job("job"); }

    // A task with these dependencies; true when it has to wait.
    bool add(std::string const& id, domain::TaskDependencies dependencies) {
        dependencies_[id] = std::move(dependencies);
        bool waits = false;
        write([&](Transaction& transaction) {
            auto const wait = find_wait(transaction.connection(), "JOB", dependencies_[id]);
            domain::Task task;
            task.job_id = "job";
            task.id = id;
            task.document = id;
            task.is_blocked = waits = wait.has_value();
            ASSERT_TRUE(insert_task(transaction, task));
            if (wait) insert_wait(transaction, "job", task.sequence, *wait);
        });
        return waits;
    }
    // The tasks that need not wait any more.
    std::vector<std::string> satisfy(std::string const& id) {
        std::vector<std::string> unblocked;
        write([&](Transaction& transaction) {
            auto const tasks = satisfy_dependents(transaction, "job", id, [&](std::string_view document) {
                ++reads_;
                return dependencies_.at(std::string(document));
            });
            for (auto const& task : tasks)
                unblocked.push_back(task.id);
        });
        return unblocked;
    }
    std::size_t count_waiting() {
        return read([](Connection& connection) {
            return list_waiting_tasks(connection, "job", 0, 100).size();
        });
    }

    std::map<std::string, domain::TaskDependencies> dependencies_;
    int reads_ = 0;
};

TEST_F(DependencyStore, ATaskWaitsForAllItsParents) {
    EXPECT_TRUE(add("child", {{"a", "b", "c"}, {}}));
    EXPECT_EQ(count_waiting(), 0U);
    EXPECT_THAT(satisfy("b"), IsEmpty());
    EXPECT_THAT(satisfy("A"), IsEmpty());
    EXPECT_THAT(satisfy("c"), ElementsAre("child"));
    EXPECT_EQ(count_waiting(), 1U);
}

TEST_F(DependencyStore, WhatIsSatisfiedStaysSo) {
    EXPECT_THAT(satisfy("a"), IsEmpty());
    EXPECT_FALSE(add("late", {{"A"}, {}}));
    EXPECT_THAT(satisfy("a"), IsEmpty());
}

TEST_F(DependencyStore, ARangeWaitsForEachOfItsNumbersHoweverTheyAreWritten) {
    EXPECT_TRUE(add("child", {{}, {{2, 4}}}));
    for (auto const* id : {"4", "x3", "2", "1", "5", "02"})
        EXPECT_THAT(satisfy(id), IsEmpty()) << id;
    EXPECT_THAT(satisfy("003"), ElementsAre("child"));
    EXPECT_FALSE(add("after", {{}, {{1, 5}}}));
    EXPECT_TRUE(add("longer", {{}, {{1, 6}}}));
}

TEST_F(DependencyStore, NumbersInAnyOrderBecomeOneRow) {
    for (auto const* id : {"5", "1", "3", "2", "4", "9", "-1", "0"})
        satisfy(id);
    auto const rows = read([](Connection& connection) {
        return connection
            .all("SELECT first, last FROM satisfied_numbers ORDER BY first", {}, [](Row const& row) {
                return std::pair{row.integer(0), row.integer(1)};
            });
    });
    EXPECT_THAT(rows, ElementsAre(std::pair{-1, 5}, std::pair{9, 9}));
}

TEST_F(DependencyStore, AHugeRangeCostsNoMoreThanASmallOne) {
    EXPECT_TRUE(add("child", {{}, {{1, 2'000'000'000}}}));
    EXPECT_THAT(satisfy("1"), IsEmpty());
    EXPECT_THAT(satisfy("2000000000"), IsEmpty());
}

TEST_F(DependencyStore, ManyParentsAreLookedAtOnceEach) {
    domain::TaskDependencies many;
    for (int i = 0; i < 200; ++i)
        many.task_ids.push_back("p" + std::to_string(i));
    EXPECT_TRUE(add("child", many));
    // The child is looked at only when what it waits for comes.
    for (int i = 199; i > 0; --i)
        EXPECT_THAT(satisfy("p" + std::to_string(i)), IsEmpty());
    EXPECT_EQ(reads_, 0);
    EXPECT_THAT(satisfy("p0"), ElementsAre("child"));
}

TEST_F(DependencyStore, ADeletedTaskWaitsNoMore) {
    EXPECT_TRUE(add("child", {{"a"}, {}}));
    write([](Transaction& transaction) { delete_task(transaction, "job", "child"); });
    EXPECT_THAT(satisfy("a"), IsEmpty());
    write([](Transaction& transaction) { delete_job(transaction, "job"); });
    add_job("job");
    EXPECT_TRUE(add("child", {{"a"}, {}}));
}

}  // namespace
}  // namespace bluebatch::emulator::storage
