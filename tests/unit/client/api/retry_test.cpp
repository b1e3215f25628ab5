#include "client/api/retry.hpp"

#include <gtest/gtest.h>

namespace bluebatch::client {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Always the largest number, so that a jittered delay is as long as it can be.
class Highest final : public base::Random {
public:
    void fill(std::span<std::uint8_t> bytes) override {
        for (auto& byte : bytes)
            byte = 0xff;
    }
};

TEST(Classify, TriesAgainWhatPasses) {
    EXPECT_EQ(classify(429), Hiccup::throttled);
    EXPECT_EQ(classify(503), Hiccup::throttled);
    for (int const status : {408, 500, 502, 504})
        EXPECT_EQ(classify(status), Hiccup::server_error) << status;
    for (int const status : {400, 403, 404, 409, 412, 501})
        EXPECT_FALSE(classify(status)) << status;
    EXPECT_EQ(classify(http::TransportFault::interrupted), Hiccup::connection);
    EXPECT_FALSE(classify(http::TransportFault::tls));
    EXPECT_FALSE(classify(http::TransportFault::cancelled));
}

TEST(RetryAfter, IsSecondsOrADate) {
    base::TimePoint const now = *base::parse_rfc1123("Mon, 04 Mar 2024 10:00:00 GMT");
    EXPECT_EQ(read_retry_after({{"Retry-After", "3"}}, now), milliseconds(3000));
    EXPECT_EQ(read_retry_after({{"Retry-After", "Mon, 04 Mar 2024 10:00:05 GMT"}}, now), milliseconds(5000));
    EXPECT_EQ(read_retry_after({{"Retry-After", "Mon, 04 Mar 2024 09:00:00 GMT"}}, now), milliseconds(0));
    EXPECT_EQ(read_retry_after({{"x-ms-retry-after-ms", "20"}, {"Retry-After", "3"}}, now), milliseconds(20));
    EXPECT_EQ(read_retry_after({{"Retry-After", "3"}, {"retry-after-ms", "7"}}, now), milliseconds(7));
    EXPECT_FALSE(read_retry_after({{"Retry-After", "soon"}}, now));
    EXPECT_FALSE(read_retry_after({}, now));
}

TEST(RetrySchedule, DelaysAreDrawnBelowADoublingBound) {
    base::SeededRandom random(1);
    RetrySchedule schedule({.attempts = 6, .base = milliseconds(100), .cap = milliseconds(1000)}, random);
    for (auto const bound : {100, 200, 400, 800, 1000}) {
        auto const delay = schedule.next(Hiccup::connection, {}, {});
        ASSERT_TRUE(delay);
        EXPECT_GE(*delay, milliseconds(0));
        EXPECT_LE(*delay, milliseconds(bound));
    }
    EXPECT_FALSE(schedule.next(Hiccup::connection, {}, {}));
}

TEST(RetrySchedule, UsesTheWholeRangeOfItsBound) {
    base::SeededRandom random(2);
    milliseconds shortest{1000};
    milliseconds longest{0};
    for (int i = 0; i < 200; ++i) {
        RetrySchedule schedule({.base = milliseconds(100)}, random);
        auto const delay = schedule.next(Hiccup::server_error, {}, {});
        shortest = std::min(shortest, *delay);
        longest = std::max(longest, *delay);
    }
    EXPECT_LT(shortest, milliseconds(10));
    EXPECT_GT(longest, milliseconds(90));
}

TEST(RetrySchedule, ThrottlingNeverCountsAsFailure) {
    base::SeededRandom random(3);
    RetrySchedule schedule({.attempts = 2, .base = milliseconds(1), .cap = milliseconds(1)}, random);
    for (int i = 0; i < 100; ++i)
        EXPECT_TRUE(schedule.next(Hiccup::throttled, {}, {}));
    EXPECT_TRUE(schedule.next(Hiccup::connection, {}, {}));
    EXPECT_FALSE(schedule.next(Hiccup::connection, {}, {}));
}

TEST(RetrySchedule, WaitsAtLeastAsLongAsTold) {
    Highest random;
    RetrySchedule schedule({.base = milliseconds(100)}, random);
    auto const delay = schedule.next(Hiccup::throttled, seconds(4), {});
    ASSERT_TRUE(delay);
    EXPECT_GE(*delay, seconds(4));
    EXPECT_LE(*delay, milliseconds(4100));
}

TEST(RetrySchedule, PatienceEnds) {
    base::SeededRandom random(4);
    RetrySchedule schedule({.patience = seconds(10)}, random);
    EXPECT_TRUE(schedule.next(Hiccup::throttled, seconds(6), {}));
    EXPECT_FALSE(schedule.next(Hiccup::throttled, seconds(6), seconds(6)));
    EXPECT_FALSE(schedule.next(Hiccup::connection, {}, seconds(11)));
}

TEST(RetrySchedule, ANameThatDoesNotResolveIsTriedOnceMore) {
    base::SeededRandom random(5);
    RetrySchedule schedule({}, random);
    EXPECT_TRUE(schedule.next(Hiccup::unresolved, {}, {}));
    EXPECT_FALSE(schedule.next(Hiccup::unresolved, {}, {}));
}

}  // namespace
}  // namespace bluebatch::client
