#include "tests/unit/emulator/batch/service_fixture.hpp"

namespace bluebatch::emulator::batch {
namespace {

using http::Verb;

// What every operation with a body has in common.
class Bodies : public ServiceFixture {
protected:
    struct Operation {
        Verb verb;
        std::string target;
    };
    // One for each table of members.
    static std::vector<Operation> operations() {
        return {
            {Verb::post, "/pools"},
            {Verb::patch, "/pools/pool"},
            {Verb::post, "/pools/pool/updateproperties"},
            {Verb::post, "/pools/pool/resize"},
            {Verb::post, "/pools/pool/nodes/node/users"},
            {Verb::put, "/pools/pool/nodes/node/users/ann"},
            {Verb::post, "/pools/pool/nodes/node/uploadbatchservicelogs"},
            {Verb::post, "/certificates"},
            {Verb::post, "/jobs"},
            {Verb::patch, "/jobs/job"},
            {Verb::put, "/jobs/job"},
            {Verb::post, "/jobs/job/terminate"},
            {Verb::post, "/jobs/job/tasks"},
            {Verb::post, "/jobs/job/addtaskcollection"},
            {Verb::put, "/jobs/job/tasks/task"},
        };
    }

    Answer ask(Operation const& operation, std::string body, http::Headers headers = {}) {
        return send(operation.verb, operation.target, std::move(body), std::move(headers));
    }
};

TEST_F(Bodies, HaveNoMembersThatTheServiceDoesNotKnow) {
    for (auto const& operation : operations()) {
        auto const answer = ask(operation, R"({"nonsense":1})");
        EXPECT_EQ(answer.status, 400) << operation.target;
        EXPECT_EQ(answer.code(), "InvalidRequestBody") << operation.target;
        EXPECT_NE(answer.value("Reason").find("'nonsense'"), std::string::npos) << operation.target;
    }
}

TEST_F(Bodies, AreObjects) {
    for (auto const& operation : operations()) {
        for (auto const* body : {"[]", "1", "{", "null", R"("text")", "{}{}"})
            EXPECT_EQ(ask(operation, body).code(), "InvalidRequestBody") << operation.target << " " << body;
    }
}

TEST_F(Bodies, HaveMembersOfTheRightType) {
    struct Case {
        Operation operation;
        std::string body;
        std::string member;
    };
    for (auto const& [operation, body, member] :
         {Case{{Verb::post, "/pools"}, R"({"id":7})", "id"},
          Case{{Verb::post, "/pools"}, R"({"targetDedicatedNodes":"2"})", "targetDedicatedNodes"},
          Case{{Verb::post, "/pools"}, R"({"startTask":[]})", "startTask"},
          Case{{Verb::post, "/pools"}, R"({"startTask":{"commandLine":1}})", "startTask.commandLine"},
          Case{{Verb::post, "/pools"}, R"({"metadata":{}})", "metadata"},
          Case{{Verb::post, "/pools"}, R"({"metadata":[1]})", "metadata[0]"},
          Case{{Verb::post, "/jobs"}, R"({"priority":1.5})", "priority"},
          Case{{Verb::post, "/jobs"}, R"({"priority":9999999999})", "priority"},
          Case{{Verb::post, "/jobs/job/tasks"}, R"({"outputFiles":"x"})", "outputFiles"},
          Case{{Verb::post, "/pools/pool/nodes/node/users"}, R"({"isAdmin":"yes"})", "isAdmin"}}) {
        auto const answer = ask(operation, body);
        EXPECT_EQ(answer.code(), "InvalidRequestBody") << body;
        EXPECT_NE(answer.value("Reason").find("'" + member + "'"), std::string::npos) << answer.text;
    }
}

TEST_F(Bodies, NameTheMemberThatIsMissing) {
    struct Case {
        Operation operation;
        std::string body;
        std::string member;
    };
    for (auto const& [operation, body, member] :
         {Case{{Verb::post, "/pools"}, R"({"vmSize":"x"})", "id"},
          Case{{Verb::post, "/pools"}, R"({"id":"p","vmSize":null})", "vmSize"},
          Case{{Verb::post, "/pools"}, R"({"id":"p","vmSize":"x","startTask":{}})", "startTask.commandLine"},
          Case{{Verb::post, "/pools/pool/updateproperties"}, "{}", "certificateReferences"},
          Case{{Verb::post, "/jobs"}, R"({"id":"j"})", "poolInfo"},
          Case{{Verb::put, "/jobs/job"}, "{}", "poolInfo"},
          Case{{Verb::post, "/jobs/job/tasks"}, R"({"id":"t"})", "commandLine"},
          Case{{Verb::post, "/jobs/job/addtaskcollection"}, "{}", "value"},
          Case{{Verb::post, "/certificates"}, "{}", "thumbprint"}}) {
        auto const answer = ask(operation, body);
        EXPECT_EQ(answer.status, 400) << body;
        EXPECT_EQ(answer.code(), "MissingRequiredProperty") << body;
        EXPECT_EQ(answer.value("PropertyName"), member) << body;
    }
}

TEST_F(Bodies, AreJsonOfEveryForm) {
    for (auto const* type :
         {"application/json",
          "application/json; odata=minimalmetadata",
          "application/json; odata=minimalmetadata; charset=utf-8",
          "APPLICATION/JSON;charset=utf-8"}) {
        auto request = a_request(Verb::post, "/jobs?api-version=2022-10-01.16.0", R"({"id":"a b"})", {});
        request.headers.set("Content-Type", type);
        EXPECT_EQ(signed_answer(std::move(request)).code(), "MissingRequiredProperty") << type;
    }
    auto request = a_request(Verb::post, "/jobs?api-version=2022-10-01.16.0", "id=a", {});
    request.headers.set("Content-Type", "application/x-www-form-urlencoded");
    auto const answer = signed_answer(std::move(request));
    EXPECT_EQ(answer.code(), "InvalidHeaderValue");
    EXPECT_EQ(answer.value("HeaderName"), "Content-Type");
}

}  // namespace
}  // namespace bluebatch::emulator::batch
