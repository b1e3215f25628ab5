#include "client/api/pipeline.hpp"

#include "tests/unit/client/scripted_client.hpp"

#include <thread>

namespace bluebatch::client {
namespace {

using http::TransportFault;
using tests::answer;
using tests::batch_error;
using tests::lost;

class CallTest : public tests::PipelineTest {
protected:
    ApiResult<Reply> send(CallOptions const& options = {}) {
        Call call;
        call.request.url = "http://127.0.0.1/x";
        return pipeline_.send(call, options);
    }
    std::unique_ptr<Throttle::Place> enter() {
        std::chrono::milliseconds patience = std::chrono::hours(1);
        return pipeline_.throttle().enter({}, patience);
    }
};

TEST_F(CallTest, RetriesUntilTheServiceAnswers) {
    client_.will(lost(TransportFault::refused));
    client_.will(answer(500));
    client_.will(answer(429, {}, {{"Retry-After", "2"}}));
    client_.will(answer(200, "body"));

    auto const reply = send();

    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->response.body, "body");
    EXPECT_TRUE(client_.is_spent());
    ASSERT_EQ(waiter_.waits().size(), 3U);
    EXPECT_GE(waiter_.waits()[2], std::chrono::seconds(2));
}

TEST_F(CallTest, GivesUpAfterItsAttempts) {
    for (int i = 0; i < 6; ++i)
        client_.will(lost(TransportFault::refused));

    auto const reply = send();

    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().fault, Fault::transport);
    EXPECT_EQ(reply.error().transport, TransportFault::refused);
    EXPECT_FALSE(reply.error().maybe_done);
}

TEST_F(CallTest, DoesNotRepeatWhatTheServiceRefused) {
    client_.will(batch_error(400, "InvalidPropertyValue"));

    auto const reply = send();

    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, "InvalidPropertyValue");
    EXPECT_EQ(reply.error().message, "Text.");
    EXPECT_EQ(client_.requests.size(), 1U);
}

TEST_F(CallTest, RemembersThatALostAttemptMayHaveBeenCarriedOut) {
    client_.will(lost(TransportFault::interrupted));
    client_.will(batch_error(409, "PoolExists"));

    auto const reply = send();

    ASSERT_FALSE(reply);
    EXPECT_TRUE(reply.error().maybe_done);
}

TEST_F(CallTest, AConnectionThatWasNeverMadeCarriedOutNothing) {
    client_.will(lost(TransportFault::refused));
    client_.will(batch_error(409, "PoolExists"));

    auto const reply = send();

    ASSERT_FALSE(reply);
    EXPECT_FALSE(reply.error().maybe_done);
}

TEST_F(CallTest, AServiceThatIsBusyIsAskedUntilPatienceEnds) {
    for (int i = 0; i < 30; ++i)
        client_.will(tests::blob_error(503, "ServerBusy"));
    client_.will(answer(201));
    EXPECT_TRUE(send());

    for (int i = 0; i < 4; ++i)
        client_.will(answer(429, {}, {{"Retry-After", "20"}}));
    auto const reply = send({.stop = {}, .retry = {.patience = std::chrono::seconds(70)}});
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().status, 429);
    EXPECT_TRUE(client_.is_spent());
}

TEST_F(CallTest, AProxyWhoseServiceIsAwayIsNotBusy) {
    for (int i = 0; i < 6; ++i)
        client_.will(answer(503, "<html>Service Unavailable</html>"));
    auto const reply = send();
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().status, 503);
}

TEST_F(CallTest, AsksForLessWhenTheServiceIsBusyAndForMoreAgain) {
    auto& throttle = pipeline_.throttle();
    int told = 0;
    throttle.on_slow_down([&told] { ++told; });
    auto const begun = clock_.now();
    {
        auto const one = enter(), two = enter(), three = enter(), four = enter();
        throttle.slow_down(*one);
        throttle.slow_down(*two);
        EXPECT_EQ(throttle.limit(), 2U) << "refused together, which counts once";
    }
    throttle.pause(std::chrono::seconds(3));
    EXPECT_EQ(clock_.now(), begun);
    auto const next = enter();
    EXPECT_EQ(clock_.now() - begun, std::chrono::seconds(3))
        << "nobody begins while the service asks for a pause";
    throttle.slow_down(*next);
    EXPECT_EQ(throttle.limit(), 1U);
    for (int i = 0; i < 20; ++i)
        throttle.went_well();
    EXPECT_GT(throttle.limit(), 5U);
    EXPECT_EQ(told, 1);
}

TEST_F(CallTest, APauseThatIsNotWaitedForHoldsUpNobodyElse) {
    client_.will(answer(429, {}, {{"Retry-After", "86400"}}));
    EXPECT_FALSE(send());
    client_.will(answer(200));
    EXPECT_TRUE(send());
    EXPECT_TRUE(waiter_.waits().empty());
}

TEST_F(CallTest, APauseOfSomebodyElseIsWaitedForOnlyAsLongAsACallMayTake) {
    pipeline_.throttle().pause(std::chrono::seconds(30));
    auto const reply = send({.stop = {}, .retry = {.patience = std::chrono::seconds(20)}});
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().status, 429);
    EXPECT_FALSE(reply.error().maybe_done);
    EXPECT_TRUE(client_.requests.empty());

    pipeline_.throttle().pause(std::chrono::hours(24));
    auto const began = clock_.now();
    client_.will(answer(200));
    EXPECT_TRUE(send({.stop = {}, .retry = {.patience = std::chrono::minutes(1)}}));
    EXPECT_LE(clock_.now() - began, std::chrono::minutes(1));
}

TEST_F(CallTest, APauseEndsWhenTheClockIsSetBack) {
    pipeline_.throttle().pause(std::chrono::seconds(30));
    clock_.advance(-std::chrono::hours(1));
    client_.will(answer(200));
    EXPECT_TRUE(send());
    EXPECT_TRUE(waiter_.waits().empty());
}

TEST_F(CallTest, WhatIsLongOnItsWayIsSentAgain) {
    class SlowClient final : public http::Client {
    public:
        explicit SlowClient(tests::ManualClock& clock) : clock_(clock) {}
        tests::Answer send(http::OutgoingRequest const&, http::BodySink const&, std::stop_token) override {
            clock_.advance(std::chrono::hours(1));
            return ++times_ == 1 ? lost(TransportFault::interrupted) : answer(200);
        }

    private:
        tests::ManualClock& clock_;
        int times_ = 0;
    };
    auto const send = [this](http::BodySink sink) {
        SlowClient slow(clock_);
        Pipeline const pipeline(slow, authorizer_, clock_, random_, waiter_);
        Call call;
        call.request.url = "http://127.0.0.1/x";
        call.sink = std::move(sink);
        return pipeline.send(call, {}).has_value();
    };
    EXPECT_TRUE(send([](auto) { return true; }));
    EXPECT_FALSE(send({})) << "nobody waits for hours to be told of a pool";
}

// Who can't sign, as where tokens are to be had somewhere else.
class RefusedAuthorizer final : public Authorizer {
public:
    ApiResult<void> authorize(http::OutgoingRequest&, base::TimePoint, std::stop_token) override {
        ++asked;
        ApiError error;
        error.fault = Fault::service;
        error.status = 503;
        error.code = "temporarily_unavailable";
        return error;
    }
    int asked = 0;
};

TEST_F(CallTest, WhoeverGivesTokensIsNotTheService) {
    RefusedAuthorizer authorizer;
    Pipeline const pipeline(client_, authorizer, clock_, random_, waiter_);
    Call call;
    call.request.url = "http://127.0.0.1/x";

    auto const reply = pipeline.send(call, {});

    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, "temporarily_unavailable");
    EXPECT_FALSE(reply.error().maybe_done);
    EXPECT_EQ(authorizer.asked, 1);
    EXPECT_EQ(pipeline.throttle().limit(), 64U);
    EXPECT_TRUE(client_.requests.empty());
}

TEST_F(CallTest, AStopEndsTheWaitForAPlace) {
    std::stop_source stop;
    auto const one = enter();
    pipeline_.throttle().slow_down(*one);
    std::jthread const stopper([&stop] { stop.request_stop(); });
    auto const reply = send({.stop = stop.get_token(), .retry = {}});
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().fault, Fault::cancelled);
}

TEST_F(CallTest, DoesNothingOnceStopped) {
    std::stop_source source;
    source.request_stop();

    auto const reply = send({.stop = source.get_token(), .retry = {}});

    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().fault, Fault::cancelled);
    EXPECT_TRUE(client_.requests.empty());
}

TEST_F(CallTest, NoticesAClockThatIsWrong) {
    client_.will(
        answer(403, R"({"code":"AuthenticationFailed"})", {{"Date", "Mon, 04 Mar 2024 09:00:00 GMT"}})
    );

    auto const reply = send();

    ASSERT_FALSE(reply);
    ASSERT_EQ(reply.error().details.size(), 1U);
    EXPECT_EQ(reply.error().details[0], (std::pair<std::string, std::string>{"ClockSkewSeconds", "3600"}));
}

TEST_F(CallTest, DatesAndSignsEveryAttemptAnew) {
    auto const signer = make_batch_shared_key("account", "a2V5");
    Pipeline const pipeline(client_, *signer, clock_, random_, waiter_);
    client_.will(answer(503, {}, {{"Retry-After", "60"}}));
    client_.will(answer(200));
    Call call;
    call.request.url = "http://127.0.0.1/pools?api-version=1";

    ASSERT_TRUE(pipeline.send(call, {}));

    auto const& first = client_.requests[0].headers;
    auto const& second = client_.requests[1].headers;
    EXPECT_EQ(first.get("ocp-date"), "Mon, 04 Mar 2024 10:00:00 GMT");
    EXPECT_NE(first.get("ocp-date"), second.get("ocp-date"));
    EXPECT_TRUE(first.get("Authorization").starts_with("SharedKey account:"));
    EXPECT_NE(first.get("Authorization"), second.get("Authorization"));
}

TEST(ReadServiceError, UnderstandsAllForms) {
    auto const xml = read_service_error(*tests::blob_error(404, "BlobNotFound"));
    EXPECT_EQ(xml.code, "BlobNotFound");
    EXPECT_EQ(xml.message, "Text.");
    auto const head =
        read_service_error({.status = 404, .headers = {{"x-ms-error-code", "ContainerNotFound"}}, .body = {}}
        );
    EXPECT_EQ(head.code, "ContainerNotFound");
    auto const page =
        read_service_error({.status = 502, .headers = {}, .body = "<html><body>Bad</body></html>"});
    EXPECT_EQ(page.code, "");
    EXPECT_EQ(describe(page), "HTTP status 502");
    auto const token = read_service_error(
        {.status = 401,
         .headers = {},
         .body = R"({"error":"invalid_client","error_description":"Bad secret.\r\nTrace: 1"})"}
    );
    EXPECT_EQ(describe(token), "invalid_client (401): Bad secret.");
}

TEST(ReadServiceError, KeepsDetailsButNotWhatWasSigned) {
    auto const error = read_service_error(
        {.status = 400,
         .headers = {},
         .body =
             R"({"code":"InvalidPropertyValue","message":{"value":"Wrong."},"values":[{"key":"PropertyName","value":"vmSize"},{"key":"AuthenticationErrorDetail","value":"string to sign"}]})"}
    );
    EXPECT_EQ(describe(error), "InvalidPropertyValue (400): Wrong. PropertyName: vmSize.");
}

}  // namespace
}  // namespace bluebatch::client
