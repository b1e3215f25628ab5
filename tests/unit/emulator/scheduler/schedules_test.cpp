#include "emulator/storage/batch/job_schedule_store.hpp"
#include "tests/unit/emulator/scheduler/scheduler_fixture.hpp"

namespace bluebatch::emulator::scheduler {
namespace {

using domain::JobScheduleState;
using domain::JobState;
using std::chrono::hours;

class Schedules : public SchedulerTest {
protected:
    void add_schedule(std::string id, std::optional<base::Ticks> interval) {
        domain::JobSchedule schedule;
        schedule.id = std::move(id);
        schedule.recurrence.interval = interval;
        schedule.creation_time = clock_.now();
        schedule.next_run_time = clock_.now();
        write([&](auto& transaction) { storage::insert_job_schedule(transaction, schedule); });
        notify(domain::Change::Kind::job_schedule, schedule.id);
    }
    void move_schedule(std::string const& id, JobScheduleState state) {
        write([&](auto& transaction) {
            auto schedule = storage::find_job_schedule(transaction.connection(), id);
            domain::move_to(*schedule, state, clock_.now());
            storage::update_job_schedule(transaction, *schedule);
        });
        notify(domain::Change::Kind::job_schedule, id);
    }
    std::optional<domain::JobSchedule> schedule(std::string const& id) {
        return read([&](auto& connection) { return storage::find_job_schedule(connection, id); });
    }
    bool has_state(std::string const& id, JobScheduleState state) {
        auto const found = schedule(id);
        return found && found->state == state;
    }
    void complete_job(std::string const& id) {
        ASSERT_TRUE(eventually([&] { return job(id).has_value(); }));
        change_job(id, [&](domain::Job& row) { domain::move_to(row, JobState::terminating, clock_.now()); });
        ASSERT_TRUE(eventually([&] { return SchedulerTest::has_state(id, JobState::completed); }));
    }
};

// Batch: SCH-2, SCH-5
TEST_F(Schedules, ADayOfHourlyJobs) {
    start();
    add_schedule("hourly", hours{1});
    for (int number = 1; number <= 24; ++number) {
        complete_job("hourly:job-" + std::to_string(number));
        settle();
        EXPECT_FALSE(job("hourly:job-" + std::to_string(number + 1)));
        advance(hours{1});
    }
    ASSERT_TRUE(eventually([&] { return job("hourly:job-25").has_value(); }));
    EXPECT_EQ(schedule("hourly")->jobs_created, 25);
    EXPECT_EQ(schedule("hourly")->recent_job_id, "hourly:job-25");
    EXPECT_EQ(job("hourly:job-25")->creation_time, clock_.now());
}

// Batch: SCH-3
TEST_F(Schedules, TheNextJobComesWhenTheOneBeforeItEnds) {
    start();
    add_schedule("s", hours{1});
    ASSERT_TRUE(eventually([&] { return job("s:job-1").has_value(); }));
    advance(hours{3});
    settle();
    EXPECT_FALSE(job("s:job-2"));

    complete_job("s:job-1");

    EXPECT_TRUE(eventually([&] { return job("s:job-2").has_value(); }));
    settle();
    EXPECT_FALSE(job("s:job-3"));
}

// Batch: SCH-7
TEST_F(Schedules, WithoutRecurrenceTheScheduleEndsWithItsJob) {
    start();
    add_schedule("once", std::nullopt);
    complete_job("once:job-1");

    EXPECT_TRUE(eventually([&] { return has_state("once", JobScheduleState::completed); }));
    EXPECT_EQ(schedule("once")->end_time, clock_.now());
    EXPECT_EQ(schedule("once")->jobs_created, 1);
}

// Batch: SCH-9
TEST_F(Schedules, OneThatIsDisabledMakesNoJobs) {
    start();
    add_schedule("s", hours{1});
    ASSERT_TRUE(eventually([&] { return job("s:job-1").has_value(); }));
    move_schedule("s", JobScheduleState::disabled);
    complete_job("s:job-1");
    advance(hours{2});
    settle();
    EXPECT_FALSE(job("s:job-2"));

    move_schedule("s", JobScheduleState::active);

    EXPECT_TRUE(eventually([&] { return job("s:job-2").has_value(); }));
}

// Batch: SCH-10
TEST_F(Schedules, TerminatingEndsItsJob) {
    start();
    add_schedule("s", hours{1});
    ASSERT_TRUE(eventually([&] { return job("s:job-1").has_value(); }));

    move_schedule("s", JobScheduleState::terminating);

    EXPECT_TRUE(eventually([&] { return has_state("s", JobScheduleState::completed); }));
    EXPECT_EQ(job("s:job-1")->terminate_reason, "TerminateWorkitem");
    EXPECT_EQ(job("s:job-1")->state, JobState::completed);
    EXPECT_EQ(schedule("s")->next_run_time, std::nullopt);
}

// Batch: SCH-10
TEST_F(Schedules, DeletingTakesAllItsJobs) {
    start();
    add_schedule("s", hours{1});
    complete_job("s:job-1");
    advance(hours{1});
    ASSERT_TRUE(eventually([&] { return job("s:job-2").has_value(); }));

    move_schedule("s", JobScheduleState::deleting);

    EXPECT_TRUE(eventually([&] { return !schedule("s"); }));
    EXPECT_FALSE(job("s:job-1"));
    EXPECT_FALSE(job("s:job-2"));
}

// Batch: SCH-12
TEST_F(Schedules, AJobThatIsDeletedDoesNotEndIt) {
    start();
    add_schedule("s", hours{1});
    ASSERT_TRUE(eventually([&] { return job("s:job-1").has_value(); }));
    change_job("s:job-1", [&](domain::Job& row) { domain::move_to(row, JobState::deleting, clock_.now()); });
    ASSERT_TRUE(eventually([&] { return !job("s:job-1"); }));

    advance(hours{1});

    EXPECT_TRUE(eventually([&] { return job("s:job-2").has_value(); }));
    EXPECT_TRUE(has_state("s", JobScheduleState::active));
}

TEST_F(Schedules, GoOnAfterARestart) {
    start();
    add_schedule("s", hours{1});
    complete_job("s:job-1");
    restart();
    settle();
    EXPECT_FALSE(job("s:job-2"));

    advance(hours{1});

    EXPECT_TRUE(eventually([&] { return job("s:job-2").has_value(); }));
}

// Batch: AUTO-3
TEST_F(Schedules, ThePoolOfAScheduleGoesWithIt) {
    start();
    add_pool(a_pool("shared", 1));
    add_schedule("s", hours{1});
    ASSERT_TRUE(eventually([&] { return job("s:job-1").has_value(); }));
    write([&](auto& transaction) {
        auto row = storage::find_job_schedule(transaction.connection(), "s");
        row->pool_id = "shared";
        storage::update_job_schedule(transaction, *row);
    });
    complete_job("s:job-1");
    settle();
    EXPECT_EQ(pool("shared")->state, domain::PoolState::active);

    move_schedule("s", JobScheduleState::terminating);

    EXPECT_TRUE(eventually([&] { return !pool("shared"); }));
}

}  // namespace
}  // namespace bluebatch::emulator::scheduler
