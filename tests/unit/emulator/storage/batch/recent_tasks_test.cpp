#include "emulator/storage/batch/recent_tasks.hpp"

#include <gmock/gmock.h>

namespace bluebatch::emulator::storage::record {
namespace {

using ::testing::IsEmpty;

base::TimePoint at(std::int64_t ticks) {
    return base::TimePoint{base::Ticks{ticks}};
}

domain::RecentTask a_full_task() {
    domain::RecentTask task{"job", "task", domain::TaskState::completed, {}};
    task.execution.start_time = at(17'953'520'182'434'138);
    task.execution.end_time = at(17'953'520'631'586'989);
    task.execution.exit_code = -9;
    task.execution.result = domain::TaskResult::failure;
    task.execution.failure =
        domain::FailureInfo{domain::ErrorCategory::user_error, "FailureExitCode", "m\xff", {{"a", "b"}}};
    task.execution.retry_count = 300;
    task.execution.last_retry_time = at(-5);
    task.execution.requeue_count = 1;
    task.execution.last_requeue_time = at(17'953'520'182'434'137);
    task.subtask_id = 7;
    return task;
}

TEST(RecentTasks, AreReadAsTheyWereWritten) {
    auto const full = a_full_task();
    std::vector<domain::RecentTask> const written{
        full, {"job", "ä\"", domain::TaskState::running, {}}, {"other", "", domain::TaskState::active, {}}};

    auto const found = read_recent_tasks(write_recent_tasks(written));

    ASSERT_EQ(found.size(), 3U);
    auto const& execution = found[0].execution;
    EXPECT_EQ(found[0].job_id, "job");
    EXPECT_EQ(found[0].task_id, "task");
    EXPECT_EQ(found[0].state, domain::TaskState::completed);
    EXPECT_EQ(execution.start_time, full.execution.start_time);
    EXPECT_EQ(execution.end_time, full.execution.end_time);
    EXPECT_EQ(execution.exit_code, -9);
    EXPECT_EQ(execution.result, domain::TaskResult::failure);
    EXPECT_EQ(execution.failure->message, "m\xef\xbf\xbd");  // no text, so it is replaced
    EXPECT_EQ(execution.failure->details, full.execution.failure->details);
    EXPECT_EQ(execution.retry_count, 300);
    EXPECT_EQ(execution.last_retry_time, at(-5));
    EXPECT_EQ(execution.requeue_count, 1);
    EXPECT_EQ(execution.last_requeue_time, full.execution.last_requeue_time);
    EXPECT_EQ(found[0].subtask_id, 7);
    EXPECT_EQ(found[1].job_id, "job");
    EXPECT_EQ(found[1].task_id, "ä\"");
    EXPECT_EQ(found[1].execution.start_time, std::nullopt);
    EXPECT_EQ(found[1].execution.exit_code, std::nullopt);
    EXPECT_EQ(found[1].execution.failure, std::nullopt);
    EXPECT_EQ(found[1].subtask_id, std::nullopt);
    EXPECT_EQ(found[2].job_id, "other");
    EXPECT_EQ(found[2].state, domain::TaskState::active);
}

TEST(RecentTasks, MayBeNone) {
    EXPECT_THAT(read_recent_tasks(write_recent_tasks({})), IsEmpty());
}

TEST(RecentTasks, TakeLittleRoom) {
    domain::RecentTask task{"job", "t0287412", domain::TaskState::completed, {}};
    task.execution.start_time = at(17'953'520'182'434'138);
    task.execution.end_time = at(17'953'520'631'586'989);
    task.execution.exit_code = 0;
    task.execution.result = domain::TaskResult::success;

    auto const all = write_recent_tasks(std::vector(domain::kRecentTasks, task));

    EXPECT_LT(all.size(), 30 * domain::kRecentTasks);
}

TEST(RecentTasks, AreReadFromJsonOfEarlierVersions) {
    auto const objects = read_recent_tasks(R"([{"job":"j","task":"t","state":3,"execution":)"
                                           R"({"retries":2,"requeues":0,"start":10,"exit":3,"result":1}}])");
    auto const lists = read_recent_tasks(R"([["j","t",3,2,1,10,20,3,1,30,40,)"
                                         R"({"category":0,"code":"c","message":"m","details":[]},4],)"
                                         R"(["j","u",2,0,0,10,null,null,null,null,null,null]])");

    ASSERT_EQ(objects.size(), 1U);
    EXPECT_EQ(objects[0].job_id, "j");
    EXPECT_EQ(objects[0].task_id, "t");
    EXPECT_EQ(objects[0].state, domain::TaskState::completed);
    EXPECT_EQ(objects[0].execution.retry_count, 2);
    EXPECT_EQ(objects[0].execution.start_time, at(10));
    EXPECT_EQ(objects[0].execution.end_time, std::nullopt);
    EXPECT_EQ(objects[0].execution.exit_code, 3);
    EXPECT_EQ(objects[0].execution.result, domain::TaskResult::failure);
    EXPECT_EQ(objects[0].subtask_id, std::nullopt);
    ASSERT_EQ(lists.size(), 2U);
    EXPECT_EQ(lists[0].execution.requeue_count, 1);
    EXPECT_EQ(lists[0].execution.end_time, at(20));
    EXPECT_EQ(lists[0].execution.last_retry_time, at(30));
    EXPECT_EQ(lists[0].execution.last_requeue_time, at(40));
    EXPECT_EQ(lists[0].execution.failure->code, "c");
    EXPECT_EQ(lists[0].subtask_id, 4);
    EXPECT_EQ(lists[1].task_id, "u");
    EXPECT_EQ(lists[1].execution.exit_code, std::nullopt);
    EXPECT_EQ(lists[1].subtask_id, std::nullopt);
}

TEST(RecentTasks, AreRefusedWhereverTheyEndTooSoon) {
    auto const whole = write_recent_tasks({a_full_task()});
    for (std::size_t size = 2; size < whole.size(); ++size)
        EXPECT_ANY_THROW(read_recent_tasks(std::string_view(whole).substr(0, size))) << size;
}

TEST(RecentTasks, AreRefusedWithAStateThatThereIsNot) {
    auto damaged = write_recent_tasks({{"job", "task", domain::TaskState::completed, {}}});
    auto const state = damaged.find("task") + 4;
    damaged[state] = 9;
    EXPECT_ANY_THROW(read_recent_tasks(damaged));
}

}  // namespace
}  // namespace bluebatch::emulator::storage::record
