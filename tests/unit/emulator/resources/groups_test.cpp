#include "emulator/storage/resources/resource_store.hpp"
#include "resources_fixture.hpp"

namespace bluebatch::emulator::resources {
namespace {

using http::Verb;

class GroupsTest : public ResourcesTest {};

TEST_F(GroupsTest, TheSubscriptionIsThatOfTheTokensTenant) {
    auto const list = Json::parse(send(Verb::get, "/subscriptions?api-version=2019-11-01").text);
    ASSERT_EQ(list["value"].size(), 1);
    auto const& one = list["value"][0];
    EXPECT_EQ(one["subscriptionId"], kSubscription);
    EXPECT_EQ(one["tenantId"], "tenant");
    EXPECT_EQ(one["state"], "Enabled");
    EXPECT_EQ(get(""), one);
    auto const tenants = Json::parse(send(Verb::get, "/tenants?api-version=2019-11-01").text);
    EXPECT_EQ(tenants["value"][0]["tenantId"], "tenant");
    EXPECT_EQ(get("/locations")["value"][0]["name"], "eastus");
    EXPECT_EQ(get("/providers/microsoft.batch")["registrationState"], "Registered");
    EXPECT_EQ(post("/providers/Microsoft.Storage/register")["namespace"], "Microsoft.Storage");
    EXPECT_EQ(get("/providers")["value"].size(), 3);
    get("/providers/Microsoft.Compute", 501);
}

TEST_F(GroupsTest, AGroupIsMadeOnceAndChangedLater) {
    auto const made = put("/resourcegroups/Films", {{"location", "East US"}, {"tags", {{"a", "b"}}}}, 201);
    EXPECT_EQ(made["id"], "/subscriptions/" + std::string{kSubscription} + "/resourceGroups/Films");
    EXPECT_EQ(made["location"], "eastus");
    EXPECT_EQ(made["properties"]["provisioningState"], "Succeeded");
    EXPECT_EQ(get("/resourceGroups/FILMS"), made);
    auto const patched = json(Verb::patch, "/resourcegroups/films", 200, {{"tags", {{"c", "d"}}}});
    EXPECT_EQ(patched["tags"], (Json{{"c", "d"}}));
    EXPECT_EQ(patched["name"], "Films");
    open();
    EXPECT_EQ(get("/resourceGroups/films"), patched);
    auto const put_again = put("/resourcegroups/films", {{"location", "eastus"}});
    EXPECT_FALSE(put_again.contains("tags"));
    EXPECT_EQ(ask(Verb::head, "/resourcegroups/films").status, 204);
    EXPECT_EQ(ask(Verb::head, "/resourcegroups/none").status, 404);
}

TEST_F(GroupsTest, GroupsAreFoundByTheirTags) {
    put("/resourcegroups/a", {{"location", "eastus"}, {"tags", {{"use", "test"}}}}, 201);
    put("/resourcegroups/b", {{"location", "eastus"}, {"tags", {{"use", "work"}}}}, 201);
    auto const names = [&](std::string const& query) {
        std::vector<std::string> found;
        auto const list = get("/resourcegroups" + query);
        for (auto const& group : list["value"])
            found.push_back(group["name"]);
        return found;
    };
    using Names = std::vector<std::string>;
    EXPECT_EQ(names(""), (Names{"a", "b", "bluebatch"}));
    EXPECT_EQ(names("?$top=1"), Names{"a"});
    EXPECT_EQ(names("?$filter=tagname%20eq%20'use'%20and%20tagvalue%20eq%20'work'"), Names{"b"});
    EXPECT_EQ(names("?$filter=tagName+eq+'use'"), (Names{"a", "b"}));
    EXPECT_EQ(names("?$filter=tagname+eq+'none'"), Names{});
    get("/resourcegroups?$filter=name+eq+'a'", 501);
    get("/resourcegroups?$top=none", 400);
}

TEST_F(GroupsTest, SaysWhyThereIsNoSuchGroup) {
    make_group("g");
    EXPECT_EQ(
        code_of(put("/resourcegroups/g", {{"location", "westus"}}, 409)), "InvalidResourceGroupLocation"
    );
    EXPECT_EQ(code_of(put("/resourcegroups/h", {{"tags", {}}}, 400)), "LocationRequired");
    EXPECT_EQ(
        code_of(put("/resourcegroups/h", {{"location", "mars"}}, 400)), "LocationNotAvailableForResourceGroup"
    );
    for (auto const& name :
         {std::string{"ends."}, std::string(91, 'a'), std::string{"a%20b"}, std::string{"a%ffb"}})
        EXPECT_EQ(
            code_of(put("/resourcegroups/" + name, {{"location", "eastus"}}, 400)), "InvalidResourceGroup"
        ) << name;
    put("/resourcegroups/h", {{"location", "eastus"}, {"managedBy", 5}}, 400);
    EXPECT_EQ(code_of(get("/resourcegroups/none", 404)), "ResourceGroupNotFound");
    EXPECT_EQ(code_of(get(storage_path("none", "stored"), 404)), "ResourceGroupNotFound");
    EXPECT_EQ(code_of(json(Verb::remove, "/resourcegroups/none", 404)), "ResourceGroupNotFound");
}

TEST_F(GroupsTest, SaysWhatIsWrongWithATag) {
    auto const refused = [&](std::string const& name, Json const& value) {
        return code_of(put("/resourcegroups/h", {{"location", "eastus"}, {"tags", {{name, value}}}}, 400));
    };
    EXPECT_EQ(refused("a", 1), "InvalidRequestContent");
    EXPECT_EQ(refused(" ", "b"), "InvalidTagName");
    EXPECT_EQ(refused(std::string(513, 'a'), "b"), "InvalidTagName");
    EXPECT_EQ(refused("a", std::string(257, 'b')), "InvalidTagValueLength");
    for (char const c : std::string_view{"<>%&\\?/\n"})
        EXPECT_EQ(refused(std::string{"a"} + c, "b"), "InvalidTagNameCharacters") << c;
    std::string umlauts;
    for (int i = 0; i < 256; ++i)
        umlauts += "\u00fc";
    Json const tags{{"hidden-link:/subscriptions/s", "Resource"}, {"a.b", umlauts}, {"empty", ""}};
    EXPECT_EQ(put("/resourcegroups/h", {{"location", "eastus"}, {"tags", tags}}, 201)["tags"], tags);
}

TEST_F(GroupsTest, ClientsCanAskForWhatLiesInAGroupOfAnyAlphabet) {
    put("/resourcegroups/gr%C3%BCn", {{"location", "eastus"}}, 201);
    auto const begun = ask(Verb::put, batch_path("gr%C3%BCn", "batched"), {{"location", "eastus"}});
    auto const location = begun.headers.get("Location");
    EXPECT_NE(location.find("/resourceGroups/gr%C3%BCn/"), std::string_view::npos) << location;
    EXPECT_EQ(finish(begun)["name"], "batched");
}

TEST_F(GroupsTest, WhoeverComesTooLateFindsNoGroup) {
    Json const storage{{"location", "eastus"}, {"kind", "StorageV2"}, {"sku", {{"name", "Standard_LRS"}}}};
    Json const late{{"status", 404}, {"code", "ResourceGroupNotFound"}};
    make_group("g");
    make_storage("g", "stored");
    EXPECT_EQ(ask_meanwhile("/resourcegroups/g", storage_path("g", "late1"), storage), late);
    make_group("g");
    make_storage("g", "stored");
    EXPECT_EQ(ask_meanwhile("/resourcegroups/g", batch_path("g", "late2"), {{"location", "eastus"}}), late);
}

TEST_F(GroupsTest, ADeletionThatWasCutShortIsFinishedByTheNext) {
    make_group("g");
    make_storage("g", "stored");
    crash_while_removing("/resourcegroups/g");
    EXPECT_TRUE(finish(ask(Verb::remove, "/resourcegroups/g")).is_null());
    accounts_.create(domain::AccountKind::storage, "stored");
    EXPECT_EQ(get("/resourceGroups/bluebatch/resources")["value"].size(), 3);
    EXPECT_EQ(ask(Verb::remove, storage_path("bluebatch", "stored")).status, 200);
}

TEST_F(GroupsTest, ADeletionOfAnAccountThatWasCutShortIsFinishedByTheNext) {
    make_group("g");
    make_storage("g", "stored");
    make_batch("g", "batched");
    crash_while_removing(storage_path("g", "stored"));
    crash_while_removing(batch_path("g", "batched"));
    EXPECT_EQ(ask(Verb::remove, storage_path("g", "stored")).status, 204);
    EXPECT_EQ(ask(Verb::remove, batch_path("g", "batched")).status, 204);
    // Of somebody else now.
    accounts_.create(domain::AccountKind::storage, "stored");
    accounts_.create(domain::AccountKind::batch, "batched");
    EXPECT_EQ(get("/resourceGroups/g/resources")["value"], Json::array());
    EXPECT_EQ(get(batch_path("bluebatch", "batched"))["name"], "batched");
}

TEST_F(GroupsTest, AnAccountWhoseGroupIsGoneGetsAnotherPlace) {
    service_.reset();
    {
        storage::Database database{
            folder_.path() / "resources.sqlite", storage::resource_schema(), storage::Durability::process};
        storage::Transaction transaction(database);
        storage::put_account_record(
            transaction, {domain::AccountKind::storage, "stored", "gone", "westus", "{}", clock_.now()}
        );
        transaction.commit();
    }
    accounts_.create(domain::AccountKind::storage, "stored");
    open();
    EXPECT_EQ(get(storage_path("bluebatch", "stored"))["location"], "eastus");
}

TEST_F(GroupsTest, AGroupGoesWithAllThatIsInIt) {
    make_group("g");
    make_group("other");
    make_storage("g", "stored");
    make_batch("g", "batched");
    make_storage("other", "stays");
    EXPECT_TRUE(finish(ask(Verb::remove, "/resourcegroups/g")).is_null());
    EXPECT_FALSE(accounts_.find(domain::AccountKind::storage, "stored"));
    EXPECT_FALSE(accounts_.find(domain::AccountKind::batch, "batched"));
    EXPECT_TRUE(accounts_.find(domain::AccountKind::storage, "stays"));
    get("/resourcegroups/g", 404);
}

TEST_F(GroupsTest, AccountsOfTheStartLieInAGroupOfTheirOwn) {
    EXPECT_EQ(get(batch_path("bluebatch", "devbatch"))["location"], "eastus");
    EXPECT_EQ(get(storage_path("bluebatch", "devstore"))["name"], "devstore");
    EXPECT_EQ(code_of(json(Verb::remove, "/resourcegroups/bluebatch", 409)), "ScopeLocked");
    EXPECT_EQ(code_of(json(Verb::remove, batch_path("bluebatch", "devbatch"), 409)), "ScopeLocked");
    EXPECT_EQ(
        code_of(post(storage_path("bluebatch", "devstore") + "/regenerateKey", {{"keyName", "key1"}}, 409)),
        "ScopeLocked"
    );
    EXPECT_TRUE(accounts_.find(domain::AccountKind::batch, "devbatch"));
    // One that comes later without the resource manager.
    accounts_.create(domain::AccountKind::storage, "guest");
    EXPECT_EQ(get("/resources?$filter=resourceGroup+eq+'bluebatch'")["value"].size(), 3);
    EXPECT_EQ(ask(Verb::remove, storage_path("bluebatch", "guest")).status, 200);
    EXPECT_EQ(get("/resourceGroups/bluebatch/resources")["value"].size(), 2);
    get("/resources?$filter=name+eq+'guest'", 501);
}

TEST_F(GroupsTest, OperationsAreRememberedForAWhile) {
    make_group("g");
    auto const begun = ask(Verb::remove, "/resourcegroups/g");
    auto const place =
        std::string{begun.headers.get("Location")}.substr(std::string{"https://management.azure.com"}.size());
    EXPECT_EQ(send(Verb::get, place).status, 200);
    // Clients wait in the time of the machine.
    clock_.run_ahead(std::chrono::hours{48});
    make_group("i");
    finish(ask(Verb::remove, "/resourcegroups/i"));
    EXPECT_EQ(send(Verb::get, place).status, 200);
    clock_.advance(std::chrono::minutes{61});
    make_group("h");
    finish(ask(Verb::remove, "/resourcegroups/h"));
    EXPECT_EQ(send(Verb::get, place).status, 404);
}

}  // namespace
}  // namespace bluebatch::emulator::resources
