#include "tests/unit/emulator/batch/service_fixture.hpp"

namespace bluebatch::emulator::batch {
namespace {

using http::Verb;

class BatchServiceTest : public ServiceFixture {};

// Batch: REST-12, REST-13
TEST_F(BatchServiceTest, AnswersWithTheHeadersOfTheService) {
    auto const answer = get("/pools", {{"client-request-id", "abc"}, {"return-client-request-id", "true"}});

    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.framing, http::Framing::chunked);
    EXPECT_EQ(answer.headers.get("Content-Type"), "application/json;odata=minimalmetadata");
    EXPECT_EQ(answer.headers.get("DataServiceVersion"), "3.0");
    EXPECT_EQ(answer.headers.get("Server"), "Microsoft-HTTPAPI/2.0");
    EXPECT_EQ(answer.headers.get("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(answer.headers.get("request-id").size(), 36U);
    EXPECT_EQ(answer.headers.get("client-request-id"), "abc");
    EXPECT_FALSE(answer.headers.has("Strict-Transport-Security"));
    EXPECT_FALSE(answer.headers.has("ETag"));
    EXPECT_EQ(answer.text, R"({"odata.metadata":"http://127.0.0.1:10003/$metadata#pools","value":[]})");
}

// Batch: REST-11
TEST_F(BatchServiceTest, EchoesTheClientsIdOnlyWhenAsked) {
    EXPECT_FALSE(get("/pools", {{"client-request-id", "abc"}}).headers.has("client-request-id"));
    EXPECT_FALSE(get("/pools", {{"client-request-id", "abc"}, {"return-client-request-id", "false"}}
    ).headers.has("client-request-id"));
}

// Batch: REST-9
TEST_F(BatchServiceTest, MissingAuthorizationIsABadRequest) {
    auto const answer = deliver(a_request(Verb::get, "/pools?api-version=2022-10-01.16.0", "", {}));

    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.code(), "MissingRequiredHeader");
    EXPECT_EQ(answer.value("HeaderName"), "Authorization");
}

TEST_F(BatchServiceTest, RefusesWhatIsNotSignedByItsKey) {
    auto const with = [&](std::string authorization) {
        return get("/pools", {{"Authorization", std::move(authorization)}});
    };

    auto const wrong = with("SharedKey devacct:AAAA");
    EXPECT_EQ(wrong.status, 403);
    EXPECT_EQ(wrong.code(), "AuthenticationFailed");
    EXPECT_NE(
        wrong.value("AuthenticationErrorDetail").find("api-version:2022-10-01.16.0"), std::string::npos
    );
    EXPECT_EQ(with("SharedKey nobody:AAAA").status, 403);
    EXPECT_EQ(with("Bearer abc").status, 403);
    EXPECT_EQ(with("SharedKey devacct").status, 400);
    EXPECT_EQ(with("SharedKey devacct").code(), "InvalidAuthenticationInfo");
}

TEST_F(BatchServiceTest, TellsGuestsWhyTheyHaveNoAccount) {
    account_table->on_guest([](std::string const& name) -> std::string {
        if (name == "broken") throw std::runtime_error("the disk is full");
        return name == "many" ? "There are enough." : "";
    });
    auto const refusal = [&](std::string const& name) {
        auto request = a_request(
            Verb::get,
            "/pools?api-version=2022-10-01.16.0",
            {},
            {{"Authorization", "SharedKey " + name + ":AAAA"}}
        );
        request.is_guest = true;
        return deliver(std::move(request)).value("AuthenticationErrorDetail");
    };
    EXPECT_EQ(refusal("many"), "The emulator has no Batch account named 'many'. There are enough.");
    EXPECT_EQ(refusal("no-name"), "The emulator has no Batch account named 'no-name'.");
    EXPECT_THROW(refusal("broken"), std::runtime_error) << "that is no fault of the guest's";
}

TEST_F(BatchServiceTest, TokensAllowWhatTheRoleOfTheirPrincipalDoes) {
    auto const with = [&](Verb verb, std::string const& token) {
        return send(verb, "/pools/p", {}, {{"Authorization", "Bearer " + token}});
    };
    EXPECT_EQ(with(Verb::get, "reader").code(), "PoolNotFound");
    EXPECT_EQ(with(Verb::remove, "contributor").code(), "PoolNotFound");
    auto const refused = with(Verb::remove, "reader");
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(refused.code(), "Forbidden");
    EXPECT_EQ(with(Verb::get, "none").code(), "Forbidden");
    auto const unknown = with(Verb::get, "who");
    EXPECT_EQ(unknown.code(), "AuthenticationFailed");
    EXPECT_EQ(unknown.value("AuthenticationErrorDetail"), "not a token");
}

TEST_F(BatchServiceTest, TheHostNamesTheAccountOfAToken) {
    auto const at = [&](std::string host) {
        auto request = a_request(
            Verb::get, "/pools/p?api-version=2022-10-01.16.0", {}, {{"Authorization", "Bearer reader"}}
        );
        request.headers.set("Host", std::move(host));
        return deliver(std::move(request)).code();
    };
    EXPECT_EQ(at("DevAcct.westeurope.batch.azure.com"), "PoolNotFound");
    EXPECT_EQ(at("devacct.batch.localhost:10003"), "PoolNotFound");
    EXPECT_EQ(at("localhost:10003"), "PoolNotFound");
    EXPECT_EQ(at("other.westeurope.batch.azure.com"), "AuthenticationFailed");
}

// Batch: REST-14
TEST_F(BatchServiceTest, FailuresHaveTheShapeOfTheService) {
    auto const answer = get("/pools/nowhere");

    EXPECT_EQ(answer.status, 404);
    EXPECT_EQ(answer.reason, "The specified pool does not exist.");
    EXPECT_EQ(answer.framing, http::Framing::content_length);
    auto const body = answer.json();
    EXPECT_EQ(
        body["odata.metadata"],
        "http://127.0.0.1:10003/$metadata#Microsoft.Azure.Batch.Protocol.Entities.Container.errors/@Element"
    );
    EXPECT_EQ(body["code"], "PoolNotFound");
    EXPECT_EQ(body["message"]["lang"], "en-US");
    EXPECT_EQ(
        body["message"]["value"],
        "The specified pool does not exist.\nRequestId:" + std::string(answer.headers.get("request-id")) +
            "\nTime:2024-03-04T10:00:00.0000000Z"
    );
    EXPECT_FALSE(body.contains("values"));
}

// Batch: REST-16
TEST_F(BatchServiceTest, FailuresOfHeadHaveNoBody) {
    auto const answer = send(Verb::head, "/pools/nowhere");
    EXPECT_EQ(answer.status, 404);
    EXPECT_EQ(answer.text, "");
}

// Batch: REST-5, REST-6
TEST_F(BatchServiceTest, AsksForAKnownVersion) {
    auto const with = [&](std::string const& query) {
        auto request = a_request(Verb::get, "/pools" + query, "", {});
        azure::sign_batch_request(
            Verb::get, request.path, request.query, request.headers, std::nullopt, {"devacct", kKey}
        );
        return deliver(std::move(request));
    };

    EXPECT_EQ(with("").code(), "MissingRequiredQueryParameter");
    EXPECT_EQ(with("").value("QueryParameterName"), "api-version");
    EXPECT_EQ(with("?api-version=2016-02-01.3.0").code(), "UnsupportedRequestVersion");
    EXPECT_EQ(with("?api-version=nonsense").code(), "UnsupportedRequestVersion");
    for (auto const* version :
         {"2017-09-01.6.0",
          "2018-03-01.6.1",
          "2020-03-01.11.0",
          "2024-07-01.20.0",
          "2025-06-01",
          "2027-01-01"})
        EXPECT_EQ(with(std::string("?api-version=") + version).status, 200) << version;
}

TEST_F(BatchServiceTest, WarnsOnceOfAVersionItDoesNotKnow) {
    ::testing::internal::CaptureStderr();
    get("/pools?api-version=2031-01-01");
    get("/pools?api-version=2031-01-01");
    auto const log = ::testing::internal::GetCapturedStderr();

    auto const first = log.find("2031-01-01");
    ASSERT_NE(first, std::string::npos) << log;
    EXPECT_EQ(log.find("2031-01-01", first + 1), std::string::npos) << log;
}

TEST_F(BatchServiceTest, TellsUnknownPathsAndVerbsApart) {
    EXPECT_EQ(get("/nothing").code(), "ResourceNotFound");
    EXPECT_EQ(send(Verb::put, "/pools").code(), "UnsupportedHttpVerb");
    EXPECT_EQ(send(Verb::put, "/pools").status, 405);
}

// Batch: REST-11, REST-28, REST-29
TEST_F(BatchServiceTest, RefusesQueryOptionsItWouldHaveToIgnore) {
    EXPECT_EQ(get("/pools?$orderby=id").code(), "UnsupportedQueryParameter");
    EXPECT_EQ(get("/applications?$filter=id%20eq%20'a'").code(), "UnsupportedQueryParameter");
    EXPECT_EQ(get("/nodecounts?$select=poolId").value("QueryParameterName"), "$select");
    EXPECT_EQ(get("/pools/p/nodes?$EXPAND=stats").value("QueryParameterName"), "$EXPAND");
    EXPECT_EQ(post("/pools?$select=id", a_pool("p")).code(), "UnsupportedQueryParameter");
    EXPECT_EQ(get("/pools?$select=id,nonsense").code(), "InvalidQueryParameterValue");
    EXPECT_EQ(get("/pools?$expand=tasks").code(), "InvalidQueryParameterValue");
    EXPECT_EQ(get("/pools?$expand=stats&timeout=30").status, 200);
    EXPECT_EQ(get("/pools?timeout=3000").status, 200);
    EXPECT_EQ(get("/pools?timeout=0").value("QueryParameterName"), "timeout");
    EXPECT_EQ(get("/pools?timeOut=soon").value("QueryParameterValue"), "soon");
    EXPECT_EQ(get("/pools?maxresults=1001").value("Reason"), "MaxResults cannot be greater than 1000");
    EXPECT_EQ(get("/nodecounts?maxresults=11").value("Reason"), "MaxResults cannot be greater than 10");
    EXPECT_EQ(get("/pools?maxresults=many").value("Reason"), "MaxResults is not a number");
    auto const answer = get("/pools?maxresults=-5");
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.value("QueryParameterName"), "maxresults");
    EXPECT_EQ(answer.value("QueryParameterValue"), "-5");
    EXPECT_EQ(answer.value("Reason"), "MaxResults cannot be less than 1");
}

TEST_F(BatchServiceTest, RefusesBodiesThatAreTooLarge) {
    auto const answer = send(Verb::post, "/jobs", std::string((1 << 20) + 1, ' '));
    EXPECT_EQ(answer.status, 413);
    EXPECT_EQ(answer.code(), "RequestBodyTooLarge");
    EXPECT_EQ(answer.value("MaxLimit"), "1048576");
}

TEST_F(BatchServiceTest, BuildsAddressesFromTheHostOfTheRequest) {
    auto request = a_request(Verb::get, "/pools?api-version=2022-10-01.16.0", "", {});
    request.headers.set("Host", "devacct.westeurope.batch.azure.com");
    request.scheme = http::Scheme::https;
    azure::sign_batch_request(
        Verb::get, request.path, request.query, request.headers, std::nullopt, {"devacct", kKey}
    );

    auto const answer = deliver(std::move(request));

    EXPECT_EQ(answer.json()["odata.metadata"], "https://devacct.westeurope.batch.azure.com/$metadata#pools");
    EXPECT_EQ(answer.headers.get("Strict-Transport-Security"), "max-age=31536000; includeSubDomains");
}

TEST_F(BatchServiceTest, ReadsAPlusInTheQueryAsABlank) {
    EXPECT_EQ(get("/pools?$filter=state+eq+'active'&api-version=2022-10-01.16.0").status, 200);
    EXPECT_EQ(get("/pools?$filter=state%2Beq%2B'active'&api-version=2022-10-01.16.0").status, 400);
}

// Values are copied and destroyed by recursion, so depth is bounded before anything is parsed.
TEST_F(BatchServiceTest, RefusesBodiesThatAreNestedTooDeeply) {
    constexpr std::size_t kLevels = 50'000;
    std::string body = R"({"id":"x","a":)";
    for (std::size_t i = 0; i < kLevels; ++i)
        body += R"({"a":)";
    body += '1' + std::string(kLevels, '}') + R"(,"b":1,"c":1,"d":1})";

    auto const answer = send(Verb::post, "/jobs", body);

    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.code(), "InvalidRequestBody");
}

TEST_F(BatchServiceTest, RefusesObjectsWithTooManyMembers) {
    std::string body = R"({"id":"x")";
    for (int i = 0; i < 50'000; ++i)
        body += ",\"k" + std::to_string(i) + "\":1";

    auto const answer = send(Verb::post, "/jobs", body + "}");

    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.value("Reason"), "An object of the body has too many members");
}

TEST_F(BatchServiceTest, RefusesNulCharactersButNotTextThatLooksLikeOne) {
    EXPECT_EQ(
        send(Verb::post, "/jobs", R"({"id":"a\u0000b"})").value("Reason"), "The body holds a NUL character"
    );
    EXPECT_NE(
        send(Verb::post, "/jobs", R"({"id":"a\\u0000b"})").value("Reason"), "The body holds a NUL character"
    );
}

// The development key is public, so where a request comes from is asked before who signed it.
TEST_F(BatchServiceTest, RefusesPagesOfOtherSites) {
    EXPECT_EQ(get("/pools", {{"Origin", "http://evil.example:10003"}}).status, 403);
    EXPECT_EQ(get("/pools", {{"Origin", "null"}}).status, 403);
    EXPECT_EQ(get("/pools", {{"Sec-Fetch-Site", "cross-site"}}).status, 403);
    EXPECT_EQ(get("/pools", {{"Origin", "http://localhost:3000"}}).status, 200);
}

}  // namespace
}  // namespace bluebatch::emulator::batch
