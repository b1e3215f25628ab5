#include "tests/unit/emulator/autoscale/pool_fixture.hpp"

#include <gmock/gmock.h>

namespace bluebatch::emulator::autoscale {
namespace {

using testing::HasSubstr;

Decision decision_of(std::string_view formula, Pool const& pool = {}) {
    auto const outcome = pool.evaluate(formula);
    EXPECT_FALSE(outcome.error) << outcome.error->values.at(0).value;
    return outcome.decision;
}

// Batch: AS-16, AS-17, AS-26
TEST(EvaluateOperators, BindAsInC) {
    EXPECT_EQ(value_of("2 + 3 * 4 - 8 / 4 / 2"), "13");
    EXPECT_EQ(value_of("(2 + 3) * 4"), "20");
    EXPECT_EQ(value_of("1 < 2 == 1"), "1");
    EXPECT_EQ(value_of("1 || 0 && 0"), "1");
    EXPECT_EQ(value_of("0 ? 1 : 0 ? 2 : 3"), "3");
    EXPECT_EQ(value_of("-0.5 ? 1 : 2"), "1");
    EXPECT_EQ(value_of("1 ? 0 ? 5 : 6 : 7"), "6");
    EXPECT_EQ(value_of("-2 * -3"), "6");
    EXPECT_EQ(value_of("!0 + !5"), "1");
    EXPECT_EQ(value_of("- -2"), "2");
}

// Batch: AS-15
TEST(EvaluateOperators, CompareNumbersTextsTimesAndIntervals) {
    EXPECT_EQ(value_of("3 >= 3"), "1");
    EXPECT_EQ(value_of("3 != 3"), "0");
    EXPECT_EQ(value_of("\"a\" < \"b\""), "1");
    EXPECT_EQ(value_of("time() == time(\"2024-03-04T12:00:00Z\")"), "1");
    EXPECT_EQ(value_of("TimeInterval_Minute * 60 <= TimeInterval_Hour"), "1");
    EXPECT_THAT(value_of("time() == TimeInterval_Hour"), HasSubstr("Operator '==' cannot be applied"));
    EXPECT_THAT(value_of("\"a\" == 1"), HasSubstr("of type string and double"));
}

// Batch: AS-23, AS-22
TEST(EvaluateOperators, CalculateWithTimes) {
    EXPECT_EQ(value_of("time() + TimeInterval_Day"), "2024-03-05T12:00:00.000Z");
    EXPECT_EQ(value_of("2 * TimeInterval_Hour + time()"), "2024-03-04T14:00:00.000Z");
    EXPECT_EQ(value_of("time() - time(\"2024-03-02T11:59:58.5Z\")"), "2.00:00:01.5000000");
    EXPECT_EQ(value_of("TimeInterval_Minute / 4 - TimeInterval_Hour"), "-00:59:45");
    EXPECT_EQ(value_of("-TimeInterval_100ns"), "-00:00:00.0000001");
    EXPECT_EQ(value_of("TimeInterval_Year - 365 * TimeInterval_Day + TimeInterval_Zero"), "00:00:00");
    EXPECT_EQ(value_of("TimeInterval_Week == TimeInterval_Day * 7"), "1");
    EXPECT_EQ(value_of("TimeInterval_Second == 1000 * TimeInterval_Millisecond"), "1");
    EXPECT_EQ(value_of("TimeInterval_Millisecond == 1000 * TimeInterval_Microsecond"), "1");
}

// Batch: AS-24
TEST(EvaluateOperators, RefuseWhatTheTableLacks) {
    auto const pool = Pool().samples(Variable::active_tasks, {1, 2});
    for (auto const* const expression : {
             "time() - TimeInterval_Hour",
             "1 - $ActiveTasks.GetSample(1)",
             "1 + $ActiveTasks.GetSample(1)",
             "TimeInterval_Hour / TimeInterval_Minute",
             "1 / TimeInterval_Minute",
             "1 + TimeInterval_Minute",
             "time() + time()",
             "\"a\" + \"b\"",
             "-$ActiveTasks.GetSample(1)",
             "-time()",
             "!TimeInterval_Hour",
             "$ActiveTasks.GetSample(1) > 0",
             "$ActiveTasks.GetSample(1) && 1",
             "requeue == requeue",
         })
        EXPECT_THAT(value_of(expression, pool), HasSubstr("cannot be applied to")) << expression;
}

// Batch: AS-23, AS-25
TEST(EvaluateOperators, WorkOnEachElementOfVectors) {
    auto const pool = Pool().samples(Variable::active_tasks, {4, 2, 1});
    EXPECT_EQ(value_of("$ActiveTasks.GetSample(3) * 2 - 1", pool), "[7,3,1]");
    EXPECT_EQ(value_of("$ActiveTasks.GetSample(3) / $ActiveTasks.GetSample(3)", pool), "[1,1,1]");
    EXPECT_THAT(
        value_of("$ActiveTasks.GetSample(3) + $ActiveTasks.GetSample(2)", pool),
        HasSubstr("Vectors of 3 and 2 elements")
    );
    EXPECT_THAT(value_of("$ActiveTasks.GetSample(3) / 0", pool), HasSubstr("Division by zero"));
}

// Batch: AS-19
TEST(EvaluateOperators, LeaveAloneWhatDoesNotMatter) {
    EXPECT_EQ(value_of("1 ? 2 : 1 / 0"), "2");
    EXPECT_EQ(value_of("0 && 1 / 0"), "0");
    EXPECT_EQ(value_of("2 || 1 / 0"), "1");
    EXPECT_EQ(value_of("0 && 1 / 0 || 3"), "1");
}

TEST(EvaluateOperators, FailWhereTypesDoNotFitInTheEnd) {
    auto const pool = Pool().samples(Variable::active_tasks, {1});
    std::string const either = "(rand() < 2 ? $ActiveTasks.GetSample(1) : 5)";
    EXPECT_EQ(value_of(either + " + 1", pool), "[2]");
    EXPECT_EQ(value_of("avg(" + either + ")", pool), "1");
    EXPECT_THAT(value_of("1 - " + either, pool), HasSubstr("Line 1, Col 7: Operator '-' cannot be applied"));
    EXPECT_THAT(value_of(either + " ? 1 : 2", pool), HasSubstr("A condition is a double, not a doubleVec"));
    EXPECT_THAT(value_of("-" + either, pool), HasSubstr("Operator '-' cannot be applied"));
    EXPECT_THAT(value_of("time(" + either + ")", pool), HasSubstr("Function 'time' takes"));
    EXPECT_THAT(
        value_of("1; $TargetDedicated = " + either, pool), HasSubstr("A doubleVec cannot be assigned")
    );
    EXPECT_THAT(value_of("1; $NodeDeallocationOption = " + either, pool), HasSubstr("cannot be assigned"));
    EXPECT_THAT(value_of("(1 ? time() : 1).hour", pool), "12");
    EXPECT_THAT(value_of("(1 ? 1 : time()).hour", pool), HasSubstr("A double has no parts"));
    EXPECT_THAT(value_of("$ActiveTasks.GetSample(1 ? requeue : 1)", pool), HasSubstr("GetSample takes"));
}

// Batch: AS-27
TEST(EvaluateFunctions, TakeListsOfNumbersAndVectors) {
    auto const pool = Pool().samples(Variable::active_tasks, {1, 2, 6});
    std::string const v = "$ActiveTasks.GetSample(3)";
    EXPECT_EQ(value_of("avg(" + v + ", 3)", pool), "3");
    EXPECT_EQ(value_of("len(" + v + ", 3, " + v + ")", pool), "7");
    EXPECT_EQ(value_of("max(" + v + ", 3)", pool), "6");
    EXPECT_EQ(value_of("min(" + v + ", 3)", pool), "1");
    EXPECT_EQ(value_of("sum(" + v + ", 3)", pool), "12");
    EXPECT_EQ(value_of("range(" + v + ", 3)", pool), "5");
    EXPECT_EQ(value_of("std(2, 4)", pool), "1.4142135623730951");
    EXPECT_EQ(value_of("norm(3, 4)", pool), "5");
    EXPECT_EQ(value_of("len()"), "0");
}

TEST(EvaluateFunctions, WorkOnNumbersAndOnEachElement) {
    auto const pool = Pool().samples(Variable::active_tasks, {1, 4});
    EXPECT_EQ(value_of("lg(8)"), "3");
    EXPECT_EQ(value_of("ln(1)"), "0");
    EXPECT_EQ(value_of("log(1000)"), "3");
    EXPECT_EQ(value_of("lg($ActiveTasks.GetSample(2))", pool), "[0,2]");
    EXPECT_EQ(value_of("lg($ActiveTasks.GetSample(2), 8)", pool), "[0,2,3]");
    EXPECT_EQ(value_of("floor($ActiveTasks.GetSample(2) / 3)", pool), "[0,1]");
}

// Batch: AS-28
TEST(EvaluateFunctions, Round) {
    EXPECT_EQ(value_of("ceil(0.2)"), "1");
    EXPECT_EQ(value_of("ceil(-0.2)"), "0");
    EXPECT_EQ(value_of("floor(-0.2)"), "-1");
    EXPECT_EQ(value_of("round(2.5)"), "3");
    EXPECT_EQ(value_of("round(2.4)"), "2");
}

TEST(EvaluateFunctions, PickFromVectors) {
    auto const pool = Pool().samples(Variable::active_tasks, {40, 10, 20, 30});
    std::string const v = "$ActiveTasks.GetSample(4)";
    EXPECT_EQ(value_of("val(" + v + ", 0)", pool), "40");
    EXPECT_EQ(value_of("val(" + v + ", 3.9)", pool), "30");
    EXPECT_EQ(value_of("percentile(" + v + ", 0)", pool), "10");
    EXPECT_EQ(value_of("percentile(" + v + ", 50)", pool), "25");
    EXPECT_EQ(value_of("percentile(" + v + ", 100)", pool), "40");
    EXPECT_THAT(value_of("percentile(" + v + ", 101)", pool), HasSubstr("between 0 and 100"));
    EXPECT_THAT(
        value_of("val(" + v + ", 4)", pool), HasSubstr("val: Index 4 lies outside of a vector of 4 elements")
    );
    EXPECT_THAT(value_of("val(" + v + ", -1)", pool), HasSubstr("Index -1"));
}

// Batch: AS-25
TEST(EvaluateFunctions, FailWhereThereIsNoResult) {
    EXPECT_EQ(value_of("1 / 0"), "Line 1, Col 7: Division by zero");
    EXPECT_THAT(value_of("1e308 * 10"), HasSubstr("out of range"));
    EXPECT_THAT(value_of("ln(0)"), HasSubstr("The logarithm of a number that is not positive"));
    EXPECT_THAT(value_of("TimeInterval_Year * 1e9"), HasSubstr("out of range"));
    EXPECT_THAT(value_of("TimeInterval_Year * 20000 + TimeInterval_Year * 20000"), HasSubstr("out of range"));
    EXPECT_THAT(value_of("time() + TimeInterval_Year * 9000"), HasSubstr("out of range"));
    EXPECT_THAT(value_of("std(1)"), HasSubstr("std: At least 2 values are needed"));
    for (auto const* const function : {"avg", "max", "min", "range"})
        EXPECT_THAT(
            value_of(std::string(function) + "($ActiveTasks.GetSample(1))"),
            HasSubstr("At least 1 value is needed")
        ) << function;
    EXPECT_EQ(value_of("sum($ActiveTasks.GetSample(1))"), "0");
}

TEST(EvaluateFunctions, DrawNumbersBetweenNoneAndOne) {
    EXPECT_EQ(value_of("rand() >= 0 && rand() <= 1 && rand() != rand()"), "1");
}

// Batch: AS-21, AS-29
TEST(EvaluateTime, ReadsBothForms) {
    EXPECT_EQ(value_of("time(\"Mon, 04 Mar 2024 10:00:00 GMT\")"), "2024-03-04T10:00:00.000Z");
    EXPECT_EQ(value_of("time(\"2024-03-04T10:00+02:00\")"), "2024-03-04T08:00:00.000Z");
    EXPECT_EQ(value_of("time(\"2024-03-04\")"), "2024-03-04T00:00:00.000Z");
    EXPECT_EQ(value_of("time(\"2024-03\")"), "2024-03-01T00:00:00.000Z");
    EXPECT_EQ(value_of("time(\"2024\")"), "2024-01-01T00:00:00.000Z");
    EXPECT_EQ(value_of("time(\"2024-03-04T10:00:00.1234567Z\")"), "2024-03-04T10:00:00.123Z");
    EXPECT_EQ(value_of("time(\"\")"), "2024-03-04T12:00:00.000Z");
    EXPECT_EQ(
        value_of("time(\"2024-03-04T10:00:00.123456789Z\")"),
        "Line 1, Col 5: '2024-03-04T10:00:00.123456789Z' is not a W3C or RFC 1123 time"
    );
}

TEST(EvaluateTime, HasParts) {
    auto const pool = Pool().now("2024-03-09T13:14:15.999Z");
    EXPECT_EQ(value_of("time().year", pool), "2024");
    EXPECT_EQ(value_of("time().month", pool), "3");
    EXPECT_EQ(value_of("time().day", pool), "9");
    EXPECT_EQ(value_of("time().weekday", pool), "6");
    EXPECT_EQ(value_of("time().hour", pool), "13");
    EXPECT_EQ(value_of("time().minute", pool), "14");
    EXPECT_EQ(value_of("time().second", pool), "15");
    EXPECT_EQ(value_of("(time() + TimeInterval_Day).weekday", pool), "0");
    EXPECT_EQ(value_of("time(\"1969-12-31T23:59:59.5Z\").second", pool), "59");
}

// Batch: AS-32, AS-33, AS-34, AS-8
TEST(EvaluateTargets, KeepWhatIsNotAssignedAndShowWhatIs) {
    auto const pool = Pool().targets(3, 4).option(Deallocation::terminate);
    EXPECT_EQ(decision_of("a = 1", pool), (Decision{3, 4, Deallocation::terminate}));
    EXPECT_EQ(
        decision_of(
            "$TargetDedicated = $TargetDedicatedNodes + 0.5; $TargetLowPriority = $TargetDedicated * 2", pool
        ),
        (Decision{3, 7, Deallocation::terminate})
    );
    EXPECT_EQ(
        decision_of("$NodeDeallocationOption = requeue; $x = $NodeDeallocationOption", pool),
        (Decision{3, 4, Deallocation::requeue})
    );
}

TEST(EvaluateTargets, TakeTheFullNameBeforeTheAlias) {
    EXPECT_EQ(decision_of("$TargetLowPriorityNodes = 5; $TargetLowPriority = 3").low_priority, 5);
    EXPECT_EQ(decision_of("$TargetLowPriority = 3; $TargetLowPriorityNodes = 5").low_priority, 5);
    EXPECT_EQ(decision_of("$TargetLowPriority = 3").low_priority, 3);
}

// Batch: AS-35, AS-36, AS-53
TEST(EvaluateTargets, AreWholeAndNotNegative) {
    EXPECT_EQ(decision_of("$TargetDedicated = 2.999").dedicated, 2);
    EXPECT_EQ(decision_of("$TargetDedicated = -2.999").dedicated, 0);
    EXPECT_EQ(decision_of("$TargetDedicated = 1e300").dedicated, 2147483647);
    EXPECT_EQ(
        Pool().evaluate("$TargetDedicated = 2.999").results,
        "$TargetDedicatedNodes=2;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue"
    );
}

// Batch: AS-31
TEST(EvaluateTargets, AreKnownInAnyCase) {
    auto const outcome = Pool().evaluate("$targetDedicatedNodes = 5");

    EXPECT_EQ(outcome.decision.dedicated, 5);
    EXPECT_EQ(
        outcome.results, "$TargetDedicatedNodes=5;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue"
    );
}

// Batch: AS-30
TEST(EvaluateStop, KeepsWhatWasAssignedBefore) {
    auto const outcome =
        Pool().targets(1, 1).evaluate("$TargetDedicated = 7; a = 2; stop(); $TargetLowPriority = 7; b = 3");

    EXPECT_FALSE(outcome.error);
    EXPECT_EQ(
        outcome.results,
        "$TargetDedicatedNodes=7;$TargetLowPriorityNodes=1;$NodeDeallocationOption=requeue;a=2"
    );
    EXPECT_EQ(decision_of("$TargetDedicated = 1; $TargetDedicated = 0 ? stop() : 4").dedicated, 4);
}

// Batch: AS-50, AS-51
TEST(EvaluationResults, AreSortedByNameWithoutDollarOrCase) {
    auto const outcome = Pool().evaluate("$b = 1; C = 2; a = 3; $d = 4; _e = \"text\"; b2 = taskcompletion");

    EXPECT_THAT(outcome.results, testing::EndsWith("=requeue;_e=text;a=3;$b=1;b2=taskcompletion;C=2;$d=4"));
}

// Batch: AS-52; what the service has answered is a formula too
TEST(EvaluationResults, LookAsThoseOfTheService) {
    std::string const answered =
        "$TargetDedicatedNodes=2;$TargetLowPriorityNodes=5;$NodeDeallocationOption=taskcompletion;"
        "$maxTasksPerNode=4;$round=3;$samples=100;$targetVMs=1;$tasks=0";

    EXPECT_EQ(Pool().evaluate(answered).results, answered);
}

TEST(EvaluationResults, WriteNumbersShortly) {
    EXPECT_EQ(value_of("1 / 3"), "0.3333333333333333");
    EXPECT_EQ(value_of("0.1"), "0.1");
    EXPECT_EQ(value_of("-0"), "0");
    EXPECT_EQ(value_of("100000000000000"), "100000000000000");
    EXPECT_EQ(value_of("1e15"), "1E+15");
    EXPECT_EQ(value_of("0.0001"), "0.0001");
    EXPECT_EQ(value_of("0.00001"), "1E-05");
}

// Batch: AS-11b, AS-45
TEST(EvaluationErrors, LeaveThePoolAlone) {
    auto const pool = Pool().targets(3, 2);

    auto const outcome =
        pool.evaluate("$TargetDedicated = 9;\na = avg($RunningTasks.GetSample(TimeInterval_Minute, 70))");

    EXPECT_EQ(outcome.decision, (Decision{3, 2, Deallocation::requeue}));
    EXPECT_EQ(
        outcome.results, "$TargetDedicatedNodes=3;$TargetLowPriorityNodes=2;$NodeDeallocationOption=requeue"
    );
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->code, "InsufficientSampleData");
    EXPECT_EQ(outcome.error->message, "Autoscale evaluation failed due to insufficient sample data");
    ASSERT_EQ(outcome.error->values.size(), 1U);
    EXPECT_EQ(outcome.error->values[0].name, "Message");
    EXPECT_EQ(
        outcome.error->values[0].value,
        "Line 2, Col 32: Insufficient data from data set: $RunningTasks wanted 70%, received 0%"
    );
}

// Batch: AS-7; as the tests of the official clients expect it
TEST(EvaluationErrors, TellOfFormulasThatAreNone) {
    auto const outcome = Pool().targets(2, 0).evaluate("$something_useless");

    EXPECT_EQ(
        outcome.results, "$TargetDedicatedNodes=2;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue"
    );
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->code, "AutoScalingFormulaEvaluationError");
    EXPECT_EQ(outcome.error->values.at(0).value, "Line 1, Col 1: Unknown variable '$something_useless'");
}

TEST(EvaluationErrors, BoundWhatAFormulaHandles) {
    std::string formula = "v = $ActiveTasks.GetSample(100)";
    for (int i = 0; i < 20; ++i)
        formula += ";v = ceil(v, v)";

    auto const outcome = Pool().samples(Variable::active_tasks, times(100, 1)).evaluate(formula);

    ASSERT_TRUE(outcome.error);
    EXPECT_THAT(outcome.error->values.at(0).value, HasSubstr("handles too many numbers"));
}

}  // namespace
}  // namespace bluebatch::emulator::autoscale
