#include "emulator/storage/batch/job_schedule_store.hpp"
#include "tests/unit/emulator/batch/service_fixture.hpp"

namespace bluebatch::emulator::batch {
namespace {

using http::Verb;

class JobSchedules : public ServiceFixture {
protected:
    static Json a_schedule(std::string id) {
        return {
            {"id", std::move(id)},
            {"schedule", {{"recurrenceInterval", "PT1H"}}},
            {"jobSpecification", {{"poolInfo", {{"poolId", "pool"}}}}}};
    }
    void add_schedule(std::string id = "s") {
        ASSERT_EQ(post("/jobschedules", a_schedule(std::move(id))).status, 201);
    }
    template <class Change>
    void change_schedule(Change change) {
        storage::Transaction transaction(database);
        auto schedule = storage::find_job_schedule(transaction.connection(), "s").value();
        change(schedule);
        storage::update_job_schedule(transaction, schedule);
        transaction.commit();
    }
    std::string state() { return std::string(wire::text_of(get("/jobschedules/s").json(), "state")); }
};

// Batch: REST-2, SCH-8
TEST_F(JobSchedules, ShowsWhatTheServiceFillsIn) {
    auto const answer = post("/jobschedules", a_schedule("s"));

    EXPECT_EQ(answer.status, 201);
    EXPECT_EQ(answer.headers.get("Location"), "http://127.0.0.1:10003/jobschedules/s");
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].kind, domain::Change::Kind::job_schedule);
    EXPECT_EQ(
        get("/jobschedules/s").text,
        R"({"odata.metadata":"http://127.0.0.1:10003/$metadata#jobschedules/@Element","id":"s",)"
        R"("url":"http://127.0.0.1:10003/jobschedules/s","eTag":"0x8DC3C31DAB31000",)"
        R"("lastModified":"2024-03-04T10:00:00Z","creationTime":"2024-03-04T10:00:00Z","state":"active",)"
        R"("stateTransitionTime":"2024-03-04T10:00:00Z","schedule":{"recurrenceInterval":"PT1H"},)"
        R"("jobSpecification":{"priority":0,"allowTaskPreemption":false,"maxParallelTasks":-1,)"
        R"("usesTaskDependencies":false,"onAllTasksComplete":"noaction","onTaskFailure":"noaction",)"
        R"("constraints":{"maxWallClockTime":"P10675199DT2H48M5.4775807S","maxTaskRetryCount":0},)"
        R"("poolInfo":{"poolId":"pool"}},"executionInfo":{"nextRunTime":"2024-03-04T10:00:00Z"}})"
    );
    EXPECT_EQ(send(Verb::head, "/jobschedules/s").status, 200);
    EXPECT_EQ(send(Verb::head, "/jobschedules/other").status, 404);
    EXPECT_EQ(get("/jobschedules/other").code(), "JobScheduleNotFound");
}

// Batch: REST-32, REST-33
TEST_F(JobSchedules, SharesItsIdWithNoJob) {
    add_schedule();
    add_job("job");

    EXPECT_EQ(post("/jobschedules", a_schedule("S")).code(), "JobScheduleExists");
    EXPECT_EQ(post("/jobschedules", a_schedule("Job")).code(), "JobWithSameIdExists");
    EXPECT_EQ(post("/jobs", a_job("s")).code(), "JobScheduleWithSameIdExists");
    EXPECT_EQ(post("/jobs", a_job("s:job-1")).status, 400);
}

// Batch: SCH-4
TEST_F(JobSchedules, RefusesImpossibleTimes) {
    auto const fault_of = [&](Json const& schedule) {
        auto body = a_schedule("s");
        body["schedule"] = schedule;
        return post("/jobschedules", body).value("PropertyName");
    };
    EXPECT_EQ(fault_of({{"recurrenceInterval", "PT59S"}}), "schedule.recurrenceInterval");
    EXPECT_EQ(fault_of({{"startWindow", "PT30S"}}), "schedule.startWindow");
    EXPECT_EQ(
        fault_of({{"doNotRunUntil", "2024-03-05T00:00:00Z"}, {"doNotRunAfter", "2024-03-05T00:00:00Z"}}),
        "schedule.doNotRunAfter"
    );
    auto body = a_schedule("s");
    body.erase("jobSpecification");
    EXPECT_EQ(post("/jobschedules", body).code(), "MissingRequiredProperty");
    body = a_schedule("s");
    body["jobSpecification"]["priority"] = 1001;
    EXPECT_EQ(post("/jobschedules", body).value("PropertyName"), "jobSpecification.priority");
    body["jobSpecification"] = Json{{"poolInfo", Json::object()}};
    EXPECT_EQ(post("/jobschedules", body).value("PropertyName"), "jobSpecification.poolInfo.poolId");
}

TEST_F(JobSchedules, ItsManagerIsNoPreparationTask) {
    auto body = a_schedule("s");
    body["jobSpecification"]["jobManagerTask"] = {{"id", "JobPreparation"}, {"commandLine", "a"}};
    body["jobSpecification"]["jobPreparationTask"] = {{"commandLine", "b"}};

    EXPECT_EQ(post("/jobschedules", body).code(), "TaskIdSameAsJobPreparationTask");
}

// Batch: SCH-5
TEST_F(JobSchedules, TheFirstJobWaitsForItsTime) {
    auto body = a_schedule("s");
    body["schedule"] = {{"doNotRunUntil", "2024-03-05T00:00:00Z"}};
    ASSERT_EQ(post("/jobschedules", body).status, 201);

    auto const shown = get("/jobschedules/s").json();

    EXPECT_EQ(shown["executionInfo"]["nextRunTime"], "2024-03-05T00:00:00Z");
    EXPECT_EQ(shown["schedule"], body["schedule"]);
}

// Batch: SCH-9, SCH-10
TEST_F(JobSchedules, RefusesWhatItsStateDoesNotAllow) {
    add_schedule();
    EXPECT_EQ(post("/jobschedules/s/enable").code(), "OperationInvalidForCurrentState");
    EXPECT_EQ(post("/jobschedules/s/disable").status, 204);
    EXPECT_EQ(state(), "disabled");
    EXPECT_EQ(post("/jobschedules/s/enable").status, 204);
    EXPECT_EQ(state(), "active");
    auto const terminated = post("/jobschedules/s/terminate");
    EXPECT_EQ(terminated.status, 202);
    EXPECT_EQ(terminated.headers.get("DataServiceId"), "http://127.0.0.1:10003/jobschedules/s/terminate");
    EXPECT_EQ(state(), "terminating");
    EXPECT_EQ(post("/jobschedules/s/terminate").code(), "JobScheduleBeingTerminated");
    change_schedule([&](auto& row) { domain::move_to(row, domain::JobScheduleState::completed, clock.now()); }
    );
    EXPECT_EQ(post("/jobschedules/s/disable").code(), "JobScheduleCompleted");
    EXPECT_EQ(send(Verb::patch, "/jobschedules/s", R"({"schedule":{}})").code(), "JobScheduleCompleted");
    EXPECT_EQ(remove("/jobschedules/s").status, 202);
    EXPECT_EQ(remove("/jobschedules/s").code(), "JobScheduleBeingDeleted");
}

// Batch: SCH-11
TEST_F(JobSchedules, PatchingKeepsWhatItDoesNotName) {
    auto body = a_schedule("s");
    body["metadata"] = Json::array({{{"name", "a"}, {"value", "b"}}});
    body["jobSpecification"]["priority"] = 5;
    ASSERT_EQ(post("/jobschedules", body).status, 201);

    ASSERT_EQ(
        send(Verb::patch, "/jobschedules/s", R"({"schedule":{"recurrenceInterval":"P1D"}})").status, 200
    );

    auto const shown = get("/jobschedules/s").json();
    EXPECT_EQ(shown["schedule"]["recurrenceInterval"], "P1D");
    EXPECT_EQ(shown["jobSpecification"]["priority"], 5);
    EXPECT_EQ(shown["metadata"], body["metadata"]);
}

// Batch: SCH-11
TEST_F(JobSchedules, ReplacingForgetsWhatItDoesNotName) {
    auto body = a_schedule("s");
    body["metadata"] = Json::array({{{"name", "a"}, {"value", "b"}}});
    ASSERT_EQ(post("/jobschedules", body).status, 201);
    change_schedule([](auto& row) { row.next_run_time.reset(); });

    Json const whole{{"jobSpecification", {{"poolInfo", {{"poolId", "other"}}}}}};
    ASSERT_EQ(send(Verb::put, "/jobschedules/s", whole.dump()).status, 200);

    auto const shown = get("/jobschedules/s").json();
    EXPECT_EQ(shown["schedule"], Json::object());
    EXPECT_FALSE(shown.contains("metadata"));
    EXPECT_EQ(shown["jobSpecification"]["poolInfo"]["poolId"], "other");
    EXPECT_TRUE(shown["executionInfo"].contains("nextRunTime"));
    EXPECT_EQ(send(Verb::put, "/jobschedules/s", "{}").code(), "MissingRequiredProperty");
}

TEST_F(JobSchedules, ListsByStateAndTime) {
    add_schedule("a");
    add_schedule("b");
    post("/jobschedules/b/disable");

    auto const found = get("/jobschedules?$filter=state%20eq%20'disabled'&$select=id").json();

    ASSERT_EQ(found["value"].size(), 1U);
    EXPECT_EQ(found["value"][0], (Json{{"id", "b"}}));
    EXPECT_EQ(get("/jobschedules?maxresults=1").json()["value"].size(), 1U);
    EXPECT_EQ(
        get("/jobschedules?$filter=schedule/doNotRunUntil%20gt%20datetime'2024-01-01T00:00:00Z'").status, 200
    );
    EXPECT_EQ(get("/jobschedules?$filter=priority%20eq%201").status, 400);
}

TEST_F(JobSchedules, ListsItsOwnJobs) {
    add_schedule();
    add_job("other");
    storage::Transaction transaction(database);
    domain::Job job;
    job.id = "s:job-1";
    job.schedule_id = "s";
    job.document = "{}";
    storage::insert_job(transaction, job);
    transaction.commit();

    auto const jobs = get("/jobschedules/S/jobs").json();

    ASSERT_EQ(jobs["value"].size(), 1U);
    EXPECT_EQ(jobs["value"][0]["id"], "s:job-1");
    EXPECT_EQ(get("/jobs/s%3Ajob-1").json()["id"], "s:job-1");
    EXPECT_EQ(get("/jobschedules/other/jobs").code(), "JobScheduleNotFound");
}

}  // namespace
}  // namespace bluebatch::emulator::batch
