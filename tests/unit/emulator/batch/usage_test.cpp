#include "emulator/storage/batch/usage_store.hpp"
#include "tests/unit/emulator/batch/service_fixture.hpp"

namespace bluebatch::emulator::batch {
namespace {

using namespace std::chrono_literals;
using storage::NodeUsageEvent;

// It is ten o'clock at first.
class Usage : public ServiceFixture {
protected:
    static inline std::string const kMetrics = "/poolusagemetrics";

    void add_pool(std::string id, std::string size = "STANDARD_D4_v3") {
        auto body = a_pool(std::move(id));
        body["vmSize"] = std::move(size);
        ASSERT_EQ(post("/pools", body).status, 201);
    }
    void note(std::string pool, std::string node, NodeUsageEvent event, bool is_dedicated = true) {
        storage::Transaction transaction(database);
        domain::Node row;
        row.pool_id = std::move(pool);
        row.id = std::move(node);
        row.is_dedicated = is_dedicated;
        storage::note_node_usage(transaction, row, event, clock.now());
        transaction.commit();
    }
    Json metrics(std::string const& query) { return get(kMetrics + query).json()["value"]; }
};

TEST_F(Usage, IsCountedInCoreHoursOfHalfHours) {
    add_pool("pool");
    note("pool", "one", NodeUsageEvent::begins);
    clock.advance(15min);
    note("pool", "two", NodeUsageEvent::begins, false);
    clock.advance(30min);
    note("pool", "one", NodeUsageEvent::ends);
    clock.advance(15min);

    auto const values = metrics("?starttime=2024-03-04T10:00:00Z&endtime=2024-03-04T11:00:00Z");

    ASSERT_EQ(values.size(), 2U);
    // Four cores: for half an hour and a quarter, then for a quarter and a half.
    EXPECT_EQ(
        values[0].dump(),
        R"({"poolId":"pool","startTime":"2024-03-04T10:00:00Z","endTime":"2024-03-04T10:30:00Z",)"
        R"("vmSize":"standard_d4_v3","totalCoreHours":3.0})"
    );
    EXPECT_EQ(values[1]["startTime"], "2024-03-04T10:30:00Z");
    EXPECT_EQ(values[1]["totalCoreHours"], 3.0);
}

TEST_F(Usage, IsThatOfTheIntervalUnderWayUnlessAskedOtherwise) {
    add_pool("pool");
    note("pool", "one", NodeUsageEvent::begins);
    clock.advance(45min);

    auto const values = metrics("");

    ASSERT_EQ(values.size(), 1U);
    EXPECT_EQ(values[0]["startTime"], "2024-03-04T10:30:00Z");
    EXPECT_EQ(values[0]["totalCoreHours"], 1.0);
    auto const before = metrics("?endTime=2024-03-04T10:30:00Z");
    ASSERT_EQ(before.size(), 1U);
    EXPECT_EQ(before[0]["startTime"], "2024-03-04T10:00:00Z");
    EXPECT_EQ(before[0]["totalCoreHours"], 2.0);
}

TEST_F(Usage, StaysWhenThePoolIsGone) {
    add_pool("pool");
    note("pool", "one", NodeUsageEvent::begins);
    clock.advance(15min);
    note("pool", "one", NodeUsageEvent::ends);
    {
        storage::Transaction transaction(database);
        storage::delete_pool(transaction, "pool");
        transaction.commit();
    }
    EXPECT_EQ(metrics("")[0]["totalCoreHours"], 1.0);
}

TEST_F(Usage, IsFilteredByPools) {
    for (auto const* pool : {"a", "ab", "b"}) {
        add_pool(pool);
        note(pool, std::string("node-") + pool, NodeUsageEvent::begins);
    }
    clock.advance(15min);
    EXPECT_EQ(metrics("").size(), 3U);
    EXPECT_EQ(metrics("?$filter=poolId%20eq%20'A'").size(), 1U);
    EXPECT_EQ(metrics("?$filter=startswith(poolId,'a')").size(), 2U);
    EXPECT_EQ(get(kMetrics + "?$filter=vmSize%20eq%20'x'").value("QueryParameterName"), "$filter");
}

TEST_F(Usage, IsListedInPages) {
    for (auto const* pool : {"a", "b", "c"}) {
        add_pool(pool);
        note(pool, std::string("node-") + pool, NodeUsageEvent::begins);
    }
    clock.advance(45min);

    std::string target = kMetrics + "?starttime=2024-03-04T10:00:00Z&maxresults=2";
    std::vector<std::string> seen;
    for (int pages = 0; !target.empty() && pages < 10; ++pages) {
        auto const page = get(target).json();
        for (auto const& entry : page["value"])
            seen.push_back(std::string(entry["startTime"]).substr(11, 5) + std::string(entry["poolId"]));
        std::string const link = page.value("odata.nextLink", "");
        target = link.empty() ? "" : link.substr(link.find(kMetrics));
    }

    EXPECT_EQ(seen, (std::vector<std::string>{"10:00a", "10:00b", "10:00c", "10:30a", "10:30b", "10:30c"}));
}

TEST_F(Usage, AsksForTimesInOrder) {
    EXPECT_EQ(get(kMetrics + "?starttime=yesterday").value("QueryParameterName"), "starttime");
    EXPECT_EQ(get(kMetrics + "?endtime=later").value("QueryParameterName"), "endtime");
    auto const backwards = get(kMetrics + "?starttime=2024-03-04T11:00:00Z&endtime=2024-03-04T10:00:00Z");
    EXPECT_EQ(backwards.status, 400);
    EXPECT_EQ(backwards.code(), "InvalidQueryParameterValue");
}

TEST_F(Usage, HadTrafficInOldVersions) {
    add_pool("pool");
    note("pool", "one", NodeUsageEvent::begins);
    clock.advance(15min);
    EXPECT_EQ(metrics("?api-version=2018-08-01.7.0")[0]["dataIngressGiB"], 0.0);
    EXPECT_FALSE(metrics("?api-version=2018-12-01.8.0")[0].contains("dataIngressGiB"));
}

// Batch: REST-4
TEST_F(Usage, OfALifetimeIsTheCoreTimeOfDedicatedNodes) {
    add_pool("pool");
    clock.advance(1h);
    note("pool", "one", NodeUsageEvent::begins);
    note("pool", "two", NodeUsageEvent::begins, false);
    clock.advance(1h);

    auto const json = get("/lifetimepoolstats").json();

    EXPECT_EQ(json["odata.metadata"], "http://127.0.0.1:10003/$metadata#poolstats/@Element");
    EXPECT_EQ(json["url"], "http://127.0.0.1:10003/lifetimepoolstats");
    EXPECT_EQ(json["startTime"], "2024-03-04T11:00:00Z");
    EXPECT_EQ(json["usageStats"]["dedicatedCoreTime"], "PT4H");
    EXPECT_EQ(get("/lifetimepoolstats?api-version=2023-05-01.17.0").status, 404);
    auto const pool = get("/pools/pool?$expand=stats").json();
    EXPECT_EQ(pool["stats"]["url"], "http://127.0.0.1:10003/pools/pool/lifetimestats");
    EXPECT_EQ(pool["stats"]["usageStats"]["dedicatedCoreTime"], "PT4H");
    EXPECT_FALSE(get("/pools/pool").json().contains("stats"));
    EXPECT_TRUE(get("/pools?$expand=stats").json()["value"][0].contains("stats"));
}

TEST_F(Usage, OfJobsIsThatOfTheirTasks) {
    for (auto const* job : {"job", "other"})
        add_job(job);
    ASSERT_EQ(post("/jobs/other/tasks", a_task("waiting")).status, 201);
    auto const finish = [&](std::string const& task, domain::TaskResult result, base::Ticks waited) {
        add_task(task);
        change_task(task, [&](domain::Task& row) {
            row.execution.start_time = row.creation_time + waited;
            row.execution.end_time = *row.execution.start_time + 10min;
            row.execution.result = result;
            row.execution.retry_count = 2;
            row.state = domain::TaskState::completed;
        });
    };
    finish("good", domain::TaskResult::success, 1min);
    finish("bad", domain::TaskResult::failure, 2min);
    clock.advance(1h);

    auto const stats = get("/jobs/job?$expand=stats").json()["stats"];
    EXPECT_EQ(stats["url"], "http://127.0.0.1:10003/jobs/job/lifetimestats");
    EXPECT_EQ(stats["wallClockTime"], "PT20M");
    EXPECT_EQ(stats["waitTime"], "PT3M");
    EXPECT_EQ(stats["numSucceededTasks"], "1");
    EXPECT_EQ(stats["numFailedTasks"], "1");
    EXPECT_EQ(stats["numTaskRetries"], "4");
    auto const all = get("/lifetimejobstats").json();
    EXPECT_EQ(all["url"], "http://127.0.0.1:10003/lifetimejobstats");
    EXPECT_EQ(all["numSucceededTasks"], "1");
    auto const jobs = get("/jobs?$expand=stats").json()["value"];
    EXPECT_EQ(jobs[1]["stats"]["numSucceededTasks"], "0");
    auto const task = get("/jobs/job/tasks/bad?$expand=stats").json()["stats"];
    EXPECT_EQ(task["wallClockTime"], "PT10M");
    EXPECT_EQ(task["waitTime"], "PT2M");
    EXPECT_FALSE(get("/jobs/other/tasks/waiting?$expand=stats").json().contains("stats"));
    EXPECT_TRUE(get("/jobs/job/tasks?$expand=stats").json()["value"][0].contains("stats"));
}

}  // namespace
}  // namespace bluebatch::emulator::batch
