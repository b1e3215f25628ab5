#include "tests/unit/emulator/batch/node_fixture.hpp"

namespace bluebatch::emulator::batch {
namespace {

using domain::NodeState;

class NodeAccess : public NodeFixture {
protected:
    static inline std::string const kUpload = kNode + "/uploadbatchservicelogs";

    static Json a_span(std::string start) {
        return {{"containerUrl", "https://acc.example/logs?sig=x"}, {"startTime", std::move(start)}};
    }
};

TEST_F(NodeAccess, TellsWhereToLogIn) {
    add_pool();

    auto const answer = get(kNode + "/remoteloginsettings");

    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(
        answer.text,
        R"({"odata.metadata":"http://127.0.0.1:10003/$metadata#Microsoft.Azure.Batch.Protocol.Entities.)"
        R"(RemoteLoginSettings","remoteLoginIPAddress":"127.0.0.1","remoteLoginPort":50001})"
    );
}

TEST_F(NodeAccess, TellsIpv6AddressesOfPoolsThatHaveThem) {
    auto body = a_pool("pool");
    body["networkConfiguration"] =
        Json{{"publicIPAddressConfiguration", {{"ipFamilies", Json::array({"IPv4", "IPv6"})}}}};
    add_pool(body, "?api-version=2025-06-01");

    auto const newest = get(kNode + "/remoteloginsettings?api-version=2025-06-01").json();
    EXPECT_EQ(newest["ipv6RemoteLoginIPAddress"], "::1");
    EXPECT_EQ(newest["ipv6RemoteLoginPort"], 50001);
    EXPECT_EQ(newest["remoteLoginPort"], 50001);
    EXPECT_FALSE(get(kNode + "/remoteloginsettings").json().contains("ipv6RemoteLoginPort"));
}

TEST_F(NodeAccess, GivesRemoteDesktopsOfCloudServicesOnly) {
    add_pool(a_windows_pool());
    EXPECT_EQ(get(kNode + "/rdp").code(), "OperationNotValidOnNode");
    EXPECT_EQ(
        get(kNode + "/rdp").value("Reason"),
        "Operation rdp can be invoked only on pools created with cloudServiceConfiguration"
    );
    EXPECT_EQ(get(kNode + "/remoteloginsettings").status, 200);
}

TEST_F(NodeAccess, ARemoteDesktopIsAFile) {
    add_pool(a_cloud_service_pool());

    auto const answer = get(kNode + "/rdp");

    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.headers.get("Content-Type"), "application/octet-stream");
    EXPECT_EQ(answer.text, "full address:s:127.0.0.1:50001\r\nprompt for credentials:i:1\r\n");
    EXPECT_EQ(get(kNode + "/remoteloginsettings").code(), "OperationNotValidOnNode");
    EXPECT_EQ(get(kNode + "/rdp?api-version=2025-06-01").code(), "ResourceNotFound");
}

TEST_F(NodeAccess, IsForNodesThatAreIdleOrRunning) {
    add_pool();
    move_node(NodeState::starting);
    EXPECT_EQ(get(kNode + "/remoteloginsettings").code(), "NodeBeingStarted");
    EXPECT_EQ(get("/pools/pool/nodes/other/remoteloginsettings").code(), "NodeNotFound");
    EXPECT_EQ(get("/pools/other/nodes/node/remoteloginsettings").code(), "PoolNotFound");
}

TEST_F(NodeAccess, UploadsTheLogOfTheNode) {
    add_pool();
    change_node([&](domain::Node& node) {
        node.last_boot_time = clock.now() + std::chrono::minutes{1};
        auto& start = node.start_task_info.emplace();
        start.start_time = clock.now() + std::chrono::minutes{2};
        start.end_time = clock.now() + std::chrono::minutes{3};
        start.exit_code = 7;
    });
    add_job();
    add_task("one");
    change_task("one", [&](domain::Task& task) {
        task.place = domain::TaskPlace{"pool", "node"};
        task.execution.start_time = clock.now() + std::chrono::hours{1};
        task.execution.end_time = clock.now() + std::chrono::hours{2};
        task.execution.exit_code = 0;
    });

    auto const answer = post(kUpload, a_span("2024-03-04T10:00:30Z"));

    ASSERT_EQ(answer.status, 200) << answer.text;
    auto const json = answer.json();
    EXPECT_EQ(
        json["odata.metadata"],
        "http://127.0.0.1:10003/"
        "$metadata#Microsoft.Azure.Batch.Protocol.Entities.UploadBatchServiceLogsResult"
    );
    EXPECT_EQ(json["numberOfFilesUploaded"], 1);
    std::string const directory = json["virtualDirectoryName"];
    EXPECT_EQ(directory, "pool/node/" + std::string(answer.headers.get("request-id")));
    ASSERT_EQ(logs.size(), 1U);
    EXPECT_EQ(logs[0].container_url, "https://acc.example/logs?sig=x");
    EXPECT_EQ(logs[0].blob_name, directory + "/node-agent.log");
    EXPECT_EQ(
        logs[0].text,
        "node node of pool pool, from 2024-03-04T10:00:30Z to 2024-03-04T10:00:00Z\n"
        "2024-03-04T10:01:00.0000000Z node booted\n"
        "2024-03-04T10:02:00.0000000Z start task started\n"
        "2024-03-04T10:03:00.0000000Z start task ended with exit code 7\n"
        "2024-03-04T11:00:00.0000000Z task job/one started\n"
        "2024-03-04T12:00:00.0000000Z task job/one ended with exit code 0\n"
    );
}

TEST_F(NodeAccess, ALogHoldsOnlyTheTimeThatWasAskedFor) {
    add_pool();
    change_node([&](domain::Node& node) { node.last_boot_time = clock.now() + std::chrono::hours{1}; });
    auto body = a_span("2024-03-04T09:00:00Z");
    body["endTime"] = "2024-03-04T10:30:00Z";

    ASSERT_EQ(post(kUpload, body).status, 200);

    ASSERT_EQ(logs.size(), 1U);
    EXPECT_NE(logs[0].text.find("node allocated at 10.0.0.5"), std::string::npos);
    EXPECT_EQ(logs[0].text.find("booted"), std::string::npos);
}

TEST_F(NodeAccess, LogsAreAskedForInOrder) {
    add_pool();
    auto backwards = a_span("2024-03-04T10:00:00Z");
    backwards["endTime"] = "2024-03-04T09:00:00Z";
    EXPECT_EQ(post(kUpload, backwards).value("PropertyName"), "endTime");
    EXPECT_EQ(post(kUpload, {{"startTime", "2024-03-04T10:00:00Z"}}).value("PropertyName"), "containerUrl");
    auto no_url = a_span("2024-03-04T10:00:00Z");
    no_url["containerUrl"] = "logs";
    EXPECT_EQ(post(kUpload, no_url).value("PropertyName"), "containerUrl");
    move_node(NodeState::preempted);
    EXPECT_EQ(post(kUpload, a_span("2024-03-04T10:00:00Z")).code(), "OperationInvalidForCurrentState");
    EXPECT_TRUE(logs.empty());
}

TEST_F(NodeAccess, LogsAreRefusedWhileTooManyWait) {
    add_pool();
    takes_logs = false;
    auto const answer = post(kUpload, a_span("2024-03-04T10:00:00Z"));
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(answer.code(), "ServerBusy");
}

TEST_F(NodeAccess, ShowsTheExtensionsOfThePool) {
    auto body = a_pool("pool");
    Json extension{
        {"name", "watch"},
        {"publisher", "Contoso"},
        {"type", "Watcher"},
        {"settings", {{"level", {{"n", 3}}}}},
        {"protectedSettings", {{"key", "secret word"}}}};
    body["virtualMachineConfiguration"]["extensions"] = Json::array({extension});
    add_pool(body);
    extension.erase("protectedSettings");

    auto const list = get(kNode + "/extensions").json()["value"];
    ASSERT_EQ(list.size(), 1U);
    EXPECT_EQ(list[0]["provisioningState"], "Succeeded");
    EXPECT_EQ(list[0]["vmExtension"], extension);
    EXPECT_EQ(list[0]["instanceView"]["name"], "watch");
    EXPECT_EQ(get(kNode + "/extensions/Watch").json()["vmExtension"], extension);
    EXPECT_EQ(
        get(kNode + "/extensions/watch?$select=provisioningState").json()["provisioningState"], "Succeeded"
    );
    EXPECT_EQ(get(kNode + "/extensions/other").code(), "ResourceNotFound");
    EXPECT_EQ(get(kNode + "/extensions?api-version=2020-09-01.12.0").code(), "ResourceNotFound");
    EXPECT_EQ(get("/pools/pool").json()["virtualMachineConfiguration"]["extensions"][0], extension);
}

}  // namespace
}  // namespace bluebatch::emulator::batch
