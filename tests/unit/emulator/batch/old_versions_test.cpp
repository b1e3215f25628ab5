#include "tests/unit/emulator/batch/service_fixture.hpp"

namespace bluebatch::emulator::batch {
namespace {

using http::Verb;

// What only versions from 2017-09-01.6.0 to 2018-12-01.8.0 have.
class OldVersions : public ServiceFixture {
protected:
    static inline std::string const kFirst = "?api-version=2017-09-01.6.0";
    static inline std::string const kSecond = "?api-version=2018-03-01.6.1";
    static inline std::string const kThird = "?api-version=2018-08-01.7.0";
    static inline std::string const kNext = "?api-version=2018-12-01.8.0";

    static Json a_cloud_service_pool() {
        auto body = a_pool("pool");
        body.erase("virtualMachineConfiguration");
        body["cloudServiceConfiguration"] = Json{{"osFamily", "5"}};
        return body;
    }
};

TEST_F(OldVersions, NameTheSourceOfABlobInTheirWay) {
    add_job();
    auto task = a_task("t");
    task["resourceFiles"] = Json::array({{{"blobSource", "http://host/file"}, {"filePath", "file"}}});
    ASSERT_EQ(post("/jobs/job/tasks" + kThird, task).status, 201);

    EXPECT_EQ(get("/jobs/job/tasks/t" + kFirst).json()["resourceFiles"], task["resourceFiles"]);
    EXPECT_EQ(
        get("/jobs/job/tasks/t" + kNext).json()["resourceFiles"][0],
        (Json{{"httpUrl", "http://host/file"}, {"filePath", "file"}})
    );
    auto const later = post("/jobs/job/tasks" + kNext, task);
    EXPECT_EQ(later.code(), "InvalidRequestBody");
    task["resourceFiles"][0] = Json{{"filePath", "file"}};
    EXPECT_EQ(post("/jobs/job/tasks" + kThird, task).value("PropertyName"), "resourceFiles[0].blobSource");
}

// Batch: REST-7
TEST_F(OldVersions, KeepFilesForEverUnlessTold) {
    add_job();
    ASSERT_EQ(post("/jobs/job/tasks" + kThird, a_task("old")).status, 201);
    ASSERT_EQ(post("/jobs/job/tasks" + kNext, a_task("new")).status, 201);
    auto const retention = [&](std::string const& task) {
        return get("/jobs/job/tasks/" + task).json()["constraints"]["retentionTime"];
    };
    EXPECT_EQ(retention("old"), "P10675199DT2H48M5.4775807S");
    EXPECT_EQ(retention("new"), "P7D");

    auto told = a_task("told");
    told["constraints"] = Json{{"retentionTime", "PT1H"}};
    ASSERT_EQ(post("/jobs/job/tasks" + kThird, told).status, 201);
    EXPECT_EQ(retention("told"), "PT1H");
    ASSERT_EQ(send(Verb::put, "/jobs/job/tasks/told" + kThird, "{}").status, 200);
    EXPECT_EQ(retention("told"), "P10675199DT2H48M5.4775807S");
    ASSERT_EQ(send(Verb::put, "/jobs/job/tasks/told" + kNext, "{}").status, 200);
    EXPECT_EQ(retention("told"), "P7D");
}

TEST_F(OldVersions, SayThatCountsAreValidated) {
    add_job();
    EXPECT_EQ(get("/jobs/job/taskcounts" + kFirst).json()["validationStatus"], "validated");
    EXPECT_EQ(get("/jobs/job/taskcounts" + kSecond).json()["validationStatus"], "validated");
    EXPECT_FALSE(get("/jobs/job/taskcounts" + kThird).json().contains("validationStatus"));
}

TEST_F(OldVersions, HaveTwoVersionsOfAnOperatingSystem) {
    auto body = a_cloud_service_pool();
    ASSERT_EQ(post("/pools" + kThird, body).status, 201);
    EXPECT_EQ(
        get("/pools/pool" + kThird).json()["cloudServiceConfiguration"],
        (Json{{"osFamily", "5"}, {"targetOSVersion", "*"}, {"currentOSVersion", "*"}})
    );
    EXPECT_EQ(
        get("/pools/pool" + kNext).json()["cloudServiceConfiguration"],
        (Json{{"osFamily", "5"}, {"osVersion", "*"}})
    );
}

TEST_F(OldVersions, UpgradeOperatingSystems) {
    ASSERT_EQ(post("/pools" + kThird, a_cloud_service_pool()).status, 201);
    std::string const before{get("/pools/pool").headers.get("ETag")};

    auto const answer =
        post("/pools/pool/upgradeos" + kThird, {{"targetOSVersion", "WA-GUEST-OS-5.1_202001-01"}});

    EXPECT_EQ(answer.status, 202);
    EXPECT_EQ(answer.headers.get("DataServiceId"), "http://127.0.0.1:10003/pools/pool/upgradeos");
    EXPECT_NE(answer.headers.get("ETag"), before);
    EXPECT_EQ(
        get("/pools/pool" + kThird).json()["cloudServiceConfiguration"]["targetOSVersion"],
        "WA-GUEST-OS-5.1_202001-01"
    );
    EXPECT_EQ(
        post("/pools/pool/upgradeos" + kThird, Json::object()).value("PropertyName"), "targetOSVersion"
    );
    EXPECT_EQ(post("/pools/pool/upgradeos" + kNext, {{"targetOSVersion", "*"}}).code(), "ResourceNotFound");
    EXPECT_EQ(post("/pools/other/upgradeos" + kThird, {{"targetOSVersion", "*"}}).code(), "PoolNotFound");
}

TEST_F(OldVersions, UpgradeOnlyCloudServices) {
    ASSERT_EQ(post("/pools" + kThird, a_pool("pool")).status, 201);
    auto const answer = post("/pools/pool/upgradeos" + kThird, {{"targetOSVersion", "*"}});
    EXPECT_EQ(answer.status, 409);
    EXPECT_EQ(answer.code(), "OperationNotValidOnPool");
}

TEST_F(OldVersions, ListNodeAgentsInsteadOfImages) {
    auto const agents = get("/nodeagentskus" + kNext).json();
    EXPECT_EQ(agents["odata.metadata"], "http://127.0.0.1:10003/$metadata#nodeagentskus");
    auto const& first = agents["value"][0];
    EXPECT_EQ(first["id"], "batch.node.ubuntu 18.04");
    EXPECT_EQ(first["osType"], "linux");
    EXPECT_EQ(
        first["verifiedImageReferences"],
        Json::array(
            {{{"publisher", "canonical"},
              {"offer", "ubuntuserver"},
              {"sku", "18.04-lts"},
              {"version", "latest"}}}
        )
    );
    auto const windows = get("/nodeagentskus" + kFirst + "&$filter=osType%20eq%20'Windows'").json()["value"];
    ASSERT_EQ(windows.size(), 1U);
    EXPECT_EQ(windows[0]["id"], "batch.node.windows amd64");
    EXPECT_EQ(windows[0]["verifiedImageReferences"], Json::array());
    EXPECT_EQ(get("/nodeagentskus" + kNext + "&$filter=id%20eq%20'x'").status, 400);
    EXPECT_EQ(get("/nodeagentskus?api-version=2019-06-01.9.0").status, 404);
}

TEST_F(OldVersions, ListNodeAgentsInPages) {
    auto const all = get("/nodeagentskus" + kNext).json()["value"];
    auto const first = get("/nodeagentskus" + kNext + "&maxresults=2").json();
    ASSERT_EQ(first["value"].size(), 2U);
    std::string const link = first["odata.nextLink"];
    auto const second = get(link.substr(link.find("/nodeagentskus"))).json();
    EXPECT_EQ(second["value"][0], all[2]);
}

TEST_F(OldVersions, CountNodesSinceTheSecond) {
    EXPECT_EQ(get("/nodecounts" + kFirst).code(), "ResourceNotFound");
    ASSERT_EQ(post("/pools", a_pool("pool")).status, 201);
    auto const counts = get("/nodecounts" + kSecond).json()["value"][0]["dedicated"];
    EXPECT_TRUE(counts.contains("idle"));
    EXPECT_FALSE(counts.contains("leavingPool"));
    EXPECT_TRUE(get("/nodecounts" + kThird).json()["value"][0]["dedicated"].contains("leavingPool"));
}

TEST_F(OldVersions, LackWhatCameLater) {
    auto network = a_job("job");
    network["networkConfiguration"] = Json{{"subnetId", "/subscriptions/x"}};
    EXPECT_EQ(post("/jobs" + kThird, network).code(), "InvalidRequestBody");
    EXPECT_EQ(post("/jobs" + kNext, network).status, 201);
    EXPECT_EQ(get("/jobs/job" + kThird).status, 200);
    EXPECT_FALSE(get("/jobs/job" + kThird).json().contains("networkConfiguration"));
}

}  // namespace
}  // namespace bluebatch::emulator::batch
