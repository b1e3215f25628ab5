#include "resources_fixture.hpp"

namespace bluebatch::emulator::resources {
namespace {

using http::Verb;

class BatchAccountsTest : public ResourcesTest {
protected:
    BatchAccountsTest() {
        make_group("g");
        storage_id_ = make_storage("g", "stored")["id"];
    }
    Json auto_storage() const { return {{"autoStorage", {{"storageAccountId", storage_id_}}}}; }

    std::string storage_id_;
};

TEST_F(BatchAccountsTest, AnAccountIsMadeAndShown) {
    auto const made = make_batch("g", "batched", auto_storage());
    auto const& properties = made["properties"];
    EXPECT_EQ(made["location"], "eastus");
    EXPECT_EQ(properties["accountEndpoint"], "batched.eastus.batch.azure.com");
    EXPECT_EQ(properties["poolQuota"], 7);
    EXPECT_EQ(properties["autoStorage"]["storageAccountId"], storage_id_);
    EXPECT_EQ(
        properties["allowedAuthenticationModes"], (Json{"SharedKey", "AAD", "TaskAuthenticationToken"})
    );
    EXPECT_FALSE(made.contains("tags"));
    EXPECT_EQ(accounts_.find(domain::AccountKind::batch, "batched")->auto_storage, "stored");
    auto const shown = ask(Verb::get, batch_path("G", "batched"));
    EXPECT_EQ(Json::parse(shown.text), made);
    EXPECT_EQ(shown.headers.get("ETag"), "\"0x8DC3C31DAB31000\"");
    EXPECT_EQ(get("/providers/Microsoft.Batch/batchAccounts")["value"].size(), 2);
    EXPECT_EQ(get("/resourceGroups/g/providers/Microsoft.Batch/batchAccounts")["value"], Json::array({made}));
}

TEST_F(BatchAccountsTest, AutoStorageComesAndGoes) {
    make_batch("g", "batched");
    EXPECT_FALSE(get(batch_path("g", "batched"))["properties"].contains("autoStorage"));
    EXPECT_EQ(
        code_of(post(batch_path("g", "batched") + "/syncAutoStorageKeys", {}, 409)), "AccountHasNoAutoStorage"
    );
    auto const patch = [&](Json const& body, int status = 200) {
        return json(Verb::patch, batch_path("g", "batched"), status, body);
    };
    auto const with = patch({{"properties", auto_storage()}, {"tags", {{"a", "b"}}}});
    EXPECT_EQ(with["properties"]["autoStorage"]["lastKeySync"], "2024-03-04T10:00:00Z");
    EXPECT_EQ(with["tags"], (Json{{"a", "b"}}));
    clock_.advance(std::chrono::hours{1});
    post(batch_path("g", "batched") + "/syncAutoStorageKeys", {}, 204);
    EXPECT_EQ(
        get(batch_path("g", "batched"))["properties"]["autoStorage"]["lastKeySync"], "2024-03-04T11:00:00Z"
    );
    EXPECT_EQ(patch({{"tags", {{"a", "c"}}}})["properties"]["autoStorage"]["storageAccountId"], storage_id_);
    EXPECT_FALSE(
        patch({{"properties", {{"autoStorage", Json::object()}}}})["properties"].contains("autoStorage")
    );
    auto const absent = patch(
        {{"properties",
          {{"autoStorage", {{"storageAccountId", storage_id_.substr(0, storage_id_.size() - 1)}}}}}},
        400
    );
    EXPECT_EQ(code_of(absent), "StorageAccountNotFound");
    auto const storage = [&](Json const& value) { return Json{{"properties", {{"autoStorage", value}}}}; };
    EXPECT_EQ(code_of(patch(storage({{"storageAccountId", "stored"}}), 400)), "LinkedInvalidPropertyId");
    EXPECT_EQ(code_of(patch(storage({{"storageAccountId", ""}}), 400)), "LinkedInvalidPropertyId");
    patch({{"properties", auto_storage()}});
    for (auto const& wrong : {Json("stored"), Json(5), Json{{"storageAccountId", 5}}})
        EXPECT_EQ(code_of(patch(storage(wrong), 400)), "InvalidRequestBody") << wrong;
    EXPECT_EQ(accounts_.find(domain::AccountKind::batch, "batched")->auto_storage, "stored");
    patch(storage(nullptr));
    EXPECT_EQ(accounts_.find(domain::AccountKind::batch, "batched")->auto_storage, "");
}

TEST_F(BatchAccountsTest, AutoStorageIsNamedAsItWasLinked) {
    make_batch("g", "batched", auto_storage());
    EXPECT_EQ(ask(Verb::remove, storage_path("g", "stored")).status, 200);
    EXPECT_EQ(get(batch_path("g", "batched"))["properties"]["autoStorage"]["storageAccountId"], storage_id_);
    // One that was linked another way.
    accounts_.link_auto_storage("batched", "devstore");
    EXPECT_TRUE(
        get(batch_path("g", "batched"))["properties"]["autoStorage"]["storageAccountId"]
            .get<std::string>()
            .ends_with("/resourceGroups/bluebatch/providers/Microsoft.Storage/storageAccounts/devstore")
    );
}

TEST_F(BatchAccountsTest, AnAccountStaysWhereItIs) {
    make_batch("g", "batched");
    EXPECT_EQ(
        code_of(put(batch_path("g", "batched"), {{"location", "westus"}}, 409)), "InvalidResourceLocation"
    );
    put(batch_path("g", "batched"), {{"location", "mars"}}, 400);
    EXPECT_EQ(make_batch("g", "batched")["location"], "eastus");
}

TEST_F(BatchAccountsTest, RefusesWhatCannotBe) {
    auto const fail = [&](std::string const& name, Json const& properties, int status) {
        return code_of(
            put(batch_path("g", name), {{"location", "eastus"}, {"properties", properties}}, status)
        );
    };
    EXPECT_EQ(fail("No_Name", Json::object(), 400), "AccountNameInvalid");
    EXPECT_EQ(
        fail("batched", {{"autoStorage", {{"storageAccountId", "/subscriptions/x"}}}}, 400),
        "StorageAccountNotFound"
    );
    fail("batched", {{"poolAllocationMode", "UserSubscription"}}, 501);
    fail("batched", {{"publicNetworkAccess", "Disabled"}}, 501);
    fail("batched", {{"allowedAuthenticationModes", {"AAD"}}}, 501);
    fail("batched", {{"encryption", {{"keySource", "Microsoft.KeyVault"}}}}, 501);
    EXPECT_FALSE(accounts_.find(domain::AccountKind::batch, "batched"));
    make_group("h");
    make_batch("g", "batched");
    put(batch_path("h", "batched"), {{"location", "eastus"}}, 409);
    put(batch_path("g", "elsewhere"), {{"location", "mars"}}, 400);
}

TEST_F(BatchAccountsTest, KeysAreListedAndRenewed) {
    make_batch("g", "batched");
    auto const path = batch_path("g", "batched");
    auto const before = post(path + "/listKeys");
    EXPECT_EQ(before["accountName"], "batched");
    auto const after = post(path + "/regenerateKeys", {{"keyName", "Secondary"}});
    EXPECT_EQ(after["primary"], before["primary"]);
    EXPECT_NE(after["secondary"], before["secondary"]);
    post(path + "/regenerateKeys", {{"keyName", "Third"}}, 400);
}

TEST_F(BatchAccountsTest, AnAccountIsDeletedOnce) {
    make_batch("g", "batched");
    EXPECT_TRUE(finish(ask(Verb::remove, batch_path("g", "batched"))).is_null());
    EXPECT_EQ(ask(Verb::remove, batch_path("g", "batched")).status, 204);
    EXPECT_EQ(code_of(get(batch_path("g", "batched"), 404)), "ResourceNotFound");
}

TEST_F(BatchAccountsTest, PlacesTellWhatCanBeHad) {
    std::string const place = "/providers/Microsoft.Batch/locations/eastus";
    EXPECT_GE(get(place + "/quotas")["accountQuota"], 1);
    auto const check = [&](std::string const& name) {
        return post(place + "/checkNameAvailability", {{"name", name}});
    };
    EXPECT_EQ(check("free1"), (Json{{"nameAvailable", true}}));
    EXPECT_EQ(check("devbatch")["reason"], "AlreadyExists");
    EXPECT_EQ(check("No")["reason"], "Invalid");
    auto const sizes = get(place + "/virtualMachineSkus")["value"];
    EXPECT_EQ(sizes[0]["capabilities"][1], (Json{{"name", "vCPUs"}, {"value", "1"}}));
    get("/providers/Microsoft.Batch/locations/mars/quotas", 400);
}

}  // namespace
}  // namespace bluebatch::emulator::resources
