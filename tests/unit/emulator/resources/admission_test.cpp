#include "resources_fixture.hpp"
#include "shared/azure/not_emulated.hpp"

namespace bluebatch::emulator::resources {
namespace {

using http::Verb;

class AdmissionTest : public ResourcesTest {
protected:
    static std::string groups(std::string const& query) {
        return "/subscriptions/" + std::string{kSubscription} + "/resourcegroups" + query;
    }
    static std::string code(http::Response const& response) { return code_of(Json::parse(response.text)); }
};

TEST_F(AdmissionTest, WhoeverBringsNoTokenIsToldWhereToGetOne) {
    for (auto const& [header, code_wanted] : std::vector<std::pair<std::string, std::string>>{
             {"", "AuthenticationFailed"},
             {"Bearer ", "AuthenticationFailed"},
             {"SharedKey a:b", "AuthenticationFailed"},
             {"Bearer nonsense", "InvalidAuthenticationToken"}}) {
        auto const response = send(Verb::get, groups(""), {}, {{"Authorization", header}});
        EXPECT_EQ(response.status, 401) << header;
        EXPECT_EQ(code(response), code_wanted) << header;
        auto const challenge = response.headers.get("WWW-Authenticate");
        EXPECT_TRUE(challenge.starts_with("Bearer authorization_uri=")) << challenge;
        EXPECT_EQ(challenge.find("claims="), std::string_view::npos) << challenge;
        EXPECT_EQ(response.headers.get("x-ms-failure-cause"), "gateway");
    }
}

TEST_F(AdmissionTest, EveryRequestNamesAVersion) {
    auto const ask_with = [&](std::string const& query) {
        auto const response = send(Verb::get, groups(query));
        return response.status == 200 ? "" : code(response);
    };
    EXPECT_EQ(ask_with(""), "MissingApiVersionParameter");
    EXPECT_EQ(ask_with("?api-version="), "MissingApiVersionParameter");
    EXPECT_EQ(ask_with("?api-version=latest"), "InvalidApiVersionParameter");
    EXPECT_EQ(ask_with("?api-version=2021-04-01%0d%0a"), "InvalidApiVersionParameter");
    EXPECT_EQ(ask_with("?Api-Version=2021-04-01"), "");
    EXPECT_EQ(ask_with("?api-version=2099-01-01-preview"), "");
}

TEST_F(AdmissionTest, ATokenIsCheckedOnceInSomeSeconds) {
    ask(Verb::get, "/resourcegroups");
    auto const before = tokens_->checked.load();
    clock_.advance(std::chrono::seconds{11});
    EXPECT_EQ(ask(Verb::get, "/resourcegroups").status, 200);
    EXPECT_EQ(ask(Verb::get, "/resourcegroups").status, 200);
    EXPECT_EQ(tokens_->checked - before, 1);
    role_ = "nobody";
    EXPECT_EQ(ask(Verb::get, "/resourcegroups").status, 403);
    role_ = "nonsense";
    EXPECT_EQ(ask(Verb::get, "/resourcegroups").status, 401);
    EXPECT_EQ(ask(Verb::get, "/resourcegroups").status, 401);
}

TEST_F(AdmissionTest, ThereIsOneSubscription) {
    auto const other = send(
        Verb::get,
        "/subscriptions/00000000-0000-0000-0000-00000000000f/resourceGroups/g?api-version=2021-04-01"
    );
    EXPECT_EQ(other.status, 404);
    EXPECT_EQ(code(other), "SubscriptionNotFound");
    EXPECT_EQ(
        send(Verb::get, "/Subscriptions/B1EBAC00-0000-4000-8000-00000000005B?api-version=2021-04-01").status,
        200
    );
}

TEST_F(AdmissionTest, RolesSayWhatMayBeDone) {
    make_group("g");
    make_storage("g", "stored");
    role_ = "reader";
    EXPECT_EQ(get(storage_path("g", "stored"))["name"], "stored");
    EXPECT_EQ(
        post("/providers/Microsoft.Storage/checkNameAvailability", {{"name", "stored"}})["reason"],
        "AlreadyExists"
    );
    EXPECT_EQ(code_of(post(storage_path("g", "stored") + "/listKeys", {}, 403)), "AuthorizationFailed");
    EXPECT_EQ(code_of(put("/resourcegroups/g", {{"location", "eastus"}}, 403)), "AuthorizationFailed");
    EXPECT_EQ(code_of(json(Verb::remove, "/resourcegroups/g", 403)), "AuthorizationFailed");
    role_ = "nobody";
    EXPECT_EQ(code_of(get("/resourcegroups/g", 403)), "AuthorizationFailed");
    auto const none = Json::parse(send(Verb::get, "/subscriptions?api-version=2022-12-01").text);
    EXPECT_EQ(none["value"], Json::array());
    role_ = "contributor";
    EXPECT_EQ(post(storage_path("g", "stored") + "/listKeys")["keys"].size(), 2);
}

TEST_F(AdmissionTest, WhatIsNotThereIsNamed) {
    auto const vault = ask(
        Verb::put, "/resourceGroups/bluebatch/providers/Microsoft.KeyVault/vaults/v", {{"location", "eastus"}}
    );
    EXPECT_EQ(vault.status, 501);
    EXPECT_EQ(
        vault.headers.get(azure::kNotEmulated), "PUT Microsoft.KeyVault/vaults of management.azure.com"
    );
    EXPECT_EQ(
        ask(Verb::get, "/budgets").headers.get(azure::kNotEmulated),
        "GET subscriptions/budgets of management.azure.com"
    );
    EXPECT_EQ(ask(Verb::get, "/a%0d%0ab//c").status, 501);
    EXPECT_EQ(ask(Verb::remove, "").status, 501);
}

TEST_F(AdmissionTest, PagesOfOtherSitesAreRefused) {
    auto const page = send(
        Verb::get,
        groups("?api-version=2021-04-01"),
        {},
        {{"Origin", "https://example.com"}, {"Authorization", "Bearer owner"}}
    );
    EXPECT_EQ(page.status, 403);
}

TEST_F(AdmissionTest, AnswersSayWhoseTheyAre) {
    auto const response = ask(Verb::get, "/resourcegroups");
    EXPECT_EQ(response.headers.get("Cache-Control"), "no-cache");
    EXPECT_FALSE(response.headers.get("x-ms-request-id").empty());
    EXPECT_EQ(response.headers.get("x-ms-routing-request-id").substr(0, 24), "EASTUS:20240304T100000Z:");
    EXPECT_TRUE(response.headers.has("x-ms-ratelimit-remaining-subscription-reads"));
}

TEST_F(AdmissionTest, BodiesAreObjectsOfSomeDepth) {
    auto const put_text = [&](std::string const& text) {
        return send(Verb::put, groups("/g?api-version=2021-04-01"), text);
    };
    for (auto const& text :
         {std::string{"[]"},
          std::string{"{"},
          std::string{"1"},
          std::string(100, '['),
          R"({"a":"\u0000"})" + std::string{}})
        EXPECT_EQ(code(put_text(text)), "InvalidRequestContent") << text;
    EXPECT_EQ(code(put_text("")), "LocationRequired");
}

}  // namespace
}  // namespace bluebatch::emulator::resources
