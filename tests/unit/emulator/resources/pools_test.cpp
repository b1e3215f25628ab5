#include "emulator/resources/wire/pool.hpp"
#include "resources_fixture.hpp"

#include <utility>

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
            if (request.path == "/pools" && status_ < 400) pool_ = made_;
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
    static std::string id_below(std::string const& account, std::string const& more) {
        return "/subscriptions/" + std::string{kSubscription} +
               "/resourceGroups/g/providers/Microsoft.Batch/batchAccounts/" + account + more;
    }
    // What was asked of the data plane but to show pools.
    std::vector<std::string> changes() const {
        auto found = requests_;
        std::erase_if(found, [](auto const& request) { return request.starts_with("GET "); });
        return found;
    }
    Json patch(Json const& properties, int status = 200) {
        return json(Verb::patch, path("/p1"), status, {{"properties", properties}});
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
    Json made_;  // what there is of a pool once it has been made
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
        {{"id", id_below("Batched", "/applications/tool")}, {"version", "1"}}};
    properties["startTask"] = {{"commandLine", "c"}, {"userIdentity", {{"userName", "u"}}}};
    made_ = std::exchange(pool_, nullptr);
    auto const made = put(path("/p1"), {{"properties", properties}});
    ASSERT_EQ(changes().size(), 1U);
    ASSERT_TRUE(changes()[0].starts_with("POST /pools {")) << changes()[0];
    EXPECT_EQ(
        Json::parse(changes()[0].substr(std::string{"POST /pools "}.size())),
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
    pool_["allocationState"] = "steady";
    patch(
        {{"metadata", {{{"name", "a"}, {"value", "b"}}}},
         {"scaleSettings", {{"autoScale", {{"formula", "$TargetDedicatedNodes=0"}}}}}}
    );
    EXPECT_EQ(
        changes(),
        (std::vector<std::string>{
            R"(PATCH /pools/p1 {"metadata":[{"name":"a","value":"b"}]})",
            R"(POST /pools/p1/enableautoscale {"autoScaleFormula":"$TargetDedicatedNodes=0"})"})
    );
    requests_.clear();
    pool_["enableAutoScale"] = true;
    pool_["autoScaleFormula"] = "$TargetDedicatedNodes=0";
    auto const scaled = patch(
        {{"scaleSettings",
          {{"fixedScale", {{"targetDedicatedNodes", 2}, {"nodeDeallocationOption", "Terminate"}}}}}}
    );
    EXPECT_EQ(
        changes(),
        (std::vector<std::string>{
            "POST /pools/p1/disableautoscale",
            R"(POST /pools/p1/resize {"nodeDeallocationOption":"Terminate","targetDedicatedNodes":2})"})
    );
    EXPECT_EQ(
        scaled["properties"]["scaleSettings"], (Json{{"autoScale", {{"formula", "$TargetDedicatedNodes=0"}}}})
    );
    EXPECT_EQ(post(path("/p1/stopResize"))["name"], "p1");
    EXPECT_EQ(post(path("/p1/disableAutoScale"))["name"], "p1");
}

TEST_F(PoolsTest, AnEmptyStartTaskTakesAwayTheOneThatThereIs) {
    pool_["metadata"] = {{{"name", "a"}, {"value", "b"}}};
    pool_["targetNodeCommunicationMode"] = "simplified";
    patch(
        {{"startTask", Json::object()},
         {"applicationPackages", {{{"id", id_below("batched", "/applications/tool")}}}}}
    );
    ASSERT_EQ(changes().size(), 1U);
    constexpr std::string_view kPlace = "POST /pools/p1/updateproperties ";
    ASSERT_TRUE(changes()[0].starts_with(kPlace)) << changes()[0];
    EXPECT_EQ(
        Json::parse(changes()[0].substr(kPlace.size())),
        (Json{
            {"metadata", {{{"name", "a"}, {"value", "b"}}}},
            {"certificateReferences", Json::array()},
            {"applicationPackageReferences", {{{"applicationId", "tool"}}}},
            {"targetNodeCommunicationMode", "simplified"}})
    );
}

TEST_F(PoolsTest, APoolThatIsBeingResizedIsNotChangedByHalf) {
    for (auto const& scale :
         {Json{{"fixedScale", {{"targetDedicatedNodes", 2}}}}, Json{{"autoScale", {{"formula", "f"}}}}})
        EXPECT_EQ(
            code_of(patch({{"metadata", Json::array()}, {"scaleSettings", scale}}, 409)), "PoolBeingResized"
        );
    EXPECT_EQ(changes(), std::vector<std::string>{});
    pool_ = nullptr;
    EXPECT_EQ(code_of(patch({{"metadata", Json::array()}}, 404)), "PoolNotFound");
}

TEST_F(PoolsTest, WhatAPoolKeepsCanBeSaidAgainAndNotChanged) {
    pool_["displayName"] = "Films";
    pool_["networkConfiguration"] = {{"subnetId", "/s"}};
    pool_["userAccounts"] = {{{"name", "u"}, {"elevationLevel", "admin"}}};
    auto same = machine();
    same["displayName"] = "Films";
    same["taskSlotsPerNode"] = 1;
    same["interNodeCommunication"] = "Disabled";
    same["networkConfiguration"] = {{"subnetId", "/S"}};
    same["userAccounts"] = {{{"name", "u"}, {"password", "p"}, {"elevationLevel", "Admin"}}};
    same["provisioningState"] = "Succeeded";
    patch(same);
    EXPECT_EQ(changes(), std::vector<std::string>{});
    auto other_image = machine()["deploymentConfiguration"];
    other_image["virtualMachineConfiguration"]["imageReference"]["sku"] = "t";
    for (auto const& [member, value] : std::vector<std::pair<std::string, Json>>{
             {"displayName", "films"},
             {"vmSize", "Standard_A2_v2"},
             {"taskSlotsPerNode", 2},
             {"interNodeCommunication", "Enabled"},
             {"networkConfiguration", {{"subnetId", "/t"}}},
             {"userAccounts", Json::array()},
             {"deploymentConfiguration", other_image}}) {
        auto const refused = patch({{member, value}, {"metadata", Json::array()}}, 400)["error"];
        EXPECT_EQ(refused["code"], "PropertyCannotBeUpdated") << member;
        EXPECT_EQ(refused["target"], "BatchAccount");
        EXPECT_EQ(
            refused["details"],
            (Json{
                {{"code", "Reason"},
                 {"message", "A property that cannot be updated was specified as part of the request."}},
                {{"code", "PropertyName"}, {"message", member}},
                {{"code", "PropertyPath"}, {"message", "properties." + member}}})
        );
    }
    EXPECT_EQ(changes(), std::vector<std::string>{});
}

TEST_F(PoolsTest, AScaleOfAnotherKindIsAChange) {
    pool_["allocationState"] = "steady";
    auto properties = machine();
    properties["scaleSettings"] = {
        {"fixedScale", {{"targetDedicatedNodes", 1}, {"resizeTimeout", "PT900S"}}}};
    put(path("/p1"), {{"properties", properties}});
    EXPECT_EQ(changes(), std::vector<std::string>{});
    pool_["enableAutoScale"] = true;
    put(path("/p1"), {{"properties", properties}});
    EXPECT_EQ(
        changes(),
        (std::vector<std::string>{
            "POST /pools/p1/disableautoscale",
            R"(POST /pools/p1/resize {"resizeTimeout":"PT900S","targetDedicatedNodes":1})"})
    );
}

TEST_F(PoolsTest, NamesOfTheDataPlaneAreNoneHere) {
    for (auto const& properties : std::vector<Json>{
             {{"id", "p2"}},
             {{"targetDedicatedNodes", 1}},
             {{"enableAutoScale", true}},
             {{"applicationPackageReferences", Json::array()}},
             {{"deploymentConfiguration", {{"id", "p2"}}}},
             {{"deploymentConfiguration", "p2"}},
             {{"scaleSettings", {{"fixedScale", {{"id", "p2"}}}}}},
             {{"scaleSettings", {{"autoScale", {{"autoScaleFormula", "f"}}}}}},
             {{"scaleSettings", {{"id", "p2"}}}}}) {
        auto wanted = machine();
        wanted.update(properties);
        EXPECT_EQ(code_of(put(path("/p1"), {{"properties", wanted}}, 400)), "InvalidRequestBody")
            << properties;
        EXPECT_EQ(code_of(patch(properties, 400)), "InvalidRequestBody") << properties;
    }
    for (auto const& id :
         {id_below("other", "/applications/tool"),
          id_below("batched2", "/applications/tool"),
          id_below("batched", "/certificates/tool"),
          std::string{"tool"}})
        EXPECT_EQ(code_of(patch({{"applicationPackages", {{{"id", id}}}}}, 400)), "InvalidRequestBody") << id;
    EXPECT_EQ(changes(), std::vector<std::string>{});
}

TEST_F(PoolsTest, APoolThatIsThereIsUpdatedUnlessItMustBeNew) {
    auto const put_if = [&](std::string const& condition, std::string const& tag) {
        auto const target =
            "/subscriptions/" + std::string{kSubscription} + path("/p1") + "?api-version=2022-10-01";
        return send(Verb::put, target, Json{{"properties", machine()}}.dump(), {{condition, tag}}).status;
    };
    EXPECT_EQ(put_if("If-None-Match", "*"), 412);
    EXPECT_EQ(put_if("If-Match", "W/\"0x8D1\""), 200);
    EXPECT_EQ(heads_.front().get("If-Match"), "");
    EXPECT_EQ(heads_[1].get("If-Match"), "\"0x8D1\"");
    auto properties = machine();
    properties["scaleSettings"] = {{"fixedScale", {{"targetDedicatedNodes", 1}}}};
    EXPECT_EQ(put(path("/p1"), {{"properties", properties}})["name"], "p1");
    EXPECT_EQ(changes(), std::vector<std::string>{});
    status_ = 409;
    code_ = "OperationInvalidForCurrentState";
    properties["metadata"] = {{{"name", "a"}, {"value", "b"}}};
    auto const refused = put(path("/p1"), {{"properties", properties}}, 409);
    EXPECT_EQ(code_of(refused), "OperationInvalidForCurrentState");
    EXPECT_NE(refused["error"]["message"].get<std::string>().find("\nReason: because"), std::string::npos);
    pool_ = nullptr;
    EXPECT_EQ(put_if("If-Match", "W/\"0x8D1\""), 404);
}

TEST_F(PoolsTest, APoolThatIsGoingIsNotThereToBeChanged) {
    pool_["state"] = "deleting";
    EXPECT_EQ(code_of(put(path("/p1"), {{"properties", machine()}}, 409)), "PoolBeingDeleted");
    EXPECT_EQ(code_of(patch({}, 409)), "PoolBeingDeleted");
    EXPECT_EQ(changes(), std::vector<std::string>{});
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
    EXPECT_TRUE(page["nextLink"].get<std::string>().ends_with("&$skipToken=p%2F1")) << page["nextLink"];
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
    fail(
        {{"properties",
          {{"scaleSettings", {{"fixedScale", Json::object()}, {"autoScale", Json::object()}}}}}},
        400
    );
    fail({{"properties", machine()}, {"identity", {{"type", "UserAssigned"}}}}, 501);
    EXPECT_TRUE(requests_.empty());
    status_ = 400;
    code_ = "UnsupportedProperty";
    pool_ = nullptr;
    EXPECT_EQ(code_of(fail({{"properties", machine()}}, 400)), "UnsupportedProperty");
}

}  // namespace
}  // namespace bluebatch::emulator::resources
