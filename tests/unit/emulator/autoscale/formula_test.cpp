#include "emulator/autoscale/formula.hpp"

#include "emulator/autoscale/choices.hpp"

#include <gtest/gtest.h>

namespace bluebatch::emulator::autoscale {
namespace {

std::string fault_of(std::string_view text) {
    auto const formula = parse(text);
    return formula ? "" : detail_of(formula.error());
}

std::string repeat(std::string_view text, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i)
        all += text;
    return all;
}

// Batch: AS-13
TEST(ParseFormula, TakesBlanksCommentsAndSemicolonsAnywhere) {
    EXPECT_EQ(fault_of("a=1;b=2"), "");
    EXPECT_EQ(fault_of("\r\n\ta =\n1 // one\n ; ; b = 2 // two"), "");
    EXPECT_EQ(fault_of("// über\n$x = .5 + 1.5e3;;"), "");
}

TEST(ParseFormula, KnowsAVariableFromItsAssignmentOn) {
    EXPECT_EQ(fault_of("a = 1; b = a"), "");
    EXPECT_EQ(fault_of("b = a; a = 1"), "Line 1, Col 5: Unknown variable 'a'");
    EXPECT_EQ(fault_of("a = a + 1"), "Line 1, Col 5: Unknown variable 'a'");
    EXPECT_EQ(fault_of("$a = 1; b = a"), "Line 1, Col 13: Unknown variable 'a'");  // AS-14
    EXPECT_EQ(fault_of("$something_useless"), "Line 1, Col 1: Unknown variable '$something_useless'");
}

TEST(ParseFormula, TellsNamesThatThereAreNot) {
    EXPECT_EQ(fault_of("a = average(1)"), "Line 1, Col 5: Unknown function 'average'");
    EXPECT_EQ(fault_of("a = AVG(1)"), "Line 1, Col 5: Unknown function 'AVG'");
    EXPECT_EQ(fault_of("a = TimeInterval_Month"), "Line 1, Col 5: Unknown variable 'TimeInterval_Month'");
    EXPECT_EQ(fault_of("a = $PendingTasks.GetSamples(1)"), "Line 1, Col 19: Unknown method 'GetSamples'");
    EXPECT_EQ(fault_of("a = 1;\na = a.GetSample(1)"), "Line 2, Col 5: 'a' has no methods");
    EXPECT_EQ(fault_of("a = time().years"), "Line 1, Col 12: A timestamp has no 'years'");
    EXPECT_EQ(fault_of("a = 1; b = a.hour"), "Line 1, Col 14: A double has no 'hour'");
    EXPECT_EQ(fault_of("a = time().hour()"), "Line 1, Col 12: A timestamp has no 'hour'");
}

TEST(ParseFormula, ProtectsWhatIsNotTheUsers) {
    EXPECT_EQ(fault_of("$CurrentDedicated = 1"), "Line 1, Col 1: '$CurrentDedicated' is read-only");
    EXPECT_EQ(fault_of("$pendingTasks = 1"), "Line 1, Col 1: '$pendingTasks' is read-only");
    EXPECT_EQ(fault_of("TimeInterval_Hour = 1"), "Line 1, Col 1: 'TimeInterval_Hour' is a constant");
    EXPECT_EQ(fault_of("requeue = 1"), "Line 1, Col 1: 'requeue' is a constant");
    EXPECT_EQ(fault_of("max = 1; b = max(max, 2)"), "");
}

// Batch: AS-20
TEST(ParseFormula, ChecksTheTypesOfAssignments) {
    EXPECT_EQ(
        fault_of("$TargetDedicatedNodes = $PendingTasks.GetSample(1)"),
        "Line 1, Col 1: '$TargetDedicatedNodes' takes a double, not a doubleVec"
    );
    EXPECT_EQ(
        fault_of("a = 1;\n $NodeDeallocationOption = a"),
        "Line 2, Col 2: '$NodeDeallocationOption' takes a nodeDeallocationOption, not a double"
    );
    EXPECT_EQ(fault_of("$NodeDeallocationOption = 1 > 2 ? requeue : taskcompletion"), "");
}

// Batch: AS-20
TEST(ParseFormula, ChecksTheTypesOfArguments) {
    EXPECT_EQ(fault_of("a = avg(time())"), "Line 1, Col 5: Function 'avg' takes doubles and doubleVecs");
    EXPECT_EQ(fault_of("a = val(1, 2)"), "Line 1, Col 5: Function 'val' takes a doubleVec and a double");
    EXPECT_EQ(fault_of("a = rand(1)"), "Line 1, Col 5: Function 'rand' takes no arguments");
    EXPECT_EQ(fault_of("a = time(1)"), "Line 1, Col 5: Function 'time' takes nothing, or a string");
    EXPECT_EQ(fault_of("a = lg()"), "Line 1, Col 5: Function 'lg' takes a double, or doubles and doubleVecs");
    EXPECT_EQ(
        fault_of("a = $CPUPercent.GetSamplePercent(5)"),
        "Line 1, Col 17: GetSamplePercent takes one or two times"
    );
    EXPECT_EQ(
        fault_of("a = $CPUPercent.GetSample(1, 2)"),
        "Line 1, Col 17: GetSample takes a count, or one or two times and a percentage"
    );
    EXPECT_EQ(fault_of("a = $CPUPercent.Count(1)"), "Line 1, Col 17: Count takes no arguments");
    EXPECT_EQ(fault_of("a = time() ? 1 : 2"), "Line 1, Col 5: A condition is a double, not a timestamp");
}

// Batch: AS-38
TEST(ParseFormula, TakesNodeCountsAsNumbersAndNoOtherData) {
    EXPECT_EQ(fault_of("a = $CurrentDedicatedNodes + $CurrentLowPriorityNodes + $PreemptedNodeCount"), "");
    EXPECT_EQ(
        fault_of("a = max(0, $PendingTasks)"),
        "Line 1, Col 12: '$PendingTasks' is a data set; GetSample gets numbers of it"
    );
}

// Batch: AS-15, AS-18
TEST(ParseFormula, PointsAtWhatItDoesNotExpect) {
    EXPECT_EQ(fault_of("a = 1 +"), "Line 1, Col 8: Unexpected end of formula");
    EXPECT_EQ(fault_of("a = (1"), "Line 1, Col 7: Unexpected end of formula, expected ')'");
    EXPECT_EQ(fault_of("a = 1\nb = 2"), "Line 2, Col 1: Unexpected 'b', expected ';'");
    EXPECT_EQ(fault_of("a = 1 ? 2"), "Line 1, Col 10: Unexpected end of formula, expected ':'");
    EXPECT_EQ(fault_of("a = 5 % 2"), "Line 1, Col 7: Unexpected character '%'");
    EXPECT_EQ(fault_of("a = 5 ^ 2"), "Line 1, Col 7: Unexpected character '^'");
    EXPECT_EQ(fault_of("a = \"x"), "Line 1, Col 5: A string does not end");
    EXPECT_EQ(fault_of("a = [1]"), "Line 1, Col 5: Unexpected character '['");
    EXPECT_EQ(fault_of("a = 1x"), "Line 1, Col 5: Not a number");
    EXPECT_EQ(fault_of("a = 1e999"), "Line 1, Col 5: Not a number");
    EXPECT_EQ(fault_of("1 = a"), "Line 1, Col 3: Unexpected '=', expected ';'");
    EXPECT_EQ(fault_of("/* no comment */"), "Line 1, Col 1: Unexpected '/'");
    EXPECT_EQ(fault_of("\"ä\" ö"), "Line 1, Col 5: Unexpected character 'ö'");
    EXPECT_EQ(fault_of(""), "Line 1, Col 1: A formula needs a statement");
    EXPECT_EQ(fault_of("// nothing\n"), "Line 2, Col 1: A formula needs a statement");
}

// Batch: AS-12
TEST(ParseFormula, KeepsTheLimitsOfTheService) {
    EXPECT_EQ(fault_of(repeat("a=1;", 100)), "");
    EXPECT_EQ(fault_of(repeat("a=1;", 101)), "Line 1, Col 401: A formula has at most 100 statements");

    std::string const longest = "a=1;//" + repeat("ä", 8186);
    EXPECT_EQ(fault_of(longest), "");
    auto const too_long = parse(longest + "x");
    ASSERT_FALSE(too_long);
    EXPECT_EQ(code_of(too_long.error()), "AutoScalingFormulaTooLong");
    EXPECT_EQ(code_of(parse("a").error()), "AutoScalingFormulaSyntaxError");
}

TEST(ParseFormula, BoundsTheDepthButNotTheLengthOfExpressions) {
    EXPECT_EQ(fault_of("a = " + repeat("(", 99) + "1" + repeat(")", 99)), "");
    EXPECT_EQ(
        fault_of("a = " + repeat("(", 4000) + "1" + repeat(")", 4000)),
        "Line 1, Col 105: The formula is nested too deeply"
    );
    EXPECT_EQ(
        fault_of("a = " + repeat("-", 8000) + "1"), "Line 1, Col 104: The formula is nested too deeply"
    );
    EXPECT_EQ(fault_of("a = 1" + repeat("+1", 4000)), "");
    EXPECT_EQ(fault_of("a = " + repeat("0?1:", 2000) + "2"), "");
}

}  // namespace
}  // namespace bluebatch::emulator::autoscale
