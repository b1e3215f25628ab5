#include "emulator/storage/batch/application_store.hpp"
#include "tests/unit/emulator/batch/service_fixture.hpp"

namespace bluebatch::emulator::batch {
namespace {

using http::Verb;

class Applications : public ServiceFixture {
protected:
    void add(std::string id, std::vector<std::string> const& versions, std::string default_version = {}) {
        storage::Transaction transaction(database);
        domain::Application application;
        application.id = std::move(id);
        application.default_version = std::move(default_version);
        storage::put_application(transaction, application);
        for (auto const& version : versions) {
            domain::ApplicationPackage package;
            package.version = version;
            storage::put_package(transaction, application.id, package);
        }
        transaction.commit();
    }

    static Json a_pool_with(Json references) {
        auto body = a_pool("pool");
        body["applicationPackageReferences"] = std::move(references);
        return body;
    }
};

TEST_F(Applications, AreListedWithTheirVersions) {
    add("b", {});
    add("a", {"2.0", "1.0"});

    EXPECT_EQ(
        get("/applications").text,
        R"({"odata.metadata":"http://127.0.0.1:10003/$metadata#getapplicationsummariesresponse","value":[)"
        R"({"id":"a","versions":["1.0","2.0"]},{"id":"b","versions":[]}]})"
    );
}

TEST_F(Applications, AreListedInPages) {
    for (auto const* id : {"a", "b", "c"})
        add(id, {});
    auto const first = get("/applications?maxresults=2").json();
    ASSERT_EQ(first["value"].size(), 2U);
    std::string const link = first["odata.nextLink"];
    auto const rest = get(link.substr(link.find("/applications"))).json();
    ASSERT_EQ(rest["value"].size(), 1U);
    EXPECT_EQ(rest["value"][0]["id"], "c");
    EXPECT_FALSE(rest.contains("odata.nextLink"));
}

TEST_F(Applications, AreShown) {
    add("tool", {"1.0"});
    {
        storage::Transaction transaction(database);
        auto application = storage::find_application(transaction.connection(), "tool").value();
        application.display_name = "A tool";
        storage::put_application(transaction, application);
        transaction.commit();
    }
    EXPECT_EQ(
        get("/applications/TOOL").text,
        R"({"odata.metadata":"http://127.0.0.1:10003/$metadata#getapplicationsummaryresponse/@Element",)"
        R"("id":"tool","displayName":"A tool","versions":["1.0"]})"
    );
    EXPECT_EQ(get("/applications/other").code(), "ApplicationNotFound");
}

// Batch: APP-1
TEST_F(Applications, OfPoolsMustHavePackages) {
    add("tool", {"1.0"});
    for (Json const& reference :
         {Json{{"applicationId", "other"}, {"version", "1.0"}},
          Json{{"applicationId", "tool"}, {"version", "2.0"}},
          Json{{"applicationId", "tool"}}}) {
        auto const refused = post("/pools", a_pool_with(Json::array({reference})));
        EXPECT_EQ(refused.status, 409);
        EXPECT_EQ(refused.code(), "InvalidApplicationPackageReferences");
        EXPECT_EQ(
            refused.value(wire::text_of(reference, "applicationId")),
            "The specified application package does not exist."
        );
    }
    add("with-default", {"1.0"}, "1.0");
    Json const references =
        Json::array({{{"applicationId", "tool"}, {"version", "1.0"}}, {{"applicationId", "with-default"}}});
    ASSERT_EQ(post("/pools", a_pool_with(references)).status, 201);
    EXPECT_EQ(get("/pools/pool").json()["applicationPackageReferences"], references);
}

TEST_F(Applications, OfPoolsAreCheckedWhenTheyChange) {
    ASSERT_EQ(post("/pools", a_pool("pool")).status, 201);
    Json const body{{"applicationPackageReferences", Json::array({{{"applicationId", "tool"}}})}};
    EXPECT_EQ(send(Verb::patch, "/pools/pool", body.dump()).code(), "InvalidApplicationPackageReferences");
    add("tool", {"1.0"}, "1.0");
    EXPECT_EQ(send(Verb::patch, "/pools/pool", body.dump()).status, 200);
    EXPECT_EQ(
        get("/pools/pool").json()["applicationPackageReferences"], body["applicationPackageReferences"]
    );
}

// Batch: APP-1
TEST_F(Applications, OfAPoolAreTenAtMost) {
    add("tool", {"1.0"}, "1.0");
    auto references = Json::array();
    for (int i = 0; i < 11; ++i)
        references.push_back({{"applicationId", "tool"}});
    EXPECT_EQ(post("/pools", a_pool_with(references)).value("PropertyName"), "applicationPackageReferences");
}

}  // namespace
}  // namespace bluebatch::emulator::batch
