#include "client/api/batch_client.hpp"

#include "tests/unit/client/scripted_client.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace bluebatch::client {
namespace {

using ::testing::HasSubstr;
using tests::answer;
using tests::batch_error;
using tests::lost;

class BatchClientTest : public tests::PipelineTest {
protected:
    nlohmann::json sent(std::size_t index) {
        return nlohmann::json::parse(std::get<std::string>(client_.requests.at(index).body));
    }
    static std::vector<TaskSpecification> tasks(std::size_t count) {
        std::vector<TaskSpecification> result;
        for (std::size_t i = 0; i < count; ++i)
            result.push_back({"Task" + std::to_string(i), "run", {}, {}});
        return result;
    }

    BatchClient batch_{pipeline_, "http://127.0.0.1:10003/"};
};

PoolSpecification a_pool() {
    PoolSpecification pool;
    pool.id = "p";
    pool.vm_size = "STANDARD_A1_v2";
    pool.image_reference = {"canonical", "ubuntu", "22_04-lts", "latest"};
    pool.node_agent_sku_id = "batch.node.ubuntu 22.04";
    pool.target_low_priority_nodes = 5;
    pool.start_task = StartTaskSpecification{"install", ElevationLevel::admin, true, 0};
    pool.metadata = {{"bluebatch-run", "r1"}};
    return pool;
}

TEST_F(BatchClientTest, CreatesAPoolInTheWireForm) {
    client_.will(answer(201));

    ASSERT_TRUE(batch_.create_pool(a_pool()));

    auto const& request = client_.requests[0];
    EXPECT_EQ(request.verb, http::Verb::post);
    EXPECT_EQ(request.url, "http://127.0.0.1:10003/pools?api-version=2024-07-01.20.0");
    EXPECT_EQ(request.headers.get("Content-Type"), "application/json; odata=minimalmetadata");
    auto const expected =
        R"({"id":"p","vmSize":"STANDARD_A1_v2","virtualMachineConfiguration":{"imageReference":
        {"publisher":"canonical","offer":"ubuntu","sku":"22_04-lts","version":"latest"},"nodeAgentSKUId":"batch.node.ubuntu 22.04"},
        "targetDedicatedNodes":0,"targetLowPriorityNodes":5,"startTask":{"commandLine":"install","userIdentity":
        {"autoUser":{"scope":"pool","elevationLevel":"admin"}},"maxTaskRetryCount":0,"waitForSuccess":true},
        "metadata":[{"name":"bluebatch-run","value":"r1"}]})"_json;
    EXPECT_EQ(sent(0), expected);
}

TEST_F(BatchClientTest, APoolThatExistsIsAnError) {
    client_.will(batch_error(409, "PoolExists"));

    auto const created = batch_.create_pool(a_pool());

    ASSERT_FALSE(created);
    EXPECT_EQ(created.error().code, "PoolExists");
}

TEST_F(BatchClientTest, APoolMadeByALostAttemptIsOurs) {
    client_.will(lost(http::TransportFault::interrupted));
    client_.will(batch_error(409, "PoolExists"));
    client_.will(answer(200, R"({"id":"p","metadata":[{"name":"bluebatch-run","value":"r1"}]})"));

    EXPECT_TRUE(batch_.create_pool(a_pool()));
}

TEST_F(BatchClientTest, APoolOfSomebodyElseIsNotTakenForOurs) {
    client_.will(lost(http::TransportFault::interrupted));
    client_.will(batch_error(409, "PoolExists"));
    client_.will(answer(200, R"({"id":"p","metadata":[{"name":"bluebatch-run","value":"other"}]})"));

    EXPECT_FALSE(batch_.create_pool(a_pool()));
}

TEST_F(BatchClientTest, WhatIsGoneIsDeleted) {
    client_.will(batch_error(404, "JobNotFound"));
    client_.will(batch_error(409, "JobBeingDeleted"));
    client_.will(batch_error(409, "PoolBeingDeleted"));
    EXPECT_TRUE(batch_.delete_job("j"));
    EXPECT_TRUE(batch_.delete_job("j"));
    EXPECT_TRUE(batch_.delete_pool("p"));
}

TEST_F(BatchClientTest, AddsTasksInCollectionsOfAHundred) {
    client_.will(answer(200, R"({"value":[]})"));
    client_.will(answer(200, R"({"value":[]})"));
    client_.will(answer(200, R"({"value":[]})"));

    auto const refused = batch_.add_tasks("j", tasks(250));

    ASSERT_TRUE(refused);
    EXPECT_TRUE(refused->empty());
    EXPECT_EQ(sent(0)["value"].size(), 100U);
    EXPECT_EQ(sent(1)["value"].size(), 100U);
    EXPECT_EQ(sent(2)["value"].size(), 50U);
    EXPECT_EQ(sent(2)["value"][49]["id"], "Task249");
}

TEST_F(BatchClientTest, HalvesACollectionThatIsTooLarge) {
    client_.will(batch_error(413, "RequestBodyTooLarge"));
    client_.will(answer(200, R"({"value":[]})"));
    client_.will(answer(200, R"({"value":[]})"));

    ASSERT_TRUE(batch_.add_tasks("j", tasks(10)));

    EXPECT_EQ(sent(1)["value"].size(), 5U);
    EXPECT_EQ(sent(2)["value"][4]["id"], "Task9");
}

TEST_F(BatchClientTest, RepeatsTasksThatTheServiceHadTroubleWith) {
    client_.will(answer(
        200, R"({"value":[
        {"status":"Success","taskId":"Task0"},
        {"status":"ServerError","taskId":"Task1","error":{"code":"ServerBusy"}},
        {"status":"ClientError","taskId":"Task2","error":{"code":"TaskExists"}},
        {"status":"ClientError","taskId":"Task3","error":{"code":"InvalidPropertyValue","message":{"value":"Wrong.\nRequestId:1"}}}]})"
    ));
    client_.will(answer(200, R"({"value":[{"status":"Success","taskId":"Task1"}]})"));

    auto const refused = batch_.add_tasks("j", tasks(4));

    ASSERT_TRUE(refused);
    ASSERT_EQ(refused->size(), 1U);
    EXPECT_EQ(refused->front().id, "Task3");
    EXPECT_EQ(refused->front().message, "Wrong.");
    ASSERT_EQ(sent(1)["value"].size(), 1U);
    EXPECT_EQ(sent(1)["value"][0]["id"], "Task1");
}

TEST_F(BatchClientTest, WritesResourceAndOutputFiles) {
    client_.will(answer(200, R"({"value":[]})"));
    TaskSpecification task{
        "t", "ffmpeg", {{"http://in?sig", "a.mp4"}}, {{"a.mp3", "http://out?sig", "b.mp3"}}};

    ASSERT_TRUE(batch_.add_tasks("j", std::span(&task, 1)));

    EXPECT_EQ(
        sent(0)["value"][0],
        R"({"id":"t","commandLine":"ffmpeg","resourceFiles":[{"httpUrl":"http://in?sig","filePath":"a.mp4"}],
            "outputFiles":[{"filePattern":"a.mp3","destination":{"container":{"path":"b.mp3","containerUrl":"http://out?sig"}},
            "uploadOptions":{"uploadCondition":"tasksuccess"}}]})"_json
    );
}

TEST_F(BatchClientTest, FollowsThePagesOfAList) {
    client_.will(answer(
        200, R"({"value":[{"id":"a","state":"completed","executionInfo":{"result":"success","exitCode":0}}],
        "odata.nextLink":"http://127.0.0.1:10003/jobs/j/tasks?$skiptoken=1"})"
    ));
    client_.will(answer(
        200, R"({"value":[{"id":"b","state":"completed","executionInfo":{"result":"Failure","exitCode":3,
        "failureInfo":{"category":"UserError","code":"FailureExitCode","message":"m"}}}]})"
    ));

    auto const tasks = batch_.list_completed_tasks("j");

    ASSERT_TRUE(tasks);
    ASSERT_EQ(tasks->size(), 2U);
    EXPECT_EQ((*tasks)[0].result, TaskResult::success);
    EXPECT_EQ((*tasks)[1].result, TaskResult::failure);
    EXPECT_EQ((*tasks)[1].exit_code, 3);
    EXPECT_EQ((*tasks)[1].failure->code, "FailureExitCode");
    EXPECT_THAT(client_.requests[0].url, HasSubstr("$filter=state%20eq%20%27completed%27"));
    EXPECT_EQ(client_.requests[1].url, "http://127.0.0.1:10003/jobs/j/tasks?$skiptoken=1");
}

TEST_F(BatchClientTest, ListsWhatWasCompletedLately) {
    client_.will(answer(200, R"({"value":[]})"));

    ASSERT_TRUE(batch_.list_completed_tasks("j", clock_.now()));

    EXPECT_THAT(
        http::percent_decode(client_.requests[0].url),
        HasSubstr("$filter=state eq 'completed' and stateTransitionTime ge DateTime'2024-03-04T10:00:00Z'&")
    );
}

TEST_F(BatchClientTest, DoesNotFollowAPageToAnotherHost) {
    client_.will(answer(200, R"({"value":[],"odata.nextLink":"http://127.0.0.1:10003.evil.test/x"})"));

    auto const tasks = batch_.list_completed_tasks("j");

    ASSERT_FALSE(tasks);
    EXPECT_EQ(tasks.error().fault, Fault::protocol);
}

TEST_F(BatchClientTest, ReadsTheEndOfAFile) {
    client_.will(answer(200, {}, {{"Content-Length", "100"}}));
    client_.will(answer(200, "last words"));

    auto const text = batch_.read_task_file_end("j", "t", "stderr.txt", 10);

    ASSERT_TRUE(text);
    EXPECT_EQ(*text, "last words");
    EXPECT_EQ(client_.requests[1].headers.get("ocp-range"), "bytes=90-99");
}

TEST_F(BatchClientTest, ReadsBothShapesOfTaskCounts) {
    client_.will(
        answer(200, R"({"taskCounts":{"active":1,"running":2,"completed":3,"succeeded":2,"failed":1}})")
    );
    client_.will(answer(200, R"({"active":4,"completed":5})"));
    EXPECT_EQ(batch_.count_tasks("j")->completed, 3);
    EXPECT_EQ(batch_.count_tasks("j")->active, 4);
}

TEST_F(BatchClientTest, AnAnswerThatIsNotBatchIsNamedSo) {
    client_.will(answer(200, "<html>proxy</html>"));
    auto const pool = batch_.find_pool("p");
    ASSERT_FALSE(pool);
    EXPECT_EQ(pool.error().fault, Fault::protocol);
}

}  // namespace
}  // namespace bluebatch::client
