#include "emulator/batch/wire/task_specification.hpp"
#include "emulator/storage/batch/subtask_store.hpp"
#include "tests/unit/emulator/batch/service_fixture.hpp"

namespace bluebatch::emulator::batch {
namespace {

class Subtasks : public ServiceFixture {
protected:
    void SetUp() override {
        add_job();
        changes.clear();
    }

    static Json a_gang(Json settings) {
        auto task = a_task("gang");
        task["multiInstanceSettings"] = std::move(settings);
        return task;
    }
    static Json settings(Json number) {
        return {{"numberOfInstances", std::move(number)}, {"coordinationCommandLine", "/bin/true"}};
    }
    domain::Task task() {
        storage::Snapshot snapshot(database);
        return storage::find_task(snapshot.connection(), "job", "gang").value();
    }
    void put(domain::Subtask const& subtask) {
        auto const sequence = task().sequence;
        storage::Transaction transaction(database);
        storage::put_subtask(transaction, sequence, subtask);
        transaction.commit();
    }
    domain::Subtask a_running_subtask() {
        domain::Subtask subtask;
        subtask.id = 1;
        subtask.state = domain::SubtaskState::running;
        subtask.state_transition_time = clock.now();
        subtask.start_time = clock.now();
        subtask.exit_code = 0;
        subtask.place = {"pool", "tvmps_2_d"};
        return subtask;
    }
    domain::Subtask a_completed_subtask() {
        auto subtask = a_running_subtask();
        clock.advance(std::chrono::seconds{3});
        domain::move_to(subtask, domain::SubtaskState::completed, clock.now());
        subtask.end_time = clock.now();
        subtask.result = domain::TaskResult::success;
        return subtask;
    }
};

// In the order that was recorded.
TEST_F(Subtasks, ATaskShowsItsSettings) {
    auto body = a_gang(settings(3));
    body["affinityInfo"] = {{"affinityId", "TVM:tvmps_1_d"}};
    ASSERT_EQ(post("/jobs/job/tasks", body).status, 201);

    auto const answer = get("/jobs/job/tasks/gang?$select=affinityInfo,multiInstanceSettings,requiredSlots");

    EXPECT_EQ(
        answer.text,
        R"({"odata.metadata":"http://127.0.0.1:10003/$metadata#tasks/@Element",)"
        R"("affinityInfo":{"affinityId":"TVM:tvmps_1_d"},)"
        R"("multiInstanceSettings":{"numberOfInstances":3,"coordinationCommandLine":"/bin/true"},)"
        R"("requiredSlots":1})"
    );
    EXPECT_EQ(task().instances, 3);
    EXPECT_EQ(task().affinity_id, "TVM:tvmps_1_d");
}

// Batch: MI-1
TEST_F(Subtasks, OneInstanceIsTheDefault) {
    ASSERT_EQ(post("/jobs/job/tasks", a_gang({{"coordinationCommandLine", "/bin/true"}})).status, 201);

    EXPECT_EQ(task().instances, 1);
    EXPECT_EQ(get("/jobs/job/tasks/gang").json()["multiInstanceSettings"]["numberOfInstances"], 1);
}

// Batch: MI-1
TEST_F(Subtasks, SettingsAreChecked) {
    for (int const number : {0, -1, 101}) {
        auto const answer = post("/jobs/job/tasks", a_gang(settings(number)));
        EXPECT_EQ(answer.code(), "InvalidPropertyValue") << number;
        EXPECT_EQ(answer.value("PropertyName"), "multiInstanceSettings.numberOfInstances");
    }
    EXPECT_EQ(post("/jobs/job/tasks", a_gang({{"numberOfInstances", 2}})).code(), "MissingRequiredProperty");
    auto empty = settings(2);
    empty["coordinationCommandLine"] = "";
    EXPECT_EQ(post("/jobs/job/tasks", a_gang(empty)).code(), "InvalidPropertyValue");
    auto wide = a_gang(settings(2));
    wide["requiredSlots"] = 2;
    EXPECT_EQ(post("/jobs/job/tasks", wide).value("PropertyName"), "requiredSlots");
    auto file = settings(2);
    file["commonResourceFiles"] = Json::array({{{"httpUrl", "http://blobs/a"}, {"filePath", "../a"}}});
    EXPECT_EQ(
        post("/jobs/job/tasks", a_gang(file)).value("PropertyName"),
        "multiInstanceSettings.commonResourceFiles[0].filePath"
    );
    auto without_id = a_task("task");
    without_id["affinityInfo"] = Json::object();
    EXPECT_EQ(post("/jobs/job/tasks", without_id).code(), "MissingRequiredProperty");
    EXPECT_EQ(post("/jobs/job/tasks", a_gang(settings(100))).status, 201);
}

TEST_F(Subtasks, ANodeIsToldHowToCoordinate) {
    auto body = settings(2);
    body["commonResourceFiles"] = Json::array({{{"blobSource", "http://blobs/a"}, {"filePath", "a"}}});
    auto task_body = a_gang(body);
    ASSERT_EQ(post("/jobs/job/tasks?api-version=2018-08-01.7.0", task_body).status, 201);

    auto const specification = wire::read_task_specification("{}", task());

    ASSERT_TRUE(specification.coordination);
    EXPECT_EQ(specification.coordination->command_line, "/bin/true");
    ASSERT_EQ(specification.coordination->common_resource_files.size(), 1U);
    EXPECT_EQ(specification.coordination->common_resource_files[0].http_url, "http://blobs/a");
    EXPECT_TRUE(specification.resource_files.empty());
}

TEST_F(Subtasks, AreListedAsRecorded) {
    ASSERT_EQ(post("/jobs/job/tasks", a_gang(settings(2))).status, 201);
    put(a_completed_subtask());

    auto const answer = get("/jobs/job/tasks/gang/subtasksinfo");

    EXPECT_EQ(
        answer.text,
        R"({"odata.metadata":"http://127.0.0.1:10003/$metadata#subtaskinfo","value":[{"id":1,)"
        R"("startTime":"2024-03-04T10:00:00Z","endTime":"2024-03-04T10:00:03Z","state":"completed",)"
        R"("stateTransitionTime":"2024-03-04T10:00:03Z","previousState":"running",)"
        R"("previousStateTransitionTime":"2024-03-04T10:00:00Z","result":"success","exitCode":0,)"
        R"("nodeInfo":{"affinityId":"TVM:tvmps_2_d",)"
        R"("nodeUrl":"http://127.0.0.1:10003/pools/pool/nodes/tvmps_2_d","poolId":"pool",)"
        R"("nodeId":"tvmps_2_d","taskRootDirectory":"workitems/job/job-1/gang","taskRootDirectoryUrl":)"
        R"("http://127.0.0.1:10003/pools/pool/nodes/tvmps_2_d/files/workitems/job/job-1/gang"}}]})"
    );
    EXPECT_FALSE(answer.headers.has("ETag"));
}

TEST_F(Subtasks, ShowTheirExitCodeOnceTheyAreOver) {
    ASSERT_EQ(post("/jobs/job/tasks", a_gang(settings(2))).status, 201);
    put(a_running_subtask());

    auto const subtask = get("/jobs/job/tasks/gang/subtasksinfo").json()["value"][0];

    EXPECT_EQ(subtask["state"], "running");
    EXPECT_FALSE(subtask.contains("exitCode") || subtask.contains("endTime") || subtask.contains("result"));
}

TEST_F(Subtasks, CanBeSelected) {
    ASSERT_EQ(post("/jobs/job/tasks", a_gang(settings(2))).status, 201);
    put(a_running_subtask());

    EXPECT_EQ(
        get("/jobs/job/tasks/gang/subtasksinfo?$select=id,nodeInfo/nodeId").json()["value"].dump(),
        R"([{"id":1,"nodeInfo":{"nodeId":"tvmps_2_d"}}])"
    );
    EXPECT_EQ(get("/jobs/job/tasks/gang/subtasksinfo?$select=colour").code(), "InvalidQueryParameterValue");
    EXPECT_EQ(
        get("/jobs/job/tasks/gang/subtasksinfo?$filter=id%20eq%201").code(), "UnsupportedQueryParameter"
    );
    EXPECT_EQ(get("/jobs/job/tasks/other/subtasksinfo").code(), "TaskNotFound");
    EXPECT_EQ(get("/jobs/other/tasks/gang/subtasksinfo").code(), "JobNotFound");
}

TEST_F(Subtasks, DeletionTellsWhereFilesAre) {
    ASSERT_EQ(post("/jobs/job/tasks", a_gang(settings(2))).status, 201);
    put(a_completed_subtask());
    changes.clear();

    ASSERT_EQ(remove("/jobs/job/tasks/gang").status, 200);

    ASSERT_EQ(changes.size(), 1U);
    ASSERT_EQ(changes[0].subtask_places.size(), 1U);
    EXPECT_EQ(changes[0].subtask_places[0].node_id, "tvmps_2_d");
}

TEST_F(Subtasks, ReactivationForgetsThem) {
    ASSERT_EQ(post("/jobs/job/tasks", a_gang(settings(2))).status, 201);
    put(a_completed_subtask());
    ASSERT_EQ(post("/jobs/job/tasks/gang/terminate").status, 204);

    ASSERT_EQ(post("/jobs/job/tasks/gang/reactivate").status, 204);

    EXPECT_TRUE(get("/jobs/job/tasks/gang/subtasksinfo").json()["value"].empty());
}

}  // namespace
}  // namespace bluebatch::emulator::batch
