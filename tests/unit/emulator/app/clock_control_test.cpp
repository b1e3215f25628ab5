#include "emulator/app/clock_control.hpp"

#include "tests/support/manual_clock.hpp"

#include <gtest/gtest.h>

namespace bluebatch::emulator::app {
namespace {

struct ClockControlTest : testing::Test {
    tests::ManualClock machine;
    base::AdjustableClock clock{machine};
    ClockControl control{clock};
    base::TimePoint const start = machine.now();  // 2024-03-04T10:00:00Z

    ControlAnswer ask(http::Verb verb, std::string body = {}) {
        http::Request request;
        request.verb = verb;
        request.path = "/_bluebatch/clock";
        request.body.bytes = std::move(body);
        return control.answer(request);
    }
};

TEST_F(ClockControlTest, TellsTheTime) {
    auto const answer = ask(http::Verb::get);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.json, R"({"frozen":false,"now":"2024-03-04T10:00:00Z"})");
}

TEST_F(ClockControlTest, SetsMovesAndStopsIt) {
    auto const answer =
        ask(http::Verb::put, R"({"frozen": true, "now": "2026-01-01T00:00:00Z", "advance": "PT24H"})");
    EXPECT_EQ(answer.status, 200) << answer.json;
    EXPECT_EQ(answer.json, R"({"frozen":true,"now":"2026-01-02T00:00:00Z"})");
    EXPECT_EQ(base::to_iso8601(clock.now()), "2026-01-02T00:00:00Z");
}

TEST_F(ClockControlTest, GoesBackToTheMachine) {
    ask(http::Verb::put, R"({"advance": "P7D"})");
    EXPECT_EQ(clock.now(), start + std::chrono::days{7});
    ask(http::Verb::put, R"({"reset": true})");
    EXPECT_EQ(clock.now(), start);
}

TEST_F(ClockControlTest, LeavesTheClockAloneWhereABodyIsWrong) {
    for (auto const* body :
         {"",
          "{}",
          "[]",
          R"({"advance": 5})",
          R"({"advance": "an hour"})",
          R"({"now": "2026-13-01T00:00:00Z"})",
          R"({"now": "1900-01-01T00:00:00Z"})",
          R"({"now": "2999-01-01T00:00:00Z", "advance": "P3650D"})",
          R"({"frozen": "yes"})",
          R"({"reset": false})",
          R"({"advance": "PT1H", "speed": 2})"}) {
        auto const answer = ask(http::Verb::put, body);
        EXPECT_EQ(answer.status, 400) << body;
        EXPECT_NE(answer.json.find("error"), std::string::npos);
    }
    EXPECT_EQ(clock.now(), start);
    EXPECT_EQ(ask(http::Verb::post, R"({"reset": true})").status, 405);
}

}  // namespace
}  // namespace bluebatch::emulator::app
