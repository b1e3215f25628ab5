#include "tests/unit/emulator/autoscale/pool_fixture.hpp"

#include <gmock/gmock.h>

namespace bluebatch::emulator::autoscale {
namespace {

using testing::HasSubstr;

// Samples of 1 to 10, from 30 seconds to five minutes old.
Pool counting_pool() {
    return Pool().samples(Variable::running_tasks, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
}

std::string of_running_tasks(std::string_view call, Pool const& pool = counting_pool()) {
    return value_of("$RunningTasks." + std::string(call), pool);
}

// Batch: AS-42, AS-47
TEST(GetSample, TakesTheLastOnes) {
    EXPECT_EQ(of_running_tasks("GetSample(1)"), "[1]");
    EXPECT_EQ(of_running_tasks("GetSample(3.9)"), "[1,2,3]");
    EXPECT_EQ(of_running_tasks("GetSample(1000)"), "[1,2,3,4,5,6,7,8,9,10]");
    EXPECT_EQ(of_running_tasks("GetSample(0)"), "[]");
    EXPECT_THAT(of_running_tasks("GetSample(-1)"), HasSubstr("must not be negative"));
}

// Batch: AS-46
TEST(GetSample, OfCountsIsEmptyWithoutSamples) {
    EXPECT_EQ(of_running_tasks("GetSample(1)", {}), "[]");
    EXPECT_EQ(value_of("max(0, $RunningTasks.GetSample(1))"), "0");
}

TEST(GetSample, TakesTheAgeOfTheOldest) {
    EXPECT_EQ(of_running_tasks("GetSample(TimeInterval_Minute)"), "[1,2]");
    EXPECT_EQ(of_running_tasks("GetSample(time(\"2024-03-04T11:59:00Z\"))"), "[1,2]");
}

TEST(GetSample, TakesAWindowInEitherOrder) {
    std::string const expected = "[3,4,5,6]";
    EXPECT_EQ(of_running_tasks("GetSample(TimeInterval_Minute, TimeInterval_Minute * 3)"), expected);
    EXPECT_EQ(of_running_tasks("GetSample(TimeInterval_Minute * 3, TimeInterval_Minute)"), expected);
    EXPECT_EQ(
        of_running_tasks("GetSample(time(\"2024-03-04T11:57:00Z\"), TimeInterval_Minute, 100)"), expected
    );
    EXPECT_EQ(
        of_running_tasks("GetSample(time() + -3 * TimeInterval_Minute, time() + -1 * TimeInterval_Minute)"),
        expected
    );
}

// Batch: AS-43
TEST(GetSample, FailsBelowThePercentageThatIsWanted) {
    EXPECT_EQ(of_running_tasks("GetSample(TimeInterval_Minute * 10, 50)").substr(0, 4), "[1,2");
    EXPECT_EQ(
        of_running_tasks("GetSample(TimeInterval_Minute * 10, 51)"),
        "Line 1, Col 28: Insufficient data from data set: $RunningTasks wanted 51%, received 50%"
    );
}

// Batch: AS-45; an error that the service has answered with
TEST(GetSample, PointsAtItsParenthesis) {
    auto const outcome =
        Pool().evaluate("$RunningTasks.GetSample(10 * TimeInterval_Second, 0 * TimeInterval_Second, 100);");

    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(
        outcome.error->values.at(0).value,
        "Line 1, Col 24: Insufficient data from data set: $RunningTasks wanted 100%, received 0%"
    );
}

// Batch: AS-46
TEST(GetSample, OfAnEmptyWindowFailsWithoutAPercentageToo) {
    EXPECT_THAT(
        of_running_tasks("GetSample(TimeInterval_Minute)", {}), HasSubstr("wanted 100%, received 0%")
    );
    EXPECT_THAT(of_running_tasks("GetSample(TimeInterval_Second)"), HasSubstr("received 0%"));
    EXPECT_THAT(of_running_tasks("GetSample(-1 * TimeInterval_Hour)"), HasSubstr("received 0%"));
    EXPECT_THAT(of_running_tasks("GetSample(TimeInterval_Year * 900, 1)"), HasSubstr("received 0%"));
}

// Batch: AS-43, AS-44, AS-49
TEST(GetSamplePercent, ComparesWithOneSampleEachHalfMinute) {
    EXPECT_EQ(of_running_tasks("GetSamplePercent(TimeInterval_Minute * 5)"), "100");
    EXPECT_EQ(of_running_tasks("GetSamplePercent(TimeInterval_Second * 180)"), "100");
    EXPECT_EQ(of_running_tasks("GetSamplePercent(TimeInterval_Minute * 20)"), "25");
    EXPECT_EQ(of_running_tasks("GetSamplePercent(TimeInterval_Minute * 4, TimeInterval_Minute * 6)"), "50");
    EXPECT_EQ(of_running_tasks("GetSamplePercent(TimeInterval_Zero)"), "0");
    EXPECT_EQ(of_running_tasks("GetSamplePercent(TimeInterval_Minute)", {}), "0");
}

TEST(SampleMethods, TellOfTheHistory) {
    EXPECT_EQ(of_running_tasks("Count()"), "10");
    EXPECT_EQ(of_running_tasks("Count()", {}), "0");
    EXPECT_EQ(of_running_tasks("GetSamplePeriod()"), "00:00:30");
    EXPECT_EQ(of_running_tasks("HistoryBeginTime()"), "2024-03-04T11:55:00.000Z");
    EXPECT_EQ(of_running_tasks("HistoryBeginTime().minute"), "55");
    EXPECT_THAT(of_running_tasks("HistoryBeginTime()", {}), HasSubstr("$RunningTasks has no samples yet"));
}

// Batch: AS-38
TEST(SampleMethods, ArePresentOnNodeCountsToo) {
    auto const pool = Pool()
                          .samples(Variable::current_dedicated_nodes, {2, 1})
                          .current(Variable::current_dedicated_nodes, 3);

    EXPECT_EQ(value_of("$CurrentDedicatedNodes.GetSample(2)", pool), "[2,1]");
    EXPECT_EQ(value_of("$CurrentDedicated.GetSample(1) + $CurrentDedicated", pool), "[5]");
    EXPECT_EQ(value_of("$UsableNodeCount", pool), "0");
}

}  // namespace
}  // namespace bluebatch::emulator::autoscale
