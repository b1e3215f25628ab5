#include "emulator/batch/wire/task_specification.hpp"
#include "tests/unit/emulator/batch/service_fixture.hpp"

namespace bluebatch::emulator::batch {
namespace {

using http::Verb;

class Tasks : public ServiceFixture {
protected:
    void SetUp() override {
        add_job();
        changes.clear();
    }

    void start(std::string_view id) {
        change_task(id, [&](domain::Task& task) {
            domain::move_to(task, domain::TaskState::running, clock.now());
            task.place = domain::TaskPlace{"pool", "tvmps_1_d"};
            task.execution.start_time = clock.now();
        });
    }
};

// Batch: TASK-8
TEST_F(Tasks, AddingAnswersWithAddressAndTag) {
    auto const answer = post("/jobs/JOB/tasks", a_task("task"));

    EXPECT_EQ(answer.status, 201);
    EXPECT_EQ(answer.headers.get("Location"), "http://127.0.0.1:10003/jobs/job/tasks/task");
    EXPECT_EQ(answer.headers.get("DataServiceId"), "http://127.0.0.1:10003/jobs/job/tasks/task");
    EXPECT_TRUE(answer.headers.has("ETag"));
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].kind, domain::Change::Kind::tasks_added);
    EXPECT_EQ(changes[0].id, "job");
    EXPECT_EQ(post("/jobs/job/tasks", a_task("TASK")).code(), "TaskExists");
    EXPECT_EQ(post("/jobs/other/tasks", a_task("task")).code(), "JobNotFound");
}

// Batch: TASK-12, TASK-51
TEST_F(Tasks, ShowsWhatTheServiceFillsIn) {
    add_task("task");
    EXPECT_EQ(
        get("/jobs/job/tasks/task").text,
        R"({"odata.metadata":"http://127.0.0.1:10003/$metadata#tasks/@Element","id":"task",)"
        R"("url":"http://127.0.0.1:10003/jobs/job/tasks/task","eTag":"0x8DC3C31DAB31000",)"
        R"("creationTime":"2024-03-04T10:00:00Z","lastModified":"2024-03-04T10:00:00Z","state":"active",)"
        R"("stateTransitionTime":"2024-03-04T10:00:00Z","commandLine":"/bin/true",)"
        R"("userIdentity":{"autoUser":{"scope":"pool","elevationLevel":"nonadmin"}},)"
        R"("constraints":{"maxWallClockTime":"P10675199DT2H48M5.4775807S","retentionTime":"P7D",)"
        R"("maxTaskRetryCount":0},"requiredSlots":1,"executionInfo":{"retryCount":0,"requeueCount":0}})"
    );
    EXPECT_FALSE(get("/jobs/job/tasks/task?api-version=2020-03-01.11.0").json().contains("requiredSlots"));
}

// Batch: TASK-13, TASK-33
TEST_F(Tasks, ShowsWhatBecameOfIt) {
    add_task("task");
    start("task");
    change_task("task", [&](domain::Task& task) {
        clock.advance(std::chrono::milliseconds{1500});
        domain::move_to(task, domain::TaskState::completed, clock.now());
        task.execution.end_time = clock.now();
        task.execution.exit_code = 3;
        task.execution.result = domain::TaskResult::failure;
        task.execution.failure = domain::FailureInfo{
            domain::ErrorCategory::user_error, "FailureExitCode", "failed", {{"Message", "m"}}};
    });

    auto const task = get("/jobs/job/tasks/task").json();

    EXPECT_EQ(task["state"], "completed");
    EXPECT_EQ(task["previousState"], "running");
    EXPECT_EQ(
        task["executionInfo"].dump(),
        R"({"startTime":"2024-03-04T10:00:00Z","endTime":"2024-03-04T10:00:01.5Z","exitCode":3,)"
        R"("failureInfo":{"category":"UserError","code":"FailureExitCode","message":"failed",)"
        R"("details":[{"name":"Message","value":"m"}]},"result":"failure","retryCount":0,"requeueCount":0})"
    );
    EXPECT_EQ(
        task["nodeInfo"].dump(),
        R"({"affinityId":"TVM:tvmps_1_d","nodeUrl":"http://127.0.0.1:10003/pools/pool/nodes/tvmps_1_d",)"
        R"("poolId":"pool","nodeId":"tvmps_1_d","taskRootDirectory":"workitems/job/job-1/task",)"
        R"("taskRootDirectoryUrl":)"
        R"("http://127.0.0.1:10003/pools/pool/nodes/tvmps_1_d/files/workitems/job/job-1/task"})"
    );
    EXPECT_EQ(task["eTag"], "0x8DC3C31DAB31000");
}

// Batch: JOB-11, TASK-19
TEST_F(Tasks, InheritsTheRetriesOfItsJob) {
    auto job = a_job("retrying");
    job["constraints"] = Json{{"maxTaskRetryCount", 4}};
    ASSERT_EQ(post("/jobs", job).status, 201);
    auto own = a_task("own");
    own["constraints"] = Json{{"maxTaskRetryCount", 1}, {"retentionTime", "PT1H"}};
    ASSERT_EQ(post("/jobs/retrying/tasks", own).status, 201);
    ASSERT_EQ(post("/jobs/retrying/tasks", a_task("inherits")).status, 201);

    EXPECT_EQ(get("/jobs/retrying/tasks/own").json()["constraints"]["maxTaskRetryCount"], 1);
    EXPECT_EQ(get("/jobs/retrying/tasks/own").json()["constraints"]["retentionTime"], "PT1H");
    EXPECT_EQ(get("/jobs/retrying/tasks/inherits").json()["constraints"]["maxTaskRetryCount"], 4);
}

// Batch: TASK-9
TEST_F(Tasks, AddsACollectionAndTellsOfEach) {
    add_task("old");
    Json const body{
        {"value",
         Json::array({a_task("new"), a_task("OLD"), a_task("bad id"), a_task("new2"), a_task("NEW2")})}};

    auto const answer = post("/jobs/job/addtaskcollection", body);
    auto const results = answer.json()["value"];

    EXPECT_EQ(answer.status, 200);
    EXPECT_FALSE(answer.headers.has("ETag"));
    EXPECT_EQ(answer.json()["odata.metadata"], "http://127.0.0.1:10003/$metadata#taskaddresult");
    EXPECT_EQ(
        results[0].dump(),
        R"({"status":"Success","taskId":"new","eTag":"0x8DC3C31DAB31000","lastModified":"2024-03-04T10:00:00Z",)"
        R"("location":"http://127.0.0.1:10003/jobs/job/tasks/new"})"
    );
    EXPECT_EQ(results[1]["status"], "ClientError");
    EXPECT_EQ(results[1]["taskId"], "OLD");
    EXPECT_EQ(results[1]["error"]["code"], "TaskExists");
    EXPECT_EQ(results[2]["error"]["code"], "InvalidPropertyValue");
    EXPECT_EQ(results[3]["status"], "Success");
    EXPECT_EQ(results[4]["error"]["code"], "TaskExists");
    EXPECT_EQ(get("/jobs/job/taskcounts").json()["taskCounts"]["active"], 3);
}

TEST_F(Tasks, RefusesACollectionOfMoreThanAHundred) {
    auto const with = [&](int count) {
        auto values = Json::array();
        for (int i = 0; i < count; ++i)
            values.push_back(a_task("t" + std::to_string(i)));
        return post("/jobs/job/addtaskcollection", {{"value", values}});
    };
    EXPECT_EQ(with(101).code(), "InvalidPropertyValue");
    EXPECT_EQ(with(0).code(), "InvalidPropertyValue");
    EXPECT_EQ(with(100).status, 200);
    EXPECT_EQ(post("/jobs/job/addtaskcollection", Json::object()).code(), "MissingRequiredProperty");
}

// Batch: TASK-10, TASK-51, RES-1, RES-4, RES-5, RES-11
TEST_F(Tasks, NamesWhatIsWrong) {
    auto const with = [&](char const* member, Json value) {
        auto body = a_task("task");
        body[member] = std::move(value);
        return post("/jobs/job/tasks", body);
    };
    auto const file = [&](Json value) { return with("resourceFiles", Json::array({std::move(value)})); };

    EXPECT_EQ(post("/jobs/job/tasks", {{"id", "x"}}).value("PropertyName"), "commandLine");
    EXPECT_EQ(post("/jobs/job/tasks", {{"commandLine", "x"}}).value("PropertyName"), "id");
    EXPECT_EQ(with("requiredSlots", 0).code(), "InvalidPropertyValue");
    EXPECT_EQ(file(Json{{"filePath", "a"}}).value("PropertyName"), "resourceFiles[0]");
    EXPECT_EQ(file(Json{{"httpUrl", "http://h/b"}}).value("PropertyName"), "resourceFiles[0].filePath");
    EXPECT_EQ(
        file(Json{{"httpUrl", "http://h/b"}, {"filePath", "../up"}}).value("PropertyName"),
        "resourceFiles[0].filePath"
    );
    EXPECT_EQ(
        file(Json{{"httpUrl", "http://h/b"}, {"filePath", "a"}, {"blobPrefix", "p"}}).value("PropertyName"),
        "resourceFiles[0].blobPrefix"
    );
    EXPECT_EQ(
        file(Json{{"httpUrl", "http://h/b?" + std::string(33'000, 'x')}, {"filePath", "a"}}).code(),
        "RequestEntityTooLarge"
    );
    EXPECT_EQ(
        with("dependsOn", Json{{"taskIds", Json::array({"a"})}}).code(), "TaskDependenciesNotSpecifiedOnJob"
    );
    EXPECT_EQ(
        with("exitConditions", Json{{"exitCodes", Json::array({Json{{"code", 1}}})}}).value("PropertyName"),
        "exitConditions.exitCodes[0].exitOptions"
    );
    EXPECT_EQ(
        with("userIdentity", Json{{"username", "u"}, {"autoUser", Json::object()}}).code(),
        "InvalidPropertyValue"
    );
    EXPECT_EQ(
        with(
            "outputFiles", Json::array({Json{{"filePattern", "*.mp3"}, {"destination", Json::object()}}})
        ).value("PropertyName"),
        "outputFiles[0].uploadOptions"
    );
    EXPECT_EQ(get("/jobs/job/taskcounts").json()["taskCounts"]["active"], 0);
}

// Batch: TASK-28, TASK-16, TASK-30
TEST_F(Tasks, TerminatingAWaitingTaskCompletesIt) {
    add_task("task");
    clock.advance(std::chrono::seconds{1});

    auto const answer = post("/jobs/job/tasks/task/terminate");

    EXPECT_EQ(answer.status, 204);
    EXPECT_EQ(answer.framing, http::Framing::content_length);
    EXPECT_EQ(answer.headers.get("DataServiceId"), "http://127.0.0.1:10003/jobs/job/tasks/task/terminate");
    auto const task = get("/jobs/job/tasks/task").json();
    EXPECT_EQ(task["state"], "completed");
    EXPECT_EQ(task["previousState"], "active");
    EXPECT_EQ(task["nodeInfo"].dump(), "{}");
    EXPECT_EQ(task["executionInfo"]["result"], "failure");
    EXPECT_EQ(task["executionInfo"]["failureInfo"]["code"], "TaskEnded");
    EXPECT_EQ(task["executionInfo"]["failureInfo"]["category"], "UserError");
    EXPECT_FALSE(task["executionInfo"].contains("exitCode"));
    EXPECT_NE(task["eTag"], "0x8DC3C31DAB31000");
    EXPECT_EQ(post("/jobs/job/tasks/task/terminate").code(), "TaskCompleted");
    EXPECT_EQ(get("/jobs/job/taskcounts").json()["taskCounts"]["failed"], 1);
}

// Batch: TASK-29
TEST_F(Tasks, TerminatingARunningTaskIsLeftToTheScheduler) {
    add_task("task");
    start("task");
    changes.clear();

    EXPECT_EQ(post("/jobs/job/tasks/task/terminate").status, 204);

    EXPECT_EQ(get("/jobs/job/tasks/task").json()["state"], "running");
    storage::Snapshot snapshot(database);
    EXPECT_TRUE(storage::find_task(snapshot.connection(), "job", "task")->termination_requested);
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].kind, domain::Change::Kind::task);
    EXPECT_EQ(changes[0].task_id, "task");
}

// Batch: TASK-31
TEST_F(Tasks, DeletesInAnyState) {
    add_task("task");
    start("task");
    changes.clear();

    EXPECT_EQ(remove("/jobs/job/tasks/task").status, 200);

    EXPECT_EQ(get("/jobs/job/tasks/task").code(), "TaskNotFound");
    EXPECT_EQ(changes.size(), 1U);
    EXPECT_EQ(remove("/jobs/job/tasks/task").code(), "TaskNotFound");
    EXPECT_EQ(remove("/jobs/other/tasks/task").code(), "JobNotFound");
    EXPECT_EQ(post("/jobs/job/tasks", a_task("task")).status, 201);
}

// Batch: TASK-11
TEST_F(Tasks, PutReplacesTheConstraints) {
    auto body = a_task("task");
    body["constraints"] = Json{{"maxTaskRetryCount", 1}, {"maxWallClockTime", "PT1H"}};
    ASSERT_EQ(post("/jobs/job/tasks", body).status, 201);

    auto const answer = send(Verb::put, "/jobs/job/tasks/task", R"({"constraints":{"maxTaskRetryCount":2}})");

    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(
        get("/jobs/job/tasks/task").json()["constraints"].dump(),
        R"({"maxWallClockTime":"P10675199DT2H48M5.4775807S","retentionTime":"P7D","maxTaskRetryCount":2})"
    );
    EXPECT_EQ(send(Verb::put, "/jobs/job/tasks/task", R"({"commandLine":"x"})").code(), "InvalidRequestBody");
}

TEST_F(Tasks, ListsWithSelectAndFilter) {
    for (auto const* id : {"t1", "t2", "t3"})
        add_task(id);
    start("t2");

    auto const running = get("/jobs/job/tasks?$filter=state%20eq%20%27running%27&$select=id,state").json();
    auto const page = get("/jobs/job/tasks?maxresults=2").json();

    EXPECT_EQ(running["value"].dump(), R"([{"id":"t2","state":"running"}])");
    EXPECT_EQ(page["value"].size(), 2U);
    EXPECT_EQ(page["value"][0]["commandLine"], "/bin/true");
    EXPECT_TRUE(page.contains("odata.nextLink"));
    EXPECT_EQ(
        get("/jobs/job/tasks?$select=commandLine&maxresults=1").json()["value"].dump(),
        R"([{"commandLine":"/bin/true"}])"
    );
    EXPECT_EQ(get("/jobs/other/tasks").code(), "JobNotFound");
}

// Batch: JOB-12, ENV-8
TEST_F(Tasks, TellsANodeWhatToRun) {
    auto job = a_job("j2");
    job["commonEnvironmentSettings"] =
        Json::array({{{"name", "A"}, {"value", "job"}}, {{"name", "B"}, {"value", "b"}}});
    ASSERT_EQ(post("/jobs", job).status, 201);
    auto body = a_task("task");
    body["environmentSettings"] = Json::array({{{"name", "A"}, {"value", "task"}}, {{"name", "C"}}});
    body["resourceFiles"] =
        Json::array({Json{{"httpUrl", "http://h/b"}, {"filePath", "in.mp4"}, {"fileMode", "0644"}}});
    body["outputFiles"] = Json::array({Json{
        {"filePattern", "*.mp3"},
        {"destination",
         {{"container",
           {{"containerUrl", "http://h/c?sas"},
            {"path", "out"},
            {"uploadHeaders", Json::array({{{"name", "Content-Type"}, {"value", "audio/mpeg"}}})}}}}},
        {"uploadOptions", {{"uploadCondition", "taskSuccess"}}}}});
    ASSERT_EQ(post("/jobs/j2/tasks", body).status, 201);
    EXPECT_EQ(
        get("/jobs/j2/tasks/task").json()["outputFiles"][0]["uploadOptions"]["uploadCondition"], "TaskSuccess"
    );

    storage::Snapshot snapshot(database);
    auto const task = storage::find_task(snapshot.connection(), "j2", "task").value();
    auto const specification =
        wire::read_task_specification(storage::find_job(snapshot.connection(), "j2")->document, task);

    EXPECT_EQ(specification.command_line, "/bin/true");
    EXPECT_EQ(
        specification.environment_settings,
        (std::vector<domain::NameValue>{{"A", "task"}, {"B", "b"}, {"C", ""}})
    );
    ASSERT_EQ(specification.resource_files.size(), 1U);
    EXPECT_EQ(specification.resource_files[0].file_mode, "0644");
    ASSERT_EQ(specification.output_files.size(), 1U);
    EXPECT_EQ(specification.output_files[0].upload_condition, domain::UploadCondition::task_success);
    EXPECT_EQ(specification.output_files[0].upload_headers[0].value, "audio/mpeg");
}

TEST_F(Tasks, TellsANodeItsStartTask) {
    auto pool = a_pool("pool");
    ASSERT_EQ(post("/pools", pool).status, 201);
    pool["id"] = "with";
    pool["startTask"] = Json{
        {"commandLine", "setup"},
        {"maxTaskRetryCount", 2},
        {"waitForSuccess", false},
        {"environmentSettings", Json::array({{{"name", "A"}, {"value", "1"}}})}};
    ASSERT_EQ(post("/pools", pool).status, 201);

    storage::Snapshot snapshot(database);
    auto const without = storage::find_pool(snapshot.connection(), "pool").value();
    auto const with = storage::find_pool(snapshot.connection(), "with").value();
    auto const start_task = wire::read_start_task(with.document);

    EXPECT_FALSE(without.has_start_task);
    EXPECT_FALSE(wire::read_start_task(without.document));
    EXPECT_TRUE(with.has_start_task);
    ASSERT_TRUE(start_task);
    EXPECT_EQ(start_task->specification.command_line, "setup");
    EXPECT_EQ(start_task->specification.constraints.max_task_retry_count, 2);
    EXPECT_EQ(start_task->specification.environment_settings[0].value, "1");
    EXPECT_FALSE(start_task->wait_for_success);
}

}  // namespace
}  // namespace bluebatch::emulator::batch
