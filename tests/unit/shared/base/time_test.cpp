#include "shared/base/time.hpp"

#include "tests/support/manual_clock.hpp"

#include <gtest/gtest.h>

namespace bluebatch::base {
namespace {

using namespace std::chrono_literals;

TimePoint at(std::string_view text) {
    return parse_iso8601(text).value();
}

TEST(Iso8601, TrimsZerosOfTheFraction) {
    EXPECT_EQ(to_iso8601(at("2020-03-21T01:56:52.8209327Z")), "2020-03-21T01:56:52.8209327Z");
    EXPECT_EQ(to_iso8601(at("2020-03-21T01:56:52.3240000Z")), "2020-03-21T01:56:52.324Z");
    EXPECT_EQ(to_iso8601(at("2020-03-21T01:56:52Z")), "2020-03-21T01:56:52Z");
}

TEST(Iso8601, KeepsAllDigitsWhereAsked) {
    EXPECT_EQ(to_iso8601(at("2020-03-21T01:56:52Z"), 7), "2020-03-21T01:56:52.0000000Z");
    EXPECT_EQ(to_iso8601(at("2016-10-13T19:18:47.8054Z"), 3), "2016-10-13T19:18:47.805Z");
    EXPECT_EQ(to_iso8601(at("2016-10-13T19:18:47.8Z"), 0), "2016-10-13T19:18:47Z");
}

TEST(Iso8601, ReadsOffsetsAndDatesAlone) {
    EXPECT_EQ(at("2020-03-21T02:56:52+01:00"), at("2020-03-21T01:56:52Z"));
    EXPECT_EQ(at("2020-03-20T20:26:52-05:30"), at("2020-03-21T01:56:52Z"));
    EXPECT_EQ(at("2020-03-21"), at("2020-03-21T00:00:00Z"));
    EXPECT_EQ(at("2020-03-21T01:56Z"), at("2020-03-21T01:56:00Z"));
}

TEST(Iso8601, ReadsTimesBeforeTheEpoch) {
    EXPECT_EQ(to_iso8601(at("1601-01-01T00:00:00.0000001Z")), "1601-01-01T00:00:00.0000001Z");
}

TEST(Iso8601, RefusesWhatIsNoTime) {
    for (auto const* text : {
             "",
             "2020-13-01T00:00:00Z",
             "2020-02-30T00:00:00Z",
             "2020-03-21T24:00:00Z",
             "2020-03-21T01:56:52.82093271Z",
             "2020-03-21T01:56:52.Z",
             "2020-03-21T01:56:52ZZ",
             "2020-3-21",
             "9999-12-31T23:59:59-14:00",
             "0001-01-01T00:00:00+14:00",
             "tomorrow",
         }) {
        EXPECT_FALSE(parse_iso8601(text)) << text;
    }
}

TEST(Rfc1123, IsReadAndWritten) {
    EXPECT_EQ(to_rfc1123(at("2022-09-06T23:44:11Z")), "Tue, 06 Sep 2022 23:44:11 GMT");
    EXPECT_EQ(parse_rfc1123("Tue, 06 Sep 2022 23:44:11 GMT"), at("2022-09-06T23:44:11Z"));
    EXPECT_FALSE(parse_rfc1123("Tue, 06 Xxx 2022 23:44:11 GMT"));
    EXPECT_FALSE(parse_rfc1123("Tue, 06 Sep 2022 23:44:11 CET"));
}

// The pair was seen on the wire: the tag is lastModified in .NET ticks.
TEST(EntityTag, IsTheTimeInDotnetTicks) {
    EXPECT_EQ(to_etag(at("2020-03-21T01:56:52.8209327Z")), "0x8D7CD3B207F8DAF");
}

TEST(Duration, WritesTheServicesForm) {
    EXPECT_EQ(to_iso8601_duration(15min), "PT15M");
    EXPECT_EQ(to_iso8601_duration(std::chrono::days{7}), "P7D");
    EXPECT_EQ(to_iso8601_duration(kUnlimited), "P10675199DT2H48M5.4775807S");
    EXPECT_EQ(to_iso8601_duration(0s), "PT0S");
    EXPECT_EQ(to_iso8601_duration(26h + 1500ms), "P1DT2H1.5S");
}

TEST(Duration, ReadsWhatClientsSend) {
    EXPECT_EQ(parse_iso8601_duration("PT06M00S"), Ticks(6min));
    EXPECT_EQ(parse_iso8601_duration("P7D"), Ticks(std::chrono::days{7}));
    EXPECT_EQ(parse_iso8601_duration("P10675199DT2H48M5.4775807S"), kUnlimited);
    EXPECT_EQ(parse_iso8601_duration("P99999999D"), kUnlimited);
    EXPECT_EQ(parse_iso8601_duration("-PT1S"), Ticks(-1s));
    EXPECT_EQ(to_iso8601_duration(*parse_iso8601_duration("P3Y6M4DT12H30M5S")), "P1279DT12H30M5S");
}

TEST(Duration, RefusesWhatIsNone) {
    for (auto const* text : {"", "P", "PT", "15M", "PT15", "PT5M3H", "PT1.5M", "P1DT", "PTxS", "PT1S "}) {
        EXPECT_FALSE(parse_iso8601_duration(text)) << text;
    }
}

TEST(ManualClock, StartsOnAMonday) {
    EXPECT_EQ(to_rfc1123(tests::ManualClock{}.now()), "Mon, 04 Mar 2024 10:00:00 GMT");
}

}  // namespace
}  // namespace bluebatch::base
