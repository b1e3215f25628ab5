#include "shared/base/adjustable_clock.hpp"

#include "tests/support/manual_clock.hpp"

#include <gtest/gtest.h>

namespace bluebatch::base {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

struct AdjustableClockTest : testing::Test {
    tests::ManualClock machine;
    AdjustableClock clock{machine};
    TimePoint const start = machine.now();
};

TEST_F(AdjustableClockTest, GoesWithTheMachineAtFirst) {
    machine.advance(minutes{5});
    EXPECT_EQ(clock.now(), start + minutes{5});
    EXPECT_FALSE(clock.is_frozen());
}

TEST_F(AdjustableClockTest, GoesOnFromWhereItWasSet) {
    clock.apply({.now = start + hours{24}});
    machine.advance(minutes{1});
    EXPECT_EQ(clock.now(), start + hours{24} + minutes{1});
    EXPECT_EQ(clock.machine_now(), start + minutes{1});
}

TEST_F(AdjustableClockTest, StandsWhileItIsFrozenAndMovesOnlyByStepsThen) {
    clock.apply({.frozen = true});
    machine.advance(minutes{1});
    EXPECT_EQ(clock.now(), start);
    clock.apply({.advance = hours{1}});
    EXPECT_EQ(clock.now(), start + hours{1});
    EXPECT_TRUE(clock.is_frozen());
}

TEST_F(AdjustableClockTest, GoesOnFromWhereItStood) {
    clock.apply({.frozen = true});
    machine.advance(minutes{10});
    clock.apply({.frozen = false});
    EXPECT_EQ(clock.now(), start);
    machine.advance(minutes{1});
    EXPECT_EQ(clock.now(), start + minutes{1});
}

TEST_F(AdjustableClockTest, ComesBackToTheMachine) {
    clock.apply({.frozen = true, .now = start + hours{100}});
    clock.apply({.reset = true});
    machine.advance(minutes{1});
    EXPECT_EQ(clock.now(), machine.now());
}

TEST_F(AdjustableClockTest, TellsOfEachChange) {
    int changes = 0;
    TimePoint seen;
    clock.on_change([&] {
        ++changes;
        seen = clock.now();
    });
    clock.apply({.advance = hours{2}});
    EXPECT_EQ(changes, 1);
    EXPECT_EQ(seen, start + hours{2});
}

TEST_F(AdjustableClockTest, GoesOnToATimeOnlyForwardsAndWhileItRuns) {
    int changes = 0;
    clock.on_change([&] { ++changes; });
    clock.go_on_to(start + minutes{5});
    EXPECT_EQ(clock.now(), start + minutes{5});
    EXPECT_EQ(changes, 1);
    clock.go_on_to(start + minutes{1});
    EXPECT_EQ(clock.now(), start + minutes{5});
    clock.apply({.frozen = true});
    clock.go_on_to(start + minutes{9});
    EXPECT_EQ(clock.now(), start + minutes{5});
    EXPECT_EQ(changes, 2) << "of apply()";
}

}  // namespace
}  // namespace bluebatch::base
