#include "emulator/resources/wire/pool.hpp"
#include "resources_fixture.hpp"

namespace bluebatch::emulator::resources {
namespace {

using http::Verb;

class PoolsTest : public ResourcesTest {
protected:
    PoolsTest() {
        make_group("g");
        make_batch("g", "batched");
        batch_.respond = [this](http::Request const& request) {
            requests_.push_back(
                std::string{http::to_string(request.verb)} + " " + request.path +
                (request.body.bytes.empty() ? "" : " " + request.body.bytes)
            );
            heads_.push_back(request.headers);
            if (request.verb == Verb::get) return show(request);
            http::Response response;
            if (status_ >= 400) {
                response.status = status_;
                response.text =
                    Json{
                        {"code", code_},
                        {"message", {{"value", "No.\nRequestId:1\nTime:2"}}},
                        {"values", {{{"key", "Reason"}, {"value", "because"}}}}}
                        .dump();
            }
            return response;
        };
    }
    http::Response show(http::Request const& request) {
        http::Response response;
        response.status = pool_.is_null() ? 404 : 200;
        if (pool_.is_null()) {
            response.text =
                R"({"code":"PoolNotFound","message":{"value":"The specified pool does not exist."}})";
        } else if (request.path == "/pools") {
            response.text =
                Json{
                    {"value", {pool_}},
                    {"odata.nextLink", "https://host/pools?$skiptoken=p%2F1&api-version=1"}}
                    .dump();
        } else {
            response.text = pool_.dump();
            response.headers.set("ETag", "\"0x8D1\"");
        }
        return response;
    }
    static std::string path(std::string const& more = "") {
        return batch_path("g", "batched") + "/pools" + more;
    }
    static Json machine() {
        return {
            {"vmSize", "Standard_A1_v2"},
            {"deploymentConfiguration",
             {{"virtualMachineConfiguration",
               {{"imageReference", {{"publisher", "p"}, {"offer", "o"}, {"sku", "s"}}},
                {"nodeAgentSkuId", "agent"}}}}}};
    }

    Json pool_ = {
        {"id", "p1"},
        {"eTag", "0x8D1"},
        {"state", "active"},
        {"allocationState", "resizing"},
        {"vmSize", "standard_a1_v2"},
        {"targetDedicatedNodes", 1},
        {"targetLowPriorityNodes", 0},
        {"resizeTimeout", "PT15M"},
        {"currentDedicatedNodes", 0},
        {"taskSlotsPerNode", 1},
        {"startTask",
         {{"commandLine", "c"},
          {"userIdentity", {{"autoUser", {{"scope", "pool"}, {"elevationLevel", "nonadmin"}}}}}}},
        {"virtualMachineConfiguration",
         {{"imageReference", {{"publisher", "p"}, {"offer", "o"}, {"sku", "s"}}},
          {"nodeAgentSKUId", "agent"}}}};
    int status_ = 200;
    std::string code_;
    std::vector<std::string> requests_;
    std::vector<http::Headers> heads_;
};

TEST_F(PoolsTest, APoolIsMadeInTheDataPlane) {
    auto properties = machine();
    properties["interNodeCommunication"] = "Enabled";
    properties["scaleSettings"] = {{"fixedScale", {{"targetDedicatedNodes", 1}, {"resizeTimeout", "PT10M"}}}};
    properties["applicationPackages"] = {
        {{"id",
          "/subscriptions/s/resourceGroups/g/providers/Microsoft.Batch/batchAccounts/n/applications/tool"},
         {"version", "1"}}};
    properties["startTask"] = {{"commandLine", "c"}, {"userIdentity", {{"userName", "u"}}}};
    auto const made = put(path("/p1"), {{"properties", properties}});
    ASSERT_EQ(requests_.size(), 2U);
    ASSERT_TRUE(requests_[0].starts_with("POST /pools {")) << requests_[0];
    EXPECT_EQ(
        Json::parse(requests_[0].substr(std::string{"POST /pools "}.size())),
        (Json{
            {"id", "p1"},
            {"vmSize", "Standard_A1_v2"},
            {"virtualMachineConfiguration",
             {{"imageReference", {{"publisher", "p"}, {"offer", "o"}, {"sku", "s"}}},
              {"nodeAgentSKUId", "agent"}}},
            {"enableInterNodeCommunication", true},
            {"targetDedicatedNodes", 1},
            {"resizeTimeout", "PT10M"},
            {"applicationPackageReferences", {{{"applicationId", "tool"}, {"version", "1"}}}},
            {"startTask", {{"commandLine", "c"}, {"userIdentity", {{"username", "u"}}}}}})
    );
    EXPECT_EQ(heads_[0].get("Host"), "batched.eastus.batch.azure.com");
    EXPECT_TRUE(heads_[0].get("Authorization").starts_with("SharedKey batched:"));
    EXPECT_EQ(made["type"], "Microsoft.Batch/batchAccounts/pools");
}

TEST_F(PoolsTest, IsShownInTheFormOfTheResourceManager) {
    auto const response = ask(Verb::get, path("/p1"));
    auto const shown = Json::parse(response.text);
    EXPECT_EQ(response.headers.get("ETag"), "W/\"0x8D1\"");
    EXPECT_EQ(shown["etag"], "W/\"0x8D1\"");
    EXPECT_EQ(shown["name"], "p1");
    auto const& properties = shown["properties"];
    EXPECT_EQ(properties["vmSize"], "STANDARD_A1_V2");
    EXPECT_EQ(properties["allocationState"], "Resizing");
    EXPECT_EQ(properties["provisioningState"], "Succeeded");
    EXPECT_EQ(properties["interNodeCommunication"], "Disabled");
    EXPECT_EQ(
        properties["scaleSettings"],
        (Json{
            {"fixedScale",
             {{"targetDedicatedNodes", 1}, {"targetLowPriorityNodes", 0}, {"resizeTimeout", "PT15M"}}}})
    );
    auto const& vm = properties["deploymentConfiguration"]["virtualMachineConfiguration"];
    EXPECT_EQ(vm["nodeAgentSkuId"], "agent");
    EXPECT_EQ(vm["imageReference"]["version"], "latest");
    EXPECT_EQ(
        properties["startTask"]["userIdentity"]["autoUser"],
        (Json{{"scope", "Pool"}, {"elevationLevel", "NonAdmin"}})
    );
    EXPECT_EQ(properties["resizeOperationStatus"]["targetDedicatedNodes"], 1);
    pool_ = nullptr;
    EXPECT_EQ(code_of(get(path("/p1"), 404)), "PoolNotFound");
}

TEST_F(PoolsTest, MembersAndScaleAreChangedEachInItsWay) {
    json(
        Verb::patch,
        path("/p1"),
        200,
        {{"properties",
          {{"metadata", {{{"name", "a"}, {"value", "b"}}}},
           {"scaleSettings", {{"autoScale", {{"formula", "$TargetDedicatedNodes=0"}}}}}}}}
    );
    EXPECT_EQ(requests_[0], R"(PATCH /pools/p1 {"metadata":[{"name":"a","value":"b"}]})");
    EXPECT_EQ(
        requests_[1], R"(POST /pools/p1/enableautoscale {"autoScaleFormula":"$TargetDedicatedNodes=0"})"
    );
    requests_.clear();
    pool_["enableAutoScale"] = true;
    pool_["autoScaleFormula"] = "$TargetDedicatedNodes=0";
    auto const scaled = json(
        Verb::patch,
        path("/p1"),
        200,
        {{"properties",
          {{"scaleSettings",
            {{"fixedScale", {{"targetDedicatedNodes", 2}, {"nodeDeallocationOption", "Terminate"}}}}}}}}
    );
    EXPECT_EQ(requests_[1], "POST /pools/p1/disableautoscale");
    EXPECT_EQ(
        requests_[2],
        R"(POST /pools/p1/resize {"nodeDeallocationOption":"Terminate","targetDedicatedNodes":2})"
    );
    EXPECT_EQ(
        scaled["properties"]["scaleSettings"], (Json{{"autoScale", {{"formula", "$TargetDedicatedNodes=0"}}}})
    );
    EXPECT_EQ(post(path("/p1/stopResize"))["name"], "p1");
    EXPECT_EQ(post(path("/p1/disableAutoScale"))["name"], "p1");
}

TEST_F(PoolsTest, APoolThatIsThereIsUpdatedUnlessItMustBeNew) {
    status_ = 409;
    code_ = "PoolExists";
    auto const again = send(
        Verb::put,
        "/subscriptions/" + std::string{kSubscription} + path("/p1") + "?api-version=2022-10-01",
        Json{{"properties", machine()}}.dump(),
        {{"If-None-Match", "*"}}
    );
    EXPECT_EQ(again.status, 412);
    // Nothing of it can be changed, so nothing is.
    auto properties = machine();
    properties["scaleSettings"] = {{"fixedScale", {{"targetDedicatedNodes", 1}}}};
    EXPECT_EQ(put(path("/p1"), {{"properties", properties}})["name"], "p1");
    properties["metadata"] = {{{"name", "a"}, {"value", "b"}}};
    auto const refused = put(path("/p1"), {{"properties", properties}}, 409);
    EXPECT_EQ(code_of(refused), "PoolExists");
    EXPECT_NE(refused["error"]["message"].get<std::string>().find("\nReason: because"), std::string::npos);
}

TEST_F(PoolsTest, ADeletionLastsUntilThePoolIsGone) {
    auto const begun = ask(Verb::remove, path("/p1"));
    ASSERT_EQ(begun.status, 202);
    auto const place =
        std::string{begun.headers.get("Location")}.substr(std::string{"https://management.azure.com"}.size());
    EXPECT_NE(place.find("/poolOperationResults/delete-p1-"), std::string::npos) << place;
    pool_["state"] = "deleting";
    auto const waiting = send(Verb::get, place);
    EXPECT_EQ(waiting.status, 202);
    EXPECT_EQ(waiting.headers.get("Location"), begun.headers.get("Location"));
    pool_ = nullptr;
    EXPECT_EQ(send(Verb::get, place).status, 200);
    status_ = 404;
    code_ = "PoolNotFound";
    EXPECT_EQ(ask(Verb::remove, path("/p1")).status, 204);
}

TEST_F(PoolsTest, ListsAreTranslated) {
    auto const page = get(path("?$filter=startswith(name,'p')&maxresults=1"));
    EXPECT_EQ(page["value"][0]["name"], "p1");
    EXPECT_TRUE(page["nextLink"].get<std::string>().ends_with("&$skiptoken=p%2F1")) << page["nextLink"];
    get(path("?$filter=tags%20eq%20'p'"), 501);
    get(path("?$select=name"), 501);
}

TEST_F(PoolsTest, FiltersKeepTheirTexts) {
    EXPECT_EQ(wire::to_pool_filter("startswith(name, 'my name')"), "startswith(id, 'my name')");
    EXPECT_EQ(
        wire::to_pool_filter("properties/provisioningState eq 'Succeeded' and name ne 'Succeeded'"),
        "state eq 'active' and id ne 'Succeeded'"
    );
    EXPECT_EQ(wire::to_pool_filter("name eq 'it''s name'"), "id eq 'it''s name'");
    EXPECT_EQ(
        wire::to_pool_filter("properties/creationTime gt datetime'2024-01-01'"),
        "creationTime gt datetime'2024-01-01'"
    );
    for (auto const* const text : {"id eq 'a'", "name eq 'a", "properties/tags eq 'a'"})
        EXPECT_FALSE(wire::to_pool_filter(text)) << text;
}

TEST_F(PoolsTest, RefusesWhatCannotBe) {
    auto const fail = [&](Json const& body, int status) { return put(path("/p1"), body, status); };
    fail({{"properties", "none"}}, 400);
    fail({{"properties", {{"applicationPackages", {{{"id", "tool"}}}}}}}, 400);
    fail(
        {{"properties",
          {{"scaleSettings", {{"fixedScale", Json::object()}, {"autoScale", Json::object()}}}}}},
        400
    );
    fail({{"properties", machine()}, {"identity", {{"type", "UserAssigned"}}}}, 501);
    EXPECT_TRUE(requests_.empty());
    status_ = 400;
    code_ = "UnsupportedProperty";
    EXPECT_EQ(code_of(fail({{"properties", machine()}}, 400)), "UnsupportedProperty");
}

}  // namespace
}  // namespace bluebatch::emulator::resources
