#include "tests/unit/emulator/batch/service_fixture.hpp"

#include <gmock/gmock.h>

namespace bluebatch::emulator::batch {
namespace {

using http::Verb;
using ::testing::ElementsAre;

class Pools : public ServiceFixture {
protected:
    void add_pool(int nodes = 2) {
        auto body = a_pool("pool");
        body["targetDedicatedNodes"] = nodes;
        ASSERT_EQ(post("/pools", body).status, 201);
    }

    void settle() {
        change_pool([](domain::Pool& pool) { pool.allocation_state = domain::AllocationState::steady; });
    }
};

// Batch: REST-12
TEST_F(Pools, AddingAnswersWithAddressAndTag) {
    auto const answer = post("/pools", a_pool("pool"));

    EXPECT_EQ(answer.status, 201);
    EXPECT_EQ(answer.text, "");
    EXPECT_EQ(answer.framing, http::Framing::chunked);
    EXPECT_EQ(answer.headers.get("Location"), "http://127.0.0.1:10003/pools/pool");
    EXPECT_EQ(answer.headers.get("DataServiceId"), "http://127.0.0.1:10003/pools/pool");
    EXPECT_EQ(answer.headers.get("ETag"), "0x8DC3C31DAB31000");
    EXPECT_EQ(answer.headers.get("Last-Modified"), "Mon, 04 Mar 2024 10:00:00 GMT");
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].kind, domain::Change::Kind::pool);
    EXPECT_EQ(changes[0].id, "pool");
}

// Batch: POOL-2, POOL-35
TEST_F(Pools, ShowsWhatTheServiceFillsIn) {
    add_pool();

    auto const answer = get("/pools/POOL");

    EXPECT_EQ(answer.headers.get("ETag"), "0x8DC3C31DAB31000");
    EXPECT_EQ(
        answer.text,
        R"({"odata.metadata":"http://127.0.0.1:10003/$metadata#pools/@Element","id":"pool",)"
        R"("url":"http://127.0.0.1:10003/pools/pool","eTag":"0x8DC3C31DAB31000",)"
        R"("lastModified":"2024-03-04T10:00:00Z","creationTime":"2024-03-04T10:00:00Z","state":"active",)"
        R"("stateTransitionTime":"2024-03-04T10:00:00Z","allocationState":"resizing",)"
        R"("allocationStateTransitionTime":"2024-03-04T10:00:00Z","vmSize":"standard_a1_v2",)"
        R"("resizeTimeout":"PT15M","currentDedicatedNodes":0,"targetDedicatedNodes":2,)"
        R"("currentLowPriorityNodes":0,"targetLowPriorityNodes":0,"enableAutoScale":false,)"
        R"("enableInterNodeCommunication":false,"taskSlotsPerNode":1,)"
        R"("taskSchedulingPolicy":{"nodeFillType":"Spread"},"virtualMachineConfiguration":{"imageReference":)"
        R"({"publisher":"canonical","offer":"ubuntuserver","sku":"18.04-lts","version":"latest"},)"
        R"("nodeAgentSKUId":"batch.node.ubuntu 18.04"}})"
    );
}

TEST_F(Pools, KeepsWhatTheUserSays) {
    auto body = a_pool("pool");
    body["displayName"] = "A pool";
    body["metadata"] = Json::array({{{"name", "a"}, {"value", "b"}}});
    body["resizeTimeout"] = "PT06M00S";
    body["taskSlotsPerNode"] = 4;
    body["taskSchedulingPolicy"] = Json{{"nodeFillType", "pack"}};
    body["userAccounts"] =
        Json::array({{{"name", "u"}, {"password", "secret word"}, {"elevationLevel", "Admin"}}});
    body["startTask"] = Json{{"commandLine", "/bin/true"}, {"waitForSuccess", false}};
    ASSERT_EQ(post("/pools", body).status, 201);

    auto const answer = get("/pools/pool");
    auto const pool = answer.json();

    EXPECT_EQ(pool["displayName"], "A pool");
    EXPECT_EQ(pool["metadata"], body["metadata"]);
    EXPECT_EQ(pool["resizeTimeout"], "PT6M");
    EXPECT_EQ(pool["taskSlotsPerNode"], 4);
    EXPECT_EQ(pool["taskSchedulingPolicy"]["nodeFillType"], "Pack");
    EXPECT_EQ(pool["userAccounts"][0].dump(), R"({"name":"u","elevationLevel":"admin"})");
    EXPECT_EQ(answer.text.find("secret word"), std::string::npos);
    EXPECT_EQ(
        pool["startTask"].dump(),
        R"({"commandLine":"/bin/true","userIdentity":{"autoUser":{"scope":"pool","elevationLevel":"nonadmin"}},)"
        R"("maxTaskRetryCount":0,"waitForSuccess":false})"
    );
}

TEST_F(Pools, SpeaksEachVersionsLanguage) {
    auto body = a_pool("pool");
    body["maxTasksPerNode"] = 3;
    ASSERT_EQ(post("/pools?api-version=2019-08-01.10.0", body).status, 201);

    auto const old = get("/pools/pool?api-version=2019-08-01.10.0").json();
    auto const current = get("/pools/pool?api-version=2020-09-01.12.0").json();

    EXPECT_EQ(old["maxTasksPerNode"], 3);
    EXPECT_FALSE(old.contains("taskSlotsPerNode"));
    EXPECT_EQ(current["taskSlotsPerNode"], 3);
    EXPECT_FALSE(current.contains("maxTasksPerNode"));
    EXPECT_EQ(post("/pools", body).code(), "InvalidRequestBody");
}

TEST_F(Pools, ExistsAnswersHead) {
    add_pool();
    auto const answer = send(Verb::head, "/pools/pool");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.headers.get("ETag"), "0x8DC3C31DAB31000");
    EXPECT_EQ(answer.text, "");
}

// Batch: REST-31, REST-33, POOL-30
TEST_F(Pools, RefusesTheSameIdInAnyCase) {
    add_pool();
    EXPECT_EQ(post("/pools", a_pool("POOL")).code(), "PoolExists");
    ASSERT_EQ(remove("/pools/pool").status, 202);
    EXPECT_EQ(post("/pools", a_pool("pool")).code(), "PoolBeingDeleted");
}

// Batch: SLOT-1
TEST_F(Pools, TakesFourTaskSlotsPerCoreAndNeverMoreThan256) {
    auto const add = [&](char const* id, char const* vm_size, int slots) {
        auto body = a_pool(id);
        body["vmSize"] = vm_size;
        body["taskSlotsPerNode"] = slots;
        return post("/pools", body);
    };

    EXPECT_EQ(add("a", "standard_a1_v2", 4).status, 201);
    auto const refused = add("b", "standard_a1_v2", 5);
    EXPECT_EQ(refused.status, 400);
    EXPECT_EQ(refused.code(), "InvalidPropertyValue");
    EXPECT_EQ(refused.value("PropertyName"), "taskSlotsPerNode");
    EXPECT_EQ(refused.value("PropertyValue"), "5");
    EXPECT_EQ(add("c", "Standard_D16s_v3", 64).status, 201);
    EXPECT_EQ(add("d", "Standard_D16s_v3", 65).status, 400);
    EXPECT_EQ(add("e", "Standard_HB120rs_v2", 257).status, 400);
    EXPECT_EQ(add("f", "small", 256).status, 201);
    EXPECT_EQ(add("g", "small", 257).status, 400);
}

TEST_F(Pools, APatchMayNotAskForMoreTaskSlotsThanTheSizeOfThePoolAllows) {
    auto body = a_pool("pool");
    body["targetDedicatedNodes"] = 0;
    ASSERT_EQ(post("/pools", body).status, 201);
    auto const patch = [&](char const* text) {
        return send(Verb::patch, "/pools/pool?api-version=2024-07-01.20.0", text);
    };

    EXPECT_EQ(patch(R"({"taskSlotsPerNode":5})").value("PropertyName"), "taskSlotsPerNode");
    EXPECT_EQ(get("/pools/pool").json()["taskSlotsPerNode"], 1);
    EXPECT_EQ(patch(R"({"vmSize":"standard_d2s_v3","taskSlotsPerNode":8})").status, 200);
    EXPECT_EQ(patch(R"({"vmSize":"standard_a1_v2"})").value("PropertyName"), "taskSlotsPerNode");
    EXPECT_EQ(get("/pools/pool").json()["vmSize"], "standard_d2s_v3");
}

// Batch: POOL-9
TEST_F(Pools, WantsTheNodeAgentOfAnImageItKnows) {
    auto const add = [&](char const* id, char const* sku, char const* agent) {
        auto body = a_pool(id);
        body["virtualMachineConfiguration"]["imageReference"]["sku"] = sku;
        body["virtualMachineConfiguration"]["nodeAgentSKUId"] = agent;
        return post("/pools", body);
    };

    EXPECT_EQ(add("a", "18.04-LTS", "Batch.Node.Ubuntu 18.04").status, 201);
    auto const refused = add("b", "18.04-LTS", "batch.node.windows amd64");
    EXPECT_EQ(refused.status, 400);
    EXPECT_EQ(refused.code(), "InvalidPropertyValue");
    EXPECT_EQ(refused.value("PropertyName"), "virtualMachineConfiguration.nodeAgentSKUId");
    EXPECT_EQ(add("c", "an-unlisted-sku", "batch.node.windows amd64").status, 201);
}

// Batch: REST-15, POOL-6, POOL-7, POOL-9
TEST_F(Pools, NamesWhatIsWrong) {
    auto const code_with = [&](char const* member, Json value) {
        auto body = a_pool("pool");
        body[member] = std::move(value);
        return post("/pools", body);
    };
    auto const code_without = [&](char const* member) {
        auto body = a_pool("pool");
        body.erase(member);
        return post("/pools", body);
    };

    EXPECT_EQ(code_without("vmSize").code(), "MissingRequiredProperty");
    EXPECT_EQ(code_without("vmSize").value("PropertyName"), "vmSize");
    EXPECT_EQ(code_without("targetDedicatedNodes").code(), "MissingRequiredProperty");
    EXPECT_EQ(code_without("virtualMachineConfiguration").code(), "MissingRequiredProperty");
    EXPECT_EQ(code_with("id", "no blanks").code(), "InvalidPropertyValue");
    EXPECT_EQ(code_with("id", std::string(65, 'a')).code(), "InvalidPropertyValue");
    EXPECT_EQ(code_with("resizeTimeout", "PT4M").code(), "InvalidPropertyValue");
    EXPECT_EQ(code_with("resizeTimeout", "soon").value("PropertyValue"), "soon");
    EXPECT_EQ(code_with("taskSlotsPerNode", 257).value("PropertyName"), "taskSlotsPerNode");
    EXPECT_EQ(code_with("targetDedicatedNodes", -1).code(), "InvalidPropertyValue");
    EXPECT_EQ(code_with("targetDedicatedNodes", "2").code(), "InvalidRequestBody");
    EXPECT_EQ(
        code_with("taskSchedulingPolicy", Json{{"nodeFillType", "x"}}).value("PropertyName"),
        "taskSchedulingPolicy.nodeFillType"
    );
    EXPECT_EQ(code_with("nonsense", 1).code(), "InvalidRequestBody");
    EXPECT_EQ(send(Verb::post, "/pools", "{").code(), "InvalidRequestBody");
    EXPECT_EQ(send(Verb::post, "/pools").code(), "InvalidRequestBody");
    EXPECT_TRUE(changes.empty());
}

TEST_F(Pools, RefusesByNameWhatItDoesNotDo) {
    auto const with = [&](char const* member, Json value) {
        auto body = a_pool("pool");
        body[member] = std::move(value);
        return post("/pools", body);
    };

    EXPECT_EQ(with("applicationLicenses", Json::array({"maya"})).code(), "UnsupportedProperty");
    EXPECT_EQ(with("mountConfiguration", Json::array({Json::object()})).code(), "UnsupportedProperty");
    auto machine = a_pool("pool")["virtualMachineConfiguration"];
    machine["containerConfiguration"] = {{"type", "dockerCompatible"}};
    EXPECT_EQ(
        with("virtualMachineConfiguration", machine).value("PropertyName"),
        "virtualMachineConfiguration.containerConfiguration"
    );
    Json const identity{{"resourceId", "/a"}};
    machine["containerConfiguration"]["containerRegistries"] = {{{"identityReference", identity}}};
    EXPECT_EQ(
        with("virtualMachineConfiguration", machine).value("PropertyName"),
        "virtualMachineConfiguration.containerConfiguration.containerRegistries[0].identityReference"
    );
    auto body = a_pool("pool");
    body["enableAutoScale"] = false;
    body["applicationPackageReferences"] = Json::array();
    body["certificateReferences"] = nullptr;
    EXPECT_EQ(post("/pools", body).status, 201);
}

// Batch: POOL-10, POOL-11
TEST_F(Pools, ResizesOnlyASteadyPool) {
    add_pool();
    EXPECT_EQ(post("/pools/pool/resize", {{"targetDedicatedNodes", 5}}).code(), "PoolBeingResized");
    settle();
    clock.advance(std::chrono::seconds{1});

    auto const answer = post("/pools/pool/resize", {{"targetLowPriorityNodes", 5}});

    EXPECT_EQ(answer.status, 202);
    EXPECT_EQ(answer.headers.get("DataServiceId"), "http://127.0.0.1:10003/pools/pool/resize");
    EXPECT_NE(answer.headers.get("ETag"), "0x8DC3C31DAB31000");
    auto const pool = get("/pools/pool").json();
    EXPECT_EQ(pool["allocationState"], "resizing");
    EXPECT_EQ(pool["targetDedicatedNodes"], 2);
    EXPECT_EQ(pool["targetLowPriorityNodes"], 5);
    EXPECT_EQ(pool["eTag"], answer.headers.get("ETag"));
    EXPECT_EQ(changes.size(), 2U);
    settle();
    EXPECT_EQ(post("/pools/pool/resize", Json::object()).code(), "MissingRequiredProperty");
}

// Batch: POOL-14
TEST_F(Pools, StopsAResizeAndKeepsItsTag) {
    add_pool();
    clock.advance(std::chrono::seconds{1});

    auto const answer = post("/pools/pool/stopresize");

    EXPECT_EQ(answer.status, 202);
    EXPECT_EQ(answer.headers.get("ETag"), "0x8DC3C31DAB31000");
    EXPECT_EQ(get("/pools/pool").json()["allocationState"], "stopping");
    EXPECT_EQ(post("/pools/pool/stopresize").status, 409);
}

// Batch: POOL-27, POOL-28
TEST_F(Pools, DeletesOnce) {
    add_pool();
    auto const answer = remove("/pools/pool");
    EXPECT_EQ(answer.status, 202);
    EXPECT_FALSE(answer.headers.has("ETag"));
    EXPECT_EQ(get("/pools/pool").json()["state"], "deleting");
    EXPECT_EQ(get("/pools/pool").json()["allocationState"], "resizing");
    auto const again = remove("/pools/pool");
    EXPECT_EQ(again.status, 409);
    EXPECT_EQ(again.code(), "PoolBeingDeleted");
    EXPECT_EQ(remove("/pools/nowhere").code(), "PoolNotFound");
}

// Batch: REST-18, REST-19
TEST_F(Pools, HeedsConditions) {
    add_pool();
    std::string const tag = "0x8DC3C31DAB31000";
    std::string const now = "Mon, 04 Mar 2024 10:00:00 GMT";
    std::string const before = "Mon, 04 Mar 2024 09:59:59 GMT";
    auto const status = [&](Verb verb, http::Headers headers) {
        return send(verb, "/pools/pool", {}, std::move(headers)).status;
    };

    EXPECT_EQ(status(Verb::get, {{"If-Match", tag}}), 200);
    EXPECT_EQ(status(Verb::get, {{"If-Match", "0x1"}}), 412);
    EXPECT_EQ(status(Verb::get, {{"If-None-Match", tag}}), 304);
    EXPECT_EQ(status(Verb::get, {{"If-None-Match", "0x1"}, {"If-Modified-Since", now}}), 200);
    EXPECT_EQ(status(Verb::get, {{"If-Modified-Since", now}}), 304);
    EXPECT_EQ(status(Verb::get, {{"If-Modified-Since", before}}), 200);
    EXPECT_EQ(status(Verb::get, {{"If-Unmodified-Since", before}}), 412);
    EXPECT_EQ(status(Verb::head, {{"If-Match", "0x1"}}), 412);
    EXPECT_EQ(status(Verb::get, {{"If-Match", tag}, {"If-None-Match", tag}}), 400);
    EXPECT_EQ(status(Verb::get, {{"If-Modified-Since", "yesterday"}}), 400);
    EXPECT_EQ(status(Verb::remove, {{"If-Match", "0x1"}}), 412);
    EXPECT_EQ(status(Verb::remove, {{"If-None-Match", "*"}}), 412);
    EXPECT_EQ(status(Verb::remove, {{"If-Match", "\"" + tag + "\""}}), 202);
}

// Batch: REST-29, REST-30
TEST_F(Pools, ListsPageByPageWithEveryParameterKept) {
    for (auto const* id : {"a", "b", "c"})
        ASSERT_EQ(post("/pools", a_pool(id)).status, 201);

    auto const first =
        get("/pools?maxresults=2&$select=id%2Cstate&api-version=2022-10-01.16.0&timeout=30").json();
    auto const link = first["odata.nextLink"].get<std::string>();
    auto const second = get(link.substr(std::string("http://127.0.0.1:10003").size())).json();

    EXPECT_EQ(
        link,
        "http://127.0.0.1:10003/pools?maxresults=2&$select=id%2Cstate&api-version=2022-10-01.16.0&timeout=30"
        "&$skiptoken=b"
    );
    EXPECT_EQ(first["value"].dump(), R"([{"id":"a","state":"active"},{"id":"b","state":"active"}])");
    EXPECT_EQ(second["value"].dump(), R"([{"id":"c","state":"active"}])");
    EXPECT_FALSE(second.contains("odata.nextLink"));
}

// Batch: REST-23
TEST_F(Pools, FiltersOrSaysWhyNot) {
    add_pool();
    EXPECT_EQ(get("/pools?$filter=state%20eq%20%27active%27").json()["value"].size(), 1U);
    EXPECT_EQ(get("/pools?$filter=allocationState%20eq%20%27steady%27").json()["value"].size(), 0U);
    auto const answer = get("/pools?$filter=colour%20eq%20%27red%27");
    EXPECT_EQ(answer.code(), "InvalidQueryParameterValue");
    EXPECT_EQ(answer.value("QueryParameterValue"), "colour eq 'red'");
}

// Batch: POOL-24, POOL-25
TEST_F(Pools, PatchChangesWhatItNamesAndReplaceTheRest) {
    auto body = a_pool("pool");
    body["startTask"] = Json{{"commandLine", "/bin/true"}};
    body["metadata"] = Json::array({{{"name", "a"}, {"value", "b"}}});
    ASSERT_EQ(post("/pools", body).status, 201);

    Json const patch{{"metadata", Json::array({{{"name", "c"}, {"value", "d"}}})}};
    EXPECT_EQ(send(Verb::patch, "/pools/pool", patch.dump()).status, 200);
    auto const patched = get("/pools/pool").json();
    EXPECT_EQ(patched["metadata"][0]["name"], "c");
    EXPECT_EQ(patched["startTask"]["commandLine"], "/bin/true");

    Json const structural{{"displayName", "x"}};
    EXPECT_EQ(send(Verb::patch, "/pools/pool", structural.dump()).code(), "InvalidRequestBody");
    EXPECT_EQ(send(Verb::patch, "/pools/pool?api-version=2024-07-01.20.0", structural.dump()).status, 200);
    EXPECT_EQ(
        send(Verb::patch, "/pools/pool?api-version=2024-07-01.20.0", R"({"vmSize":"standard_d2s_v3"})")
            .status,
        409
    );

    Json const all{
        {"metadata", Json::array()},
        {"applicationPackageReferences", Json::array()},
        {"certificateReferences", Json::array()}};
    EXPECT_EQ(post("/pools/pool/updateproperties", all).status, 204);
    auto const replaced = get("/pools/pool").json();
    EXPECT_FALSE(replaced.contains("startTask"));
    EXPECT_EQ(replaced["displayName"], "x");
    EXPECT_EQ(post("/pools/pool/updateproperties", Json::object()).code(), "MissingRequiredProperty");
}

// Batch: NODE-7
TEST_F(Pools, ShowsItsNodes) {
    add_pool();
    {
        storage::Transaction transaction(database);
        domain::Node node;
        node.pool_id = "pool";
        node.id = "tvmps_1_d";
        node.ip_address = "10.0.0.4";
        node.state_transition_time = node.allocation_time = clock.now();
        node.recent_tasks = {{"job", "task", domain::TaskState::completed, {}}};
        storage::insert_node(transaction, node);
        transaction.commit();
    }

    auto const list = get("/pools/pool/nodes?$filter=state%20eq%20%27creating%27").json();
    auto const node = get("/pools/pool/nodes/tvmps_1_d");

    EXPECT_EQ(list["odata.metadata"], "http://127.0.0.1:10003/$metadata#nodes");
    ASSERT_EQ(list["value"].size(), 1U);
    EXPECT_FALSE(node.headers.has("ETag"));
    EXPECT_EQ(
        node.text,
        R"({"odata.metadata":"http://127.0.0.1:10003/$metadata#nodes/@Element","id":"tvmps_1_d",)"
        R"("url":"http://127.0.0.1:10003/pools/pool/nodes/tvmps_1_d","state":"creating",)"
        R"("schedulingState":"enabled","stateTransitionTime":"2024-03-04T10:00:00Z",)"
        R"("allocationTime":"2024-03-04T10:00:00Z","ipAddress":"10.0.0.4","affinityId":"TVM:tvmps_1_d",)"
        R"("vmSize":"standard_a1_v2","totalTasksRun":0,"totalTasksSucceeded":0,"runningTasksCount":0,)"
        R"("runningTaskSlotsCount":0,"recentTasks":[{"taskUrl":"http://127.0.0.1:10003/jobs/job/tasks/task",)"
        R"("jobId":"job","taskId":"task","taskState":"completed","executionInfo":{"retryCount":0,)"
        R"("requeueCount":0}}],"isDedicated":true,"virtualMachineInfo":{"imageReference":)"
        R"({"publisher":"canonical","offer":"ubuntuserver","sku":"18.04-lts","version":"latest"}}})"
    );
    EXPECT_EQ(get("/pools/pool").json()["currentDedicatedNodes"], 1);
    EXPECT_EQ(get("/pools/pool/nodes/other").code(), "NodeNotFound");
    EXPECT_EQ(get("/pools/other/nodes").code(), "PoolNotFound");
}

}  // namespace
}  // namespace bluebatch::emulator::batch
