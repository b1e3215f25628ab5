// The worked examples of the Batch reference: each formula with what the pool becomes, what the user's
// variables hold, and what went wrong.
#include "tests/unit/emulator/autoscale/pool_fixture.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace bluebatch::emulator::autoscale {
namespace {

constexpr std::string_view kE1 = R"($TargetDedicatedNodes = time().weekday == 1 ? 6 : 2;)";
constexpr std::string_view kE2 = R"(t = time();
inHours = t.hour >= 8 && t.hour < 18;
monFri = t.weekday >= 1 && t.weekday <= 5;
busy = inHours && monFri;
$TargetDedicatedNodes = busy ? 12 : 3;)";
constexpr std::string_view kE3 = R"(t = time() + (-6 * TimeInterval_Hour);
busy = t.hour >= 8 && t.hour < 18 && t.weekday >= 1 && t.weekday <= 5;
$TargetDedicatedNodes = busy ? 12 : 3;)";
constexpr std::string_view kE4 = R"(floorVMs = 1; capVMs = 25;
pct = $PendingTasks.GetSamplePercent(TimeInterval_Second * 180);
want = pct < 70 ? floorVMs : avg($PendingTasks.GetSample(TimeInterval_Second * 180));
$TargetDedicatedNodes = min(capVMs, want);
$NodeDeallocationOption = taskcompletion;)";
constexpr std::string_view kE5 = R"(cap = 25;
$TargetDedicatedNodes = min(cap, $PreemptedNodeCount.GetSample(TimeInterval_Minute * 3, 50));
$TargetLowPriorityNodes = cap - $TargetDedicatedNodes;)";
constexpr std::string_view kE6 = R"(have = $PendingTasks.GetSamplePercent(TimeInterval_Minute * 15);
last = max(0, $PendingTasks.GetSample(1));
load = have < 70 ? last : max(last, avg($PendingTasks.GetSample(TimeInterval_Minute * 15)));
vms = load > 0 ? load : $TargetDedicatedNodes / 2;
$TargetDedicatedNodes = max(0, min(vms, 20));)";
constexpr std::string_view kE7 = R"(slots = 4;
have = $ActiveTasks.GetSamplePercent(TimeInterval_Minute * 15);
last = max(0, $ActiveTasks.GetSample(1));
load = have < 70 ? last : max(last, avg($ActiveTasks.GetSample(TimeInterval_Minute * 15)));
extra = (load - $TargetDedicatedNodes * slots + 3) / slots;
$TargetDedicatedNodes = max(0, min($TargetDedicatedNodes + extra, 3));)";
constexpr std::string_view kE8 = R"($TargetDedicatedNodes = 4;
busy = time() - time("Mon, 04 Mar 2024 10:00:00 GMT") > TimeInterval_Minute * 10
  ? max($RunningTasks.GetSample(TimeInterval_Hour, 50), $ActiveTasks.GetSample(TimeInterval_Hour, 50)) : 1;
$TargetDedicatedNodes = busy > 0 ? $TargetDedicatedNodes : 0;)";
constexpr std::string_view kE9 =
    R"(n = min($CPUPercent.GetSample(TimeInterval_Minute * 10)) > 0.7 ? $CurrentDedicatedNodes * 1.1 : $CurrentDedicatedNodes;
n = avg($CPUPercent.GetSample(TimeInterval_Hour)) < 0.2 ? $CurrentDedicatedNodes * 0.9 : n;
$TargetDedicatedNodes = min(400, n))";
constexpr std::string_view kE10a =
    R"(cpu = avg($CPUPercent.GetSample(TimeInterval_Minute * 10, 95)); $TargetDedicatedNodes = cpu > 0.5 ? 6 : 2;)";
constexpr std::string_view kE11 = R"(v = $RunningTasks.GetSample(8);
a = avg(v); b = avg(v, 14); n = len(v, 1, 2); s = std(v); r = range(v); q = norm(v); t = sum(v); p = percentile(v, 50);
$TargetDedicatedNodes = b; $TargetLowPriorityNodes = s;)";
constexpr std::string_view kE12 = R"(v = $ActiveTasks.GetSample(3); w = v * 2 + 1; x = w - v; l = lg(v);
$TargetDedicatedNodes = sum(w, 0.9); $TargetLowPriorityNodes = max(l, x);)";
constexpr std::string_view kE13a = R"($TargetDedicatedNodes = 5; $TargetDedicated = 3;)";
constexpr std::string_view kE13b = R"($TargetDedicated = 3; $TargetDedicatedNodes = 5;)";
constexpr std::string_view kE13c = R"($TargetDedicated = 3;)";
constexpr std::string_view kE14 =
    R"(a = 3 > 2; b = !(a && 0); c = -a + (b || 0) * 2; d = 1 - 2 - 3; e = 8 / 4 / 2; f = 2 + 3 * 4;
$TargetDedicatedNodes = c == 1 ? (d < -3.5 ? f : 1) : 0;)";
constexpr std::string_view kE15 =
    R"(late = time() - time("2024-03-04T00:00:00Z") >= 2 * TimeInterval_Hour + TimeInterval_Minute * 30;
$TargetLowPriorityNodes = late ? 3 : 6; $NodeDeallocationOption = retaineddata;)";
constexpr std::string_view kE16 = R"(warm = time() - time("2024-03-04T11:50:00Z") > TimeInterval_Minute;
$TargetDedicatedNodes = warm ? min($PendingTasks.GetSample(TimeInterval_Second * 90, 10)) : 1;)";
constexpr std::string_view kE17 = R"(// fixed pool
$TargetDedicatedNodes = 2 // trailing comment
;$TargetLowPriorityNodes = floor(7/2) + ceil(0.2) + round(2.4))";
constexpr std::string_view kE18 =
    R"(cur = $CurrentDedicatedNodes; $TargetDedicatedNodes = cur + 0.999; $TargetLowPriorityNodes = -3;)";
constexpr std::string_view kE10b =
    R"(cpu = avg($CPUPercent.GetSample(TimeInterval_Minute * 10, 80)); $TargetDedicatedNodes = cpu > 0.5 ? 6 : 2;)";
constexpr std::string_view kE10c =
    R"(cpu = avg($CPUPercent.GetSample(TimeInterval_Minute * 10, 90)); $TargetDedicatedNodes = cpu > 0.5 ? 6 : 2;)";

struct Example {
    std::string_view name;
    std::string_view formula;
    Pool pool;
    Decision decision;
    // Of the user's variables.
    std::string_view results;
    std::string_view error;
};

std::vector<Example> examples() {
    return {
        {"E1a", kE1, Pool().now("2024-03-04T10:00:00Z"), {6, 0, Deallocation::requeue}, "", ""},
        {"E1b", kE1, Pool().now("2024-03-03T23:59:59Z"), {2, 0, Deallocation::requeue}, "", ""},
        {"E2a",
         kE2,
         Pool().now("2016-10-13T19:18:47.805Z"),
         {3, 0, Deallocation::requeue},
         ";busy=0;inHours=0;monFri=1;t=2016-10-13T19:18:47.805Z",
         ""},
        {"E2b",
         kE2,
         Pool().now("2016-10-13T08:00:00Z"),
         {12, 0, Deallocation::requeue},
         ";busy=1;inHours=1;monFri=1;t=2016-10-13T08:00:00.000Z",
         ""},
        {"E2c",
         kE2,
         Pool().now("2016-10-13T17:59:59.999Z"),
         {12, 0, Deallocation::requeue},
         ";busy=1;inHours=1;monFri=1;t=2016-10-13T17:59:59.999Z",
         ""},
        {"E2d",
         kE2,
         Pool().now("2016-10-13T18:00:00Z"),
         {3, 0, Deallocation::requeue},
         ";busy=0;inHours=0;monFri=1;t=2016-10-13T18:00:00.000Z",
         ""},
        {"E3a",
         kE3,
         Pool().now("2024-03-04T23:15:00Z"),
         {12, 0, Deallocation::requeue},
         ";busy=1;t=2024-03-04T17:15:00.000Z",
         ""},
        {"E3b",
         kE3,
         Pool().now("2024-03-05T00:30:00Z"),
         {3, 0, Deallocation::requeue},
         ";busy=0;t=2024-03-04T18:30:00.000Z",
         ""},
        {"E4a",
         kE4,
         Pool().samples(Variable::pending_tasks, {30, 30, 28, 26, 26, 24}),
         {25, 0, Deallocation::taskcompletion},
         ";capVMs=25;floorVMs=1;pct=100;want=27.333333333333332",
         ""},
        {"E4b",
         kE4,
         Pool().samples(Variable::pending_tasks, {28, 26, 26, 24}, 90),
         {1, 0, Deallocation::taskcompletion},
         ";capVMs=25;floorVMs=1;pct=66.66666666666667;want=1",
         ""},
        {"E4c",
         kE4,
         Pool().samples(Variable::pending_tasks, {7, 7, 6, 6, 6, 6}),
         {6, 0, Deallocation::taskcompletion},
         ";capVMs=25;floorVMs=1;pct=100;want=6.333333333333333",
         ""},
        {"E4d", kE4, Pool(), {1, 0, Deallocation::taskcompletion}, ";capVMs=25;floorVMs=1;pct=0;want=1", ""},
        {"E5a",
         kE5,
         Pool().targets(0, 25).samples(Variable::preempted_node_count, {3, 3, 3, 2, 0, 0}),
         {0, 25, Deallocation::requeue},
         ";cap=25",
         ""},
        {"E5b",
         kE5,
         Pool().targets(0, 25).samples(Variable::preempted_node_count, {3, 3, 3, 3, 3, 3}),
         {3, 22, Deallocation::requeue},
         ";cap=25",
         ""},
        {"E5c",
         kE5,
         Pool().targets(0, 25).samples(Variable::preempted_node_count, {3, 3}),
         {0, 25, Deallocation::requeue},
         "",
         "Line 2, Col 63: Insufficient data from data set: $PreemptedNodeCount wanted 50%, received 33.33%"},
        {"E6a",
         kE6,
         Pool().targets(8, 0).samples(Variable::pending_tasks, times(30, 0)),
         {4, 0, Deallocation::requeue},
         ";have=100;last=0;load=0;vms=4",
         ""},
        {"E6b",
         kE6,
         Pool().targets(1, 0).samples(Variable::pending_tasks, times(30, 0)),
         {0, 0, Deallocation::requeue},
         ";have=100;last=0;load=0;vms=0.5",
         ""},
        {"E6c",
         kE6,
         Pool().targets(8, 0).samples(
             Variable::pending_tasks, Vector{12, 40, 40, 40, 40, 40} + times(24, 10)
         ),
         {15, 0, Deallocation::requeue},
         ";have=100;last=12;load=15.066666666666666;vms=15.066666666666666",
         ""},
        {"E6d",
         kE6,
         Pool().targets(8, 0).samples(Variable::pending_tasks, {5, 4, 3}),
         {5, 0, Deallocation::requeue},
         ";have=10;last=5;load=5;vms=5",
         ""},
        {"E6e", kE6, Pool().targets(8, 0), {4, 0, Deallocation::requeue}, ";have=0;last=0;load=0;vms=4", ""},
        {"E7a",
         kE7,
         Pool().targets(2, 0).samples(Variable::active_tasks, times(15, 10)),
         {3, 0, Deallocation::requeue},
         ";extra=1.25;have=50;last=10;load=10;slots=4",
         ""},
        {"E7b",
         kE7,
         Pool().targets(2, 0).samples(Variable::active_tasks, times(30, 0)),
         {0, 0, Deallocation::requeue},
         ";extra=-1.25;have=100;last=0;load=0;slots=4",
         ""},
        {"E7c",
         kE7,
         Pool().targets(1, 0).samples(Variable::active_tasks, times(30, 9)),
         {3, 0, Deallocation::requeue},
         ";extra=2;have=100;last=9;load=9;slots=4",
         ""},
        {"E8a", kE8, Pool().now("2024-03-04T10:10:00Z"), {4, 0, Deallocation::requeue}, ";busy=1", ""},
        {"E8b",
         kE8,
         Pool()
             .now("2024-03-04T10:12:00Z")
             .targets(4, 0)
             .samples(Variable::running_tasks, times(24, 0))
             .samples(Variable::active_tasks, times(24, 0)),
         {4, 0, Deallocation::requeue},
         "",
         "Line 3, Col 32: Insufficient data from data set: $RunningTasks wanted 50%, received 20%"},
        {"E8c",
         kE8,
         Pool()
             .now("2024-03-04T11:30:00Z")
             .targets(4, 0)
             .samples(Variable::running_tasks, times(120, 0))
             .samples(Variable::active_tasks, times(120, 0)),
         {0, 0, Deallocation::requeue},
         ";busy=0",
         ""},
        {"E8d",
         kE8,
         Pool()
             .now("2024-03-04T11:30:00Z")
             .targets(9, 0)
             .samples(Variable::running_tasks, times(119, 0) + Vector{1})
             .samples(Variable::active_tasks, times(120, 0)),
         {4, 0, Deallocation::requeue},
         ";busy=1",
         ""},
        {"E9a",
         kE9,
         Pool()
             .targets(10, 0)
             .samples(Variable::cpu_percent, times(20, 0.75) + times(100, 0.4))
             .current(Variable::current_dedicated_nodes, 10),
         {11, 0, Deallocation::requeue},
         ";n=11",
         ""},
        {"E9b",
         kE9,
         Pool()
             .targets(10, 0)
             .samples(Variable::cpu_percent, times(120, 0.1))
             .current(Variable::current_dedicated_nodes, 10),
         {9, 0, Deallocation::requeue},
         ";n=9",
         ""},
        {"E9c",
         kE9,
         Pool()
             .targets(390, 0)
             .samples(Variable::cpu_percent, times(19, 0.9) + Vector{0.6} + times(100, 0.9))
             .current(Variable::current_dedicated_nodes, 390),
         {390, 0, Deallocation::requeue},
         ";n=390",
         ""},
        {"E9d",
         kE9,
         Pool()
             .targets(390, 0)
             .samples(Variable::cpu_percent, times(120, 0.9))
             .current(Variable::current_dedicated_nodes, 390),
         {400, 0, Deallocation::requeue},
         ";n=429.00000000000006",
         ""},
        {"E9e",
         kE9,
         Pool()
             .targets(5, 0)
             .samples(Variable::cpu_percent, times(120, 0.9))
             .current(Variable::current_dedicated_nodes, 5),
         {5, 0, Deallocation::requeue},
         ";n=5.5",
         ""},
        {"E10a",
         kE10a,
         Pool().targets(3, 0).samples(Variable::cpu_percent, times(18, 0.6), 90),
         {3, 0, Deallocation::requeue},
         "",
         "Line 1, Col 32: Insufficient data from data set: $CPUPercent wanted 95%, received 90%"},
        {"E10b",
         kE10b,
         Pool().targets(3, 0).samples(Variable::cpu_percent, times(18, 0.6), 90),
         {6, 0, Deallocation::requeue},
         ";cpu=0.5999999999999999",
         ""},
        {"E10c",
         kE10c,
         Pool().targets(3, 0).samples(Variable::cpu_percent, times(18, 0.6), 90),
         {6, 0, Deallocation::requeue},
         ";cpu=0.5999999999999999",
         ""},
        {"E11",
         kE11,
         Pool().samples(Variable::running_tasks, {2, 4, 4, 4, 5, 5, 7, 9}),
         {6, 2, Deallocation::requeue},
         ";a=5;b=6;n=10;p=4.5;q=15.231546211727817;r=7;s=2.138089935299395;t=40;v=[2,4,4,4,5,5,7,9]",
         ""},
        {"E12",
         kE12,
         Pool().samples(Variable::active_tasks, {1, 2, 4}),
         {17, 5, Deallocation::requeue},
         ";l=[0,1,2];v=[1,2,4];w=[3,5,9];x=[2,3,5]",
         ""},
        {"E13a", kE13a, Pool().targets(1, 0), {5, 0, Deallocation::requeue}, "", ""},
        {"E13b", kE13b, Pool().targets(1, 0), {5, 0, Deallocation::requeue}, "", ""},
        {"E13c", kE13c, Pool().targets(1, 0), {3, 0, Deallocation::requeue}, "", ""},
        {"E14", kE14, Pool(), {14, 0, Deallocation::requeue}, ";a=1;b=1;c=1;d=-4;e=1;f=14", ""},
        {"E15a",
         kE15,
         Pool().now("2024-03-04T02:30:00Z").targets(2, 6),
         {2, 3, Deallocation::retaineddata},
         ";late=1",
         ""},
        {"E15b",
         kE15,
         Pool().now("2024-03-04T02:29:59Z").targets(2, 6),
         {2, 6, Deallocation::retaineddata},
         ";late=0",
         ""},
        {"E16a",
         kE16,
         Pool().targets(1, 0).samples(Variable::pending_tasks, {6, 4, 5}),
         {4, 0, Deallocation::requeue},
         ";warm=1",
         ""},
        {"E16b",
         kE16,
         Pool().targets(7, 0),
         {7, 0, Deallocation::requeue},
         "",
         "Line 2, Col 59: Insufficient data from data set: $PendingTasks wanted 10%, received 0%"},
        {"E16c",
         kE16,
         Pool().now("2024-03-04T11:51:00Z").targets(7, 0),
         {1, 0, Deallocation::requeue},
         ";warm=0",
         ""},
        {"E17", kE17, Pool(), {2, 6, Deallocation::requeue}, "", ""},
        {"E18",
         kE18,
         Pool().targets(4, 1).current(Variable::current_dedicated_nodes, 4),
         {4, 0, Deallocation::requeue},
         ";cur=4",
         ""},
    };
}

class WorkedExample : public testing::TestWithParam<Example> {};

TEST_P(WorkedExample, ComesOutAsWritten) {
    auto const& example = GetParam();

    auto const outcome = example.pool.evaluate(example.formula);

    EXPECT_EQ(outcome.decision, example.decision);
    EXPECT_EQ(outcome.error ? outcome.error->values.at(0).value : "", example.error);
    EXPECT_EQ(
        outcome.results,
        fmt::format(
            "$TargetDedicatedNodes={};$TargetLowPriorityNodes={};$NodeDeallocationOption={}{}",
            example.decision.dedicated,
            example.decision.low_priority,
            to_text(example.decision.deallocation),
            example.results
        )
    );
}

INSTANTIATE_TEST_SUITE_P(Autoscale, WorkedExample, testing::ValuesIn(examples()), [](auto const& test) {
    return std::string(test.param.name);
});

}  // namespace
}  // namespace bluebatch::emulator::autoscale
