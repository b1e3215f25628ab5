#include "tests/unit/emulator/batch/service_fixture.hpp"

namespace bluebatch::emulator::batch {
namespace {

using http::Verb;

class Jobs : public ServiceFixture {
protected:
    void move(domain::JobState state) {
        change_job([&](domain::Job& job) { domain::move_to(job, state, clock.now()); });
    }
};

// Batch: REST-2
TEST_F(Jobs, AddingAnswersWithTheAddressOfJobOne) {
    auto const answer = post("/jobs", a_job("my-job"));

    EXPECT_EQ(answer.status, 201);
    EXPECT_EQ(answer.headers.get("Location"), "http://127.0.0.1:10003/jobs/job-1");
    EXPECT_EQ(answer.headers.get("DataServiceId"), "http://127.0.0.1:10003/jobs/job-1");
    EXPECT_TRUE(answer.headers.has("ETag"));
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].kind, domain::Change::Kind::job);
    EXPECT_EQ(post("/jobs", a_job("MY-JOB")).code(), "JobExists");
}

// Batch: JOB-2, JOB-4, JOB-7, JOB-8, JOB-9, JOB-11, JOB-13
TEST_F(Jobs, ShowsWhatTheServiceFillsIn) {
    add_job();
    EXPECT_EQ(
        get("/jobs/job").text,
        R"({"odata.metadata":"http://127.0.0.1:10003/$metadata#jobs/@Element","id":"job",)"
        R"("url":"http://127.0.0.1:10003/jobs/job","eTag":"0x8DC3C31DAB31000",)"
        R"("lastModified":"2024-03-04T10:00:00Z","creationTime":"2024-03-04T10:00:00Z","state":"active",)"
        R"("stateTransitionTime":"2024-03-04T10:00:00Z","priority":0,"maxParallelTasks":-1,)"
        R"("allowTaskPreemption":false,"usesTaskDependencies":false,)"
        R"("constraints":{"maxWallClockTime":"P10675199DT2H48M5.4775807S","maxTaskRetryCount":0},)"
        R"("poolInfo":{"poolId":"pool"},"executionInfo":{"startTime":"2024-03-04T10:00:00Z","poolId":"pool"},)"
        R"("onAllTasksComplete":"noaction","onTaskFailure":"noaction"})"
    );
}

TEST_F(Jobs, SpeaksEachVersionsLanguage) {
    add_job();
    auto const old = get("/jobs/job?api-version=2018-12-01.8.0").json();
    EXPECT_FALSE(old.contains("maxParallelTasks"));
    EXPECT_FALSE(old.contains("allowTaskPreemption"));
    EXPECT_TRUE(get("/jobs/job?api-version=2021-06-01.14.0").json().contains("maxParallelTasks"));
    EXPECT_EQ(
        get("/jobs/job/taskcounts?api-version=2020-03-01.11.0").text,
        R"({"odata.metadata":"http://127.0.0.1:10003/$metadata#taskcounts/@Element",)"
        R"("active":0,"running":0,"completed":0,"succeeded":0,"failed":0})"
    );
}

// Batch: JOB-11, JOB-15
TEST_F(Jobs, KeepsWhatTheUserSays) {
    auto body = a_job("job");
    body["displayName"] = "A job";
    body["priority"] = -1000;
    body["maxParallelTasks"] = 7;
    body["constraints"] = Json{{"maxWallClockTime", "P3Y6M4DT12H30M5S"}, {"maxTaskRetryCount", -1}};
    body["onAllTasksComplete"] = "terminateJob";
    body["commonEnvironmentSettings"] = Json::array({{{"name", "A"}, {"value", "1"}}});
    body["metadata"] = Json::array({{{"name", "m"}, {"value", "v"}}});
    ASSERT_EQ(post("/jobs", body).status, 201);

    auto const job = get("/jobs/job").json();

    EXPECT_EQ(job["displayName"], "A job");
    EXPECT_EQ(job["priority"], -1000);
    EXPECT_EQ(job["maxParallelTasks"], 7);
    EXPECT_EQ(job["constraints"]["maxWallClockTime"], "P1279DT12H30M5S");
    EXPECT_EQ(job["constraints"]["maxTaskRetryCount"], -1);
    EXPECT_EQ(job["onAllTasksComplete"], "terminatejob");
    EXPECT_EQ(job["commonEnvironmentSettings"], body["commonEnvironmentSettings"]);
    EXPECT_EQ(job["metadata"], body["metadata"]);
}

// Batch: JOB-9
TEST_F(Jobs, TellsWhetherItsTasksMakeRoom) {
    auto body = a_job("job");
    body["allowTaskPreemption"] = true;
    ASSERT_EQ(post("/jobs", body).status, 201);
    EXPECT_EQ(get("/jobs/job").json()["allowTaskPreemption"], true);

    Json const whole{{"poolInfo", {{"poolId", "pool"}}}};
    ASSERT_EQ(send(Verb::put, "/jobs/job", whole.dump()).status, 200);
    EXPECT_EQ(get("/jobs/job").json()["allowTaskPreemption"], false);
}

// Batch: JOB-7, JOB-8, JOB-9
TEST_F(Jobs, NamesWhatIsWrong) {
    auto const with = [&](char const* member, Json value) {
        auto body = a_job("job");
        body[member] = std::move(value);
        return post("/jobs", body);
    };

    EXPECT_EQ(post("/jobs", Json{{"id", "job"}}).value("PropertyName"), "poolInfo");
    EXPECT_EQ(with("poolInfo", Json::object()).value("PropertyName"), "poolInfo.poolId");
    EXPECT_EQ(with("priority", 1001).code(), "InvalidPropertyValue");
    EXPECT_EQ(with("priority", 18'446'744'073'709'551'615U).code(), "InvalidRequestBody");
    EXPECT_EQ(with("maxParallelTasks", 0).code(), "InvalidPropertyValue");
    EXPECT_EQ(with("jobManagerTask", Json::object()).value("PropertyName"), "jobManagerTask.id");
    EXPECT_EQ(
        with("poolInfo", Json{{"autoPoolSpecification", Json{{"keepAlive", true}}}}).value("PropertyName"),
        "poolInfo.autoPoolSpecification.poolLifetimeOption"
    );
    EXPECT_EQ(with("onTaskFailure", "sometimes").code(), "InvalidPropertyValue");
    EXPECT_EQ(with("onTaskFailure", "performExitOptionsJobAction").status, 201);
}

// Batch: JOB-34, JOB-35, JOB-36, JOB-3
TEST_F(Jobs, TerminatesOnce) {
    add_job();
    clock.advance(std::chrono::seconds{1});

    auto const answer = post("/jobs/job/terminate");

    EXPECT_EQ(answer.status, 202);
    EXPECT_EQ(answer.headers.get("DataServiceId"), "http://127.0.0.1:10003/jobs/job/terminate");
    auto const job = get("/jobs/job").json();
    EXPECT_EQ(job["state"], "terminating");
    EXPECT_EQ(job["previousState"], "active");
    EXPECT_EQ(job["executionInfo"]["terminateReason"], "UserTerminate");
    EXPECT_EQ(job["eTag"], answer.headers.get("ETag"));
    EXPECT_EQ(changes.size(), 2U);
    EXPECT_EQ(post("/jobs/job/terminate").code(), "JobBeingTerminated");
    move(domain::JobState::completed);
    EXPECT_EQ(post("/jobs/job/terminate").code(), "JobCompleted");
    EXPECT_EQ(get("/jobs/job").json()["previousState"], "active");
}

// Batch: JOB-35
TEST_F(Jobs, TerminatesForAReasonOfTheUser) {
    add_job();
    EXPECT_EQ(post("/jobs/job/terminate", {{"terminateReason", "enough"}}).status, 202);
    EXPECT_EQ(get("/jobs/job").json()["executionInfo"]["terminateReason"], "enough");
}

// Batch: JOB-38, TASK-6, JOB-6, JOB-18
TEST_F(Jobs, OnItsWayOutRefusesTasksAndChanges) {
    add_job();
    auto const refusals = [&] {
        return std::vector<std::string>{
            post("/jobs/job/tasks", a_task("t")).code(),
            post("/jobs/job/addtaskcollection", {{"value", Json::array({a_task("t")})}}).code(),
            send(Verb::patch, "/jobs/job", R"({"priority":1})").code(),
        };
    };

    move(domain::JobState::completed);
    EXPECT_EQ(refusals(), (std::vector<std::string>(3, "JobCompleted")));
    EXPECT_EQ(remove("/jobs/job").status, 202);
    EXPECT_EQ(refusals(), (std::vector<std::string>(3, "JobBeingDeleted")));
    EXPECT_EQ(remove("/jobs/job").code(), "JobBeingDeleted");
    EXPECT_EQ(remove("/jobs/other").code(), "JobNotFound");
}

// Batch: JOB-16, JOB-17, JOB-20, JOB-21
TEST_F(Jobs, PatchChangesWhatItNamesAndPutResetsTheRest) {
    auto body = a_job("job");
    body["priority"] = 5;
    body["constraints"] = Json{{"maxWallClockTime", "PT1H"}, {"maxTaskRetryCount", 3}};
    body["metadata"] = Json::array({{{"name", "m"}, {"value", "v"}}});
    body["displayName"] = "kept";
    ASSERT_EQ(post("/jobs", body).status, 201);

    EXPECT_EQ(send(Verb::patch, "/jobs/job", R"({"constraints":{"maxWallClockTime":"PT2H"}})").status, 200);
    auto const patched = get("/jobs/job").json();
    EXPECT_EQ(patched["constraints"].dump(), R"({"maxWallClockTime":"PT2H","maxTaskRetryCount":0})");
    EXPECT_EQ(patched["priority"], 5);

    EXPECT_EQ(send(Verb::put, "/jobs/job", R"({"poolInfo":{"poolId":"other"}})").status, 409);
    EXPECT_EQ(send(Verb::put, "/jobs/job", R"({})").code(), "MissingRequiredProperty");
    EXPECT_EQ(send(Verb::put, "/jobs/job", R"({"poolInfo":{"poolId":"POOL"}})").status, 200);
    auto const replaced = get("/jobs/job").json();
    EXPECT_EQ(replaced["priority"], 0);
    EXPECT_EQ(replaced["constraints"]["maxWallClockTime"], "P10675199DT2H48M5.4775807S");
    EXPECT_FALSE(replaced.contains("metadata"));
    EXPECT_EQ(replaced["displayName"], "kept");

    EXPECT_EQ(send(Verb::patch, "/jobs/job", R"({"onAllTasksComplete":"terminatejob"})").status, 200);
    EXPECT_EQ(
        send(Verb::patch, "/jobs/job", R"({"onAllTasksComplete":"noaction"})").code(), "InvalidPropertyValue"
    );
    EXPECT_EQ(send(Verb::patch, "/jobs/job", R"({"priority":1})").status, 200);
    EXPECT_EQ(
        send(Verb::put, "/jobs/job", R"({"poolInfo":{"poolId":"pool"}})").code(), "InvalidPropertyValue"
    );
}

TEST_F(Jobs, StaleConditionsFail) {
    add_job();
    auto const answer = send(
        Verb::patch,
        "/jobs/job",
        R"({"priority":1})",
        {{"If-Unmodified-Since", "Mon, 04 Mar 2024 09:00:00 GMT"}}
    );
    EXPECT_EQ(answer.status, 412);
    EXPECT_EQ(answer.code(), "ConditionNotMet");
}

// Batch: CNT-1
TEST_F(Jobs, CountsTasksAndSlots) {
    add_job();
    auto task = a_task("one");
    task["requiredSlots"] = 3;
    ASSERT_EQ(post("/jobs/job/tasks", task).status, 201);
    EXPECT_EQ(
        get("/jobs/job/taskcounts").text,
        R"({"odata.metadata":"http://127.0.0.1:10003/$metadata#taskcountsresult/@Element",)"
        R"("taskCounts":{"active":1,"running":0,"completed":0,"succeeded":0,"failed":0},)"
        R"("taskSlotCounts":{"active":3,"running":0,"completed":0,"succeeded":0,"failed":0}})"
    );
    EXPECT_EQ(get("/jobs/other/taskcounts").code(), "JobNotFound");
}

// Batch: REST-22, REST-23
TEST_F(Jobs, ListsAndFilters) {
    add_job("a");
    add_job("b");
    auto const answer = get("/jobs?$filter=startswith(id,%27B%27)&$select=id,poolInfo/poolId").json();
    EXPECT_EQ(answer["odata.metadata"], "http://127.0.0.1:10003/$metadata#jobs");
    EXPECT_EQ(answer["value"].dump(), R"([{"id":"b","poolInfo":{"poolId":"pool"}}])");
}

TEST_F(Jobs, SelectsNothingWithinAMemberThatHasNoSuchPart) {
    add_job("a");
    EXPECT_EQ(get("/jobs?$select=id,poolInfo/nothing").json()["value"].dump(), R"([{"id":"a"}])");
}

TEST_F(Jobs, AJobWithoutPreparationTaskSaysSo) {
    add_job();
    auto const answer = get("/jobs/job/jobpreparationandreleasetaskstatus");
    EXPECT_EQ(answer.status, 409);
    EXPECT_EQ(answer.code(), "JobPreparationTaskOrReleaseTaskNotSpecified");
}

}  // namespace
}  // namespace bluebatch::emulator::batch
