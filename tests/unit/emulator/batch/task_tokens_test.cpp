#include "tests/unit/emulator/batch/service_fixture.hpp"

namespace bluebatch::emulator::batch {
namespace {

using http::Verb;

// JM-6, TASK-56
class UseTaskTokens : public ServiceFixture {
protected:
    UseTaskTokens() {
        add_job("Own");
        add_job("other");
        token = tokens->issue("Own");
    }
    Answer ask(Verb verb, std::string target, Json const& body = {}) {
        return send(
            verb,
            std::move(target),
            body.is_null() ? std::string() : body.dump(),
            {{"Authorization", "Bearer " + token}}
        );
    }

    std::string token;
};

TEST_F(UseTaskTokens, EveryOperationOnTheOwnJobIsAllowed) {
    EXPECT_EQ(ask(Verb::get, "/jobs/Own").status, 200);
    EXPECT_EQ(ask(Verb::get, "/jobs/oWN/taskcounts").status, 200);
    EXPECT_EQ(ask(Verb::patch, "/jobs/Own", {{"priority", 5}}).status, 200);
    EXPECT_EQ(ask(Verb::post, "/jobs/Own/tasks", a_task("t")).status, 201);
    EXPECT_EQ(ask(Verb::get, "/jobs/Own/tasks/t").status, 200);
    EXPECT_EQ(ask(Verb::post, "/jobs/Own/addtaskcollection", {{"value", {a_task("u")}}}).status, 200);
    EXPECT_EQ(ask(Verb::get, "/jobs/%4Fwn/tasks").json()["value"].size(), 2U);
    EXPECT_EQ(ask(Verb::get, "/jobs/Own/tasks/nothing").code(), "TaskNotFound");
    EXPECT_EQ(ask(Verb::post, "/jobs/Own/terminate").status, 202);
}

TEST_F(UseTaskTokens, NothingElseIs) {
    ASSERT_EQ(post("/pools", a_pool("pool")).status, 201);
    for (auto const* target :
         {"/jobs",
          "/jobs/",
          "/jobs/other",
          "/jobs/Own2",
          "/jobs/other/tasks",
          "/jobs/Own%2F..%2Fother",
          "/pools",
          "/pools/pool/nodes",
          "/applications",
          "/nodecounts",
          "/jobschedules"}) {
        auto const answer = ask(Verb::get, target);
        EXPECT_EQ(answer.status, 403) << target;
        EXPECT_EQ(answer.code(), "Forbidden") << target;
        EXPECT_NE(answer.value("Reason").find("own job"), std::string::npos) << target;
    }
    EXPECT_EQ(ask(Verb::post, "/jobs", a_job("new")).status, 403);
    EXPECT_EQ(ask(Verb::remove, "/jobs/other").status, 403);
    EXPECT_EQ(ask(Verb::get, "/jobs/Own/../other").status, 404);
}

TEST_F(UseTaskTokens, ATokenEndsWithItsCommand) {
    EXPECT_EQ(ask(Verb::get, "/jobs/Own").status, 200);
    tokens->revoke(token);
    auto const answer = ask(Verb::get, "/jobs/Own");
    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(answer.code(), "AuthenticationFailed");
    EXPECT_EQ(answer.text.find(token), std::string::npos);
}

TEST_F(UseTaskTokens, ATokenThatEndsBetweenHeadAndBodyIsRefused) {
    auto request = a_request(
        Verb::get, "/jobs/Own?api-version=2022-10-01.16.0", "", {{"Authorization", "bearer " + token}}
    );
    ASSERT_TRUE(std::holds_alternative<http::BodyPlan>(service.admit(request)));
    tokens->revoke(token);
    EXPECT_EQ(to_answer(service.answer(std::move(request))).code(), "AuthenticationFailed");
}

TEST_F(UseTaskTokens, SettingsAreKeptAndShownWithoutTheToken) {
    auto task = a_task("t");
    task["authenticationTokenSettings"] = {{"access", {"JOB"}}};
    ASSERT_EQ(post("/jobs/Own/tasks", task).status, 201);
    auto const shown = get("/jobs/Own/tasks/t").json();
    EXPECT_EQ(shown["authenticationTokenSettings"], Json({{"access", {"job"}}}));
    task["authenticationTokenSettings"] = {{"access", {"account"}}};
    EXPECT_EQ(post("/jobs/Own/tasks", task).code(), "InvalidPropertyValue");
}

}  // namespace
}  // namespace bluebatch::emulator::batch
