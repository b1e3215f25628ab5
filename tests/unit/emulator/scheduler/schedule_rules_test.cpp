#include "emulator/scheduler/schedule_rules.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace bluebatch::emulator::scheduler {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr base::TimePoint kFirstStart{base::Ticks{17'095'464'000'000'000}};

domain::JobSchedule hourly() {
    domain::JobSchedule schedule;
    schedule.id = "s";
    schedule.recurrence.interval = hours{1};
    schedule.next_run_time = kFirstStart;
    return schedule;
}

domain::JobSchedule once() {
    auto schedule = hourly();
    schedule.recurrence.interval.reset();
    return schedule;
}

// Batch: SCH-5
TEST(PlanSchedule, MakesTheFirstJobAtOnceAndTheNextAfterTheInterval) {
    auto const step = plan_schedule(hourly(), JobIsActive::no, kFirstStart + minutes{1});

    EXPECT_TRUE(step.create_job);
    EXPECT_EQ(step.next_run_time, kFirstStart + hours{1});
    EXPECT_EQ(step.look_again, kFirstStart + hours{1});
    EXPECT_FALSE(step.complete);
}

// Batch: SCH-5
TEST(PlanSchedule, WaitsForATimeToCome) {
    auto const step = plan_schedule(hourly(), JobIsActive::no, kFirstStart - minutes{1});

    EXPECT_FALSE(step.create_job);
    EXPECT_EQ(step.next_run_time, kFirstStart);
    EXPECT_EQ(step.look_again, kFirstStart);
}

// Batch: SCH-3, SCH-6
TEST(PlanSchedule, AJobThatGoesOnHoldsBackTheNext) {
    auto schedule = hourly();
    auto const busy = plan_schedule(schedule, JobIsActive::yes, kFirstStart + minutes{5});

    EXPECT_FALSE(busy.create_job);
    EXPECT_EQ(busy.next_run_time, kFirstStart);
    schedule.next_run_time = busy.next_run_time;
    auto const free = plan_schedule(schedule, JobIsActive::no, kFirstStart + minutes{20});
    EXPECT_TRUE(free.create_job);
    EXPECT_EQ(free.next_run_time, kFirstStart + hours{1});
}

// Batch: SCH-6
TEST(PlanSchedule, AJobThatIsTooLateIsDropped) {
    auto schedule = hourly();
    schedule.recurrence.start_window = minutes{10};

    auto const in_time = plan_schedule(schedule, JobIsActive::no, kFirstStart + minutes{10});
    auto const too_late = plan_schedule(schedule, JobIsActive::no, kFirstStart + minutes{11});

    EXPECT_TRUE(in_time.create_job);
    EXPECT_FALSE(too_late.create_job);
    EXPECT_EQ(too_late.next_run_time, kFirstStart + hours{1});
    EXPECT_FALSE(too_late.complete);
}

// Batch: SCH-6
TEST(PlanSchedule, JobsThatAreDueDoNotAccumulate) {
    auto schedule = hourly();
    schedule.recurrence.start_window = hours{100};

    auto const step = plan_schedule(schedule, JobIsActive::no, kFirstStart + hours{5} + minutes{7});

    EXPECT_TRUE(step.create_job);
    EXPECT_EQ(step.next_run_time, kFirstStart + hours{6});
}

// Batch: SCH-7
TEST(PlanSchedule, WithoutRecurrenceThereIsOneJob) {
    auto schedule = once();
    auto const first = plan_schedule(schedule, JobIsActive::no, kFirstStart);
    EXPECT_TRUE(first.create_job);
    EXPECT_FALSE(first.complete);
    EXPECT_EQ(first.next_run_time, std::nullopt);

    schedule.next_run_time = first.next_run_time;
    EXPECT_FALSE(plan_schedule(schedule, JobIsActive::yes, kFirstStart + hours{9}).complete);
    auto const last = plan_schedule(schedule, JobIsActive::no, kFirstStart + hours{9});
    EXPECT_TRUE(last.complete);
    EXPECT_FALSE(last.create_job);
}

// Batch: SCH-7, SCH-14
TEST(PlanSchedule, AfterTheDeadlineThereIsNoMoreJob) {
    auto schedule = hourly();
    schedule.recurrence.do_not_run_after = kFirstStart + minutes{90};
    schedule.next_run_time = kFirstStart + hours{1};

    auto const last = plan_schedule(schedule, JobIsActive::no, kFirstStart + hours{1});
    EXPECT_TRUE(last.create_job);
    EXPECT_EQ(last.next_run_time, std::nullopt);

    schedule.next_run_time = last.next_run_time;
    auto const waits = plan_schedule(schedule, JobIsActive::no, kFirstStart + minutes{80});
    EXPECT_FALSE(waits.complete);
    EXPECT_EQ(waits.look_again, kFirstStart + minutes{90} + base::Ticks{1});
    EXPECT_FALSE(plan_schedule(schedule, JobIsActive::yes, *waits.look_again).complete);
    EXPECT_TRUE(plan_schedule(schedule, JobIsActive::no, *waits.look_again).complete);
}

TEST(PlanSchedule, AJobHeldBackBeyondTheDeadlineIsNotMade) {
    auto schedule = hourly();
    schedule.recurrence.do_not_run_after = kFirstStart + minutes{30};

    auto const step = plan_schedule(schedule, JobIsActive::no, kFirstStart + minutes{31});

    EXPECT_FALSE(step.create_job);
    EXPECT_TRUE(step.complete);
    EXPECT_EQ(step.next_run_time, std::nullopt);
}

TEST(PlanSchedule, AnIntervalWithoutEndComesOnce) {
    auto schedule = hourly();
    schedule.recurrence.interval = base::kUnlimited;

    auto const step = plan_schedule(schedule, JobIsActive::no, kFirstStart + hours{1});

    EXPECT_TRUE(step.create_job);
    EXPECT_EQ(step.next_run_time, std::nullopt);
}

}  // namespace
}  // namespace bluebatch::emulator::scheduler
