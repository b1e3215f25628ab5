#include "emulator/simulation/behaviour.hpp"

#include <gtest/gtest.h>

namespace bluebatch::emulator::simulation {
namespace {

using namespace std::chrono_literals;

TEST(WorkTime, IsOneTimeOrARange) {
    EXPECT_EQ(parse_work_time("30s"), (WorkTime{30s, 30s}));
    EXPECT_EQ(parse_work_time("30"), (WorkTime{30s, 30s}));
    EXPECT_EQ(parse_work_time("250ms..2m"), (WorkTime{250ms, 2min}));
    EXPECT_EQ(parse_work_time("0s..24h"), (WorkTime{0s, 24h}));
    EXPECT_EQ(parse_work_time("366d"), (WorkTime{8784h, 8784h}));
}

TEST(WorkTime, IsRefusedWhenItMakesNoSense) {
    for (auto const* text :
         {"",
          "s",
          "-1s",
          "1.5s",
          "1w",
          "10 s",
          "60s..10s",
          "10s..",
          "..10s",
          "1s..2s..3s",
          "367d",
          "4294967296s"})
        EXPECT_EQ(parse_work_time(text), std::nullopt) << text;
}

TEST(WorkTime, IsWrittenInTheUnitThatFits) {
    for (auto const* text : {"30s", "250ms..2m", "0s..1d", "90m"})
        EXPECT_EQ(to_text(parse_work_time(text).value()), text);
    EXPECT_EQ(to_text(parse_work_time("48h").value()), "2d");
}

}  // namespace
}  // namespace bluebatch::emulator::simulation
