#include "resources_fixture.hpp"
#include "shared/azure/storage_sas.hpp"

namespace bluebatch::emulator::resources {
namespace {

using http::Verb;

class StorageAccountsTest : public ResourcesTest {
protected:
    StorageAccountsTest() { make_group("g"); }
    static Json body(Json const& properties = Json::object()) {
        return {
            {"location", "eastus"},
            {"kind", "StorageV2"},
            {"sku", {{"name", "Standard_LRS"}}},
            {"properties", properties}};
    }
};

TEST_F(StorageAccountsTest, AnAccountIsMadeAndShown) {
    auto const made = make_storage("G", "stored");
    EXPECT_EQ(
        made["id"],
        "/subscriptions/" + std::string{kSubscription} +
            "/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/stored"
    );
    EXPECT_EQ(made["sku"], (Json{{"name", "Standard_LRS"}, {"tier", "Standard"}}));
    EXPECT_EQ(made["kind"], "StorageV2");
    auto const& properties = made["properties"];
    EXPECT_EQ(properties["provisioningState"], "Succeeded");
    EXPECT_EQ(properties["primaryEndpoints"]["blob"], "https://stored.blob.core.windows.net/");
    EXPECT_EQ(properties["creationTime"], "2024-03-04T10:00:00Z");
    EXPECT_FALSE(properties.contains("secondaryEndpoints"));
    EXPECT_EQ(get(storage_path("g", "stored")), made);
    EXPECT_EQ(get("/providers/Microsoft.Storage/storageAccounts")["value"].size(), 2);
    EXPECT_EQ(
        get("/resourceGroups/g/providers/Microsoft.Storage/storageAccounts")["value"], Json::array({made})
    );
    open();
    EXPECT_EQ(get(storage_path("g", "stored")), made);
}

TEST_F(StorageAccountsTest, MakingItAgainOrPatchingChangesIt) {
    make_storage("g", "stored");
    auto const changed =
        put(storage_path("g", "stored"),
            {{"location", "eastus"},
             {"sku", {{"name", "Standard_RAGRS"}}},
             {"properties", {{"minimumTlsVersion", "TLS1_2"}}}});
    EXPECT_EQ(changed["properties"]["minimumTlsVersion"], "TLS1_2");
    EXPECT_EQ(
        changed["properties"]["secondaryEndpoints"]["blob"], "https://stored-secondary.blob.core.windows.net/"
    );
    auto const patched = json(
        Verb::patch,
        storage_path("g", "stored"),
        200,
        {{"tags", {{"a", "b"}}}, {"properties", {{"accessTier", "Cool"}}}}
    );
    EXPECT_EQ(patched["tags"], (Json{{"a", "b"}}));
    EXPECT_EQ(patched["properties"]["accessTier"], "Cool");
    EXPECT_EQ(patched["properties"]["minimumTlsVersion"], "TLS1_2");
}

TEST_F(StorageAccountsTest, NamesAreTakenOnce) {
    make_group("h");
    make_storage("g", "stored");
    auto const check = [&](std::string const& name) {
        return post("/providers/Microsoft.Storage/checkNameAvailability", {{"name", name}});
    };
    EXPECT_EQ(check("free1"), (Json{{"nameAvailable", true}}));
    EXPECT_EQ(check("stored")["reason"], "AlreadyExists");
    EXPECT_EQ(check("Bad_Name")["reason"], "AccountNameInvalid");
    EXPECT_EQ(code_of(put(storage_path("h", "stored"), body(), 409)), "StorageAccountInAnotherResourceGroup");
    EXPECT_EQ(code_of(put(storage_path("g", "no"), body(), 400)), "AccountNameInvalid");
    EXPECT_EQ(code_of(put(storage_path("g", "..%2f..%2fetc"), body(), 400)), "AccountNameInvalid");
    EXPECT_EQ(code_of(get(storage_path("h", "stored"), 404)), "ResourceNotFound");
    EXPECT_EQ(code_of(put(storage_path("none", "stored"), body(), 404)), "ResourceGroupNotFound");
}

TEST_F(StorageAccountsTest, RefusesWhatCannotBe) {
    auto const fail = [&](Json const& more, int status) {
        Json body{{"location", "eastus"}};
        body.update(more);
        return put(storage_path("g", "stored"), body, status);
    };
    EXPECT_EQ(
        fail({{"sku", {{"name", "Best_LRS"}}}}, 400)["error"]["message"],
        "Values for request parameters are invalid: sku."
    );
    fail({{"kind", "Tape"}}, 400);
    fail({{"properties", "none"}}, 400);
    fail({{"location", ""}}, 400);
    fail({{"properties", {{"isHnsEnabled", true}}}}, 501);
    fail({{"properties", {{"allowSharedKeyAccess", false}}}}, 501);
    fail({{"properties", {{"networkAcls", {{"defaultAction", "Deny"}}}}}}, 501);
    fail({{"kind", "FileStorage"}}, 501);
    EXPECT_FALSE(accounts_.find(domain::AccountKind::storage, "stored"));
}

TEST_F(StorageAccountsTest, OneNeedsItsSkuAndItsKind) {
    for (auto const* const name : {"sku", "kind"}) {
        auto less = body();
        less.erase(name);
        auto const refused = put(storage_path("g", "stored"), less, 400);
        EXPECT_EQ(code_of(refused), "MissingRequiredAccountProperty");
        EXPECT_EQ(
            refused["error"]["message"],
            "Account property " + std::string{name} + " is required for the request."
        );
    }
    auto blobs = body();
    blobs["kind"] = "BlobStorage";
    EXPECT_EQ(code_of(put(storage_path("g", "stored"), blobs, 400)), "MissingRequiredAccountProperty");
    EXPECT_FALSE(accounts_.find(domain::AccountKind::storage, "stored"));
}

TEST_F(StorageAccountsTest, OneStaysWhereItIs) {
    make_storage("g", "stored");
    auto elsewhere = body();
    elsewhere["location"] = "West US";
    auto const refused = put(storage_path("g", "stored"), elsewhere, 409);
    EXPECT_EQ(code_of(refused), "InvalidResourceLocation");
    EXPECT_TRUE(refused["error"]["message"].get<std::string>().starts_with(
        "The resource 'stored' already exists in location 'eastus' in resource group 'g'."
    ));
    elsewhere["location"] = "mars";
    put(storage_path("g", "stored"), elsewhere, 400);
    elsewhere["location"] = "East US";
    put(storage_path("g", "stored"), elsewhere, 200);
}

TEST_F(StorageAccountsTest, PropertiesAreOfTheirTypes) {
    auto const before = make_storage("g", "stored");
    auto const fail = [&](Json const& properties) {
        return code_of(json(Verb::patch, storage_path("g", "stored"), 400, {{"properties", properties}}));
    };
    for (auto const& properties : std::vector<Json>{
             {{"encryption", 5}},
             {{"encryption", {{"services", {{"blob", {{"enabled", "yes"}}}}}}}},
             {{"networkAcls", "x"}},
             {{"networkAcls", {{"ipRules", {"1.2.3.4"}}}}},
             {{"supportsHttpsTrafficOnly", "yes"}},
             {{"accessTier", "Lukewarm"}},
             {{"keyPolicy", {{"keyExpirationPeriodInDays", "5"}}}},
             {{"customDomain", {{"name", std::string(3000, 'a')}}}}})
        EXPECT_EQ(fail(properties), "InvalidValuesForRequestParameters") << properties;
    EXPECT_EQ(get(storage_path("g", "stored")), before);
}

TEST_F(StorageAccountsTest, WhatIsOnlyReadOrUnknownChangesNothing) {
    auto const before = make_storage("g", "stored");
    for (int i = 0; i < 3; ++i) {
        Json const properties{
            {"keyCreationTime", "x"},
            {"primaryEndpoints", 5},
            {"secondaryEndpoints", {{"blob", "https://example.com/"}}},
            {"encryption.keySource", "Microsoft.Storage"},
            {"new" + std::to_string(i), "y"}};
        EXPECT_EQ(json(Verb::patch, storage_path("g", "stored"), 200, {{"properties", properties}}), before);
    }
    EXPECT_EQ(
        get("/providers/Microsoft.Storage/storageAccounts")["value"][1]["properties"], before["properties"]
    );
}

TEST_F(StorageAccountsTest, WordsHaveOneSpellingAndNullTakesBack) {
    auto const before = make_storage("g", "stored");
    auto const patch = [&](Json const& properties) {
        return json(
            Verb::patch, storage_path("g", "stored"), 200, {{"properties", properties}}
        )["properties"];
    };
    EXPECT_EQ(patch({{"accessTier", "cool"}, {"minimumTlsVersion", "tls1_2"}})["accessTier"], "Cool");
    auto const after = patch({{"accessTier", nullptr}});
    EXPECT_EQ(after["accessTier"], "Hot");
    EXPECT_EQ(after["minimumTlsVersion"], "TLS1_2");
    auto const rules = patch({{"networkAcls", {{"ipRules", {{{"value", "1.2.3.4"}, {"action", "allow"}}}}}}});
    EXPECT_EQ(rules["networkAcls"]["ipRules"], (Json{{{"value", "1.2.3.4"}, {"action", "Allow"}}}));
    EXPECT_EQ(patch({{"networkAcls", nullptr}})["networkAcls"], before["properties"]["networkAcls"]);
    json(
        Verb::patch,
        storage_path("g", "stored"),
        501,
        {{"properties", {{"networkAcls", {{"defaultAction", "deny"}}}}}}
    );
}

TEST_F(StorageAccountsTest, KeysAreListedAndRenewed) {
    make_storage("g", "stored");
    auto const path = storage_path("g", "stored");
    auto const before = post(path + "/listKeys?$expand=kerb")["keys"];
    ASSERT_EQ(before.size(), 2);
    EXPECT_EQ(before[1]["keyName"], "key2");
    EXPECT_EQ(before[0]["permissions"], "FULL");
    clock_.advance(std::chrono::hours{1});
    auto const after = post(path + "/regenerateKey", {{"keyName", "key2"}})["keys"];
    EXPECT_EQ(after[0], before[0]);
    EXPECT_NE(after[1]["value"], before[1]["value"]);
    EXPECT_EQ(after[1]["creationTime"], "2024-03-04T11:00:00Z");
    EXPECT_EQ(
        code_of(post(path + "/regenerateKey", {{"keyName", "key9"}}, 400)),
        "InvalidValuesForRequestParameters"
    );
}

TEST_F(StorageAccountsTest, SignaturesAreThoseOfTheKey) {
    make_storage("g", "stored");
    auto const path = storage_path("g", "stored");
    auto const key = accounts_.find(domain::AccountKind::storage, "stored")->keys[1].base64;
    auto const signed_by = [&](std::string const& token, azure::SasSubject const& subject) {
        http::RequestHead head;
        EXPECT_TRUE(http::parse_target("/?" + token, head));
        auto const sas = azure::read_shared_access_signature(head.query);
        return sas && azure::is_signed_by(*sas, subject, key);
    };
    auto const of_account = post(
        path + "/ListAccountSas",
        {{"signedServices", "b"},
         {"signedResourceTypes", "sco"},
         {"signedPermission", "rl"},
         {"signedExpiry", "2030-01-01T00:00:00.000Z"},
         {"keyToSign", "key2"}}
    );
    EXPECT_TRUE(signed_by(of_account["accountSasToken"], {"stored", "", ""}));
    auto const of_service = post(
        path + "/ListServiceSas",
        {{"canonicalizedResource", "/blob/stored/films/a b"},
         {"signedResource", "b"},
         {"signedPermission", "r"},
         {"signedExpiry", "2030-01-01T00:00:00Z"},
         {"keyToSign", "key2"}}
    );
    EXPECT_TRUE(signed_by(of_service["serviceSasToken"], {"stored", "films", "a b"}));
    post(path + "/ListAccountSas", {{"signedServices", "b"}}, 400);
    // What is not understood must not widen a signature.
    for (auto const* const member : {"signedIp", "signedProtocol", "signedStart", "keyToSign"}) {
        post(
            path + "/ListAccountSas",
            {{"signedServices", "b"},
             {"signedResourceTypes", "sco"},
             {"signedPermission", "rl"},
             {"signedExpiry", "2030-01-01T00:00:00.000Z"},
             {member, {"x"}}},
            400
        );
        post(
            path + "/ListServiceSas",
            {{"canonicalizedResource", "/blob/stored/films"},
             {"signedResource", "c"},
             {"signedPermission", "r"},
             {"signedExpiry", "2030-01-01T00:00:00Z"},
             {member, 5}},
            400
        );
    }
    post(
        path + "/ListServiceSas",
        {{"canonicalizedResource", "/blob/other/films"}, {"signedResource", "c"}},
        400
    );
}

TEST_F(StorageAccountsTest, AnAccountIsDeletedOnce) {
    make_storage("g", "stored");
    EXPECT_EQ(ask(Verb::remove, storage_path("g", "stored")).status, 200);
    EXPECT_EQ(ask(Verb::remove, storage_path("g", "stored")).status, 204);
    EXPECT_EQ(code_of(get(storage_path("g", "stored"), 404)), "ResourceNotFound");
    make_group("h");
    EXPECT_EQ(make_storage("h", "stored")["tags"], Json::object());
}

}  // namespace
}  // namespace bluebatch::emulator::resources
