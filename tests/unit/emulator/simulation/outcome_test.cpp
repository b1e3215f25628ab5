#include "emulator/simulation/outcome.hpp"

#include <gtest/gtest.h>

#include <set>

namespace bluebatch::emulator::simulation {
namespace {

using namespace std::chrono_literals;

constexpr base::TimePoint kStart{base::Ticks{17'095'464'000'000'000}};
constexpr Behaviour kRange{.time = {10s, 60s}, .failing_percent = 0, .seed = std::nullopt};

domain::RunCommand task(std::string id, std::vector<domain::NameValue> settings = {}) {
    domain::RunCommand command;
    command.run = 7;
    command.job_id = "job";
    command.task_id = std::move(id);
    command.start_time = kStart;
    command.specification.environment_settings = std::move(settings);
    return command;
}

TEST(Outcome, TakesATimeOfTheRange) {
    std::set<base::Ticks> times;
    for (int i = 0; i < 1000; ++i) {
        auto const report = outcome_of(task("t" + std::to_string(i)), kRange, 1);
        EXPECT_EQ(report.run, 7U);
        EXPECT_EQ(report.exit_code, 0);
        times.insert(report.end_time - report.start_time);
    }
    EXPECT_GE(*times.begin(), 10s);
    EXPECT_LE(*times.rbegin(), 60s);
    EXPECT_LT(*times.begin(), 11s);
    EXPECT_GT(*times.rbegin(), 59s);
    EXPECT_GT(times.size(), 990U);
}

TEST(Outcome, IsTheSameForTheSameTaskAndSeed) {
    auto const end = outcome_of(task("t"), kRange, 1).end_time;
    EXPECT_EQ(outcome_of(task("T"), kRange, 1).end_time, end) << "ids compare without case";
    EXPECT_NE(outcome_of(task("u"), kRange, 1).end_time, end);
    EXPECT_NE(outcome_of(task("t"), kRange, 2).end_time, end);
    auto retry = task("t");
    retry.retry_count = 1;
    EXPECT_NE(outcome_of(retry, kRange, 1).end_time, end);
    auto elsewhere = task("t");
    elsewhere.node_id = "tvmps_2";
    EXPECT_EQ(outcome_of(elsewhere, kRange, 1).end_time, end);
}

TEST(Outcome, FailsAsOftenAsItIsTold) {
    Behaviour const often{.time = {1s, 1s}, .failing_percent = 20, .seed = std::nullopt};
    int failed = 0;
    for (int i = 0; i < 1000; ++i) {
        auto const report = outcome_of(task("t" + std::to_string(i)), often, 1);
        if (report.exit_code == 0) continue;
        ++failed;
        EXPECT_EQ(report.exit_code, 1);
        EXPECT_TRUE(report.retryable);
        EXPECT_EQ(report.failure, domain::failure_exit_code());
    }
    EXPECT_NEAR(failed, 200, 50);
}

TEST(Outcome, IsWhatTheTaskSays) {
    auto const report = outcome_of(
        task("t", {{"BLUEBATCH_SIMULATED_TIME", "2h"}, {"BLUEBATCH_SIMULATED_EXIT_CODE", "3"}}), kRange, 1
    );
    EXPECT_EQ(report.end_time - report.start_time, 2h);
    EXPECT_EQ(report.exit_code, 3);
    EXPECT_EQ(report.failure, domain::failure_exit_code());
}

TEST(Outcome, OfASettingThatIsWrongIsAFailureThatNamesIt) {
    for (domain::NameValue const& setting :
         {domain::NameValue{"BLUEBATCH_SIMULATED_TIME", "soon"},
          domain::NameValue{"BLUEBATCH_SIMULATED_EXIT_CODE", "256"},
          domain::NameValue{"BLUEBATCH_SIMULATED_EXIT_CODE", ""}}) {
        auto const report = outcome_of(task("t", {setting}), kRange, 1);
        EXPECT_EQ(report.exit_code, std::nullopt);
        EXPECT_FALSE(report.retryable);
        EXPECT_EQ(report.end_time, kStart);
        ASSERT_TRUE(report.failure);
        EXPECT_EQ(report.failure->code, "CommandLaunchFailed");
        EXPECT_NE(report.failure->message.find(setting.name), std::string::npos);
    }
}

TEST(Outcome, OfAStartTaskTakesNoTimeUnlessItSaysSo) {
    auto command = task("", {});
    command.kind = domain::RunKind::start_task;
    Behaviour const failing{.time = {10s, 60s}, .failing_percent = 100, .seed = std::nullopt};
    EXPECT_EQ(outcome_of(command, failing, 1).end_time, kStart);
    EXPECT_EQ(outcome_of(command, failing, 1).exit_code, 0);
    command.specification.environment_settings.push_back({"BLUEBATCH_SIMULATED_TIME", "3m"});
    EXPECT_EQ(outcome_of(command, failing, 1).end_time - kStart, 3min);
}

}  // namespace
}  // namespace bluebatch::emulator::simulation
