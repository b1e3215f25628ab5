#include "emulator/autoscale/sample_history.hpp"

#include "emulator/autoscale/choices.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace bluebatch::emulator::autoscale {
namespace {

constexpr base::TimePoint kStart{base::Ticks{17'095'464'000'000'000}};
constexpr auto kTasks = Variable::running_tasks;
constexpr auto kLoad = Variable::cpu_percent;

PoolSample tasks(double number) {
    PoolSample sample;
    sample[kTasks] = number;
    return sample;
}

// One sample each 30 seconds from kStart on.
SampleHistory history_of(Vector const& numbers) {
    SampleHistory history;
    auto time = kStart;
    for (auto const number : numbers) {
        history.record(time, tasks(number));
        time += kSamplePeriod;
    }
    return history;
}

Vector counting(std::size_t count) {
    Vector numbers(count);
    std::iota(numbers.begin(), numbers.end(), 0);
    return numbers;
}

// Batch: AS-47
TEST(SampleHistory, BeginsWithTheNewest) {
    auto const history = history_of({1, 1, 1, 2, 1});

    EXPECT_EQ(history.last(kTasks, 3), (Vector{1, 2, 1}));
    EXPECT_EQ(history.last(kTasks, 9), (Vector{1, 2, 1, 1, 1}));
    EXPECT_EQ(history.between(kTasks, kStart + kSamplePeriod, kStart + 4 * kSamplePeriod), (Vector{2, 1, 1}));
    EXPECT_EQ(history.count(kTasks), 5U);
    EXPECT_EQ(history.begin(kTasks), kStart);
}

TEST(SampleHistory, IncludesTheBeginOfAWindowAndNotItsEnd) {
    auto const history = history_of({1, 2, 3});
    auto const second = kStart + kSamplePeriod;

    EXPECT_EQ(history.between(kTasks, second, second + kSamplePeriod), (Vector{2}));
    EXPECT_EQ(history.between(kTasks, second + base::Ticks{1}, second + kSamplePeriod), Vector{});
    EXPECT_EQ(history.between(kTasks, kStart - std::chrono::hours{1}, kStart), Vector{});
}

TEST(SampleHistory, HasOnlyTheSamplesInWhichAVariableWasMeasured) {
    SampleHistory history;
    history.record(kStart, tasks(1));
    auto with_load = tasks(2);
    with_load[kLoad] = 0.5;
    history.record(kStart + kSamplePeriod, with_load);
    history.record(kStart + 2 * kSamplePeriod, tasks(2));
    history.record(kStart + 3 * kSamplePeriod, with_load);

    EXPECT_EQ(history.last(kLoad, 5), (Vector{0.5, 0.5}));
    EXPECT_EQ(history.count(kLoad), 2U);
    EXPECT_EQ(history.begin(kLoad), kStart + kSamplePeriod);
    EXPECT_EQ(history.count(kTasks), 4U);
    EXPECT_EQ(history.count(Variable::disk_bytes), 0U);
    EXPECT_EQ(history.begin(Variable::disk_bytes), std::nullopt);
}

TEST(SampleHistory, KeepsADay) {
    constexpr std::size_t kDay = kHistoryWindow / kSamplePeriod;
    auto const history = history_of(counting(kDay + 100));

    EXPECT_EQ(history.count(kTasks), kDay);
    EXPECT_EQ(history.begin(kTasks), kStart + 100 * kSamplePeriod);
    auto const all = history.last(kTasks, 2 * kDay);
    EXPECT_EQ(all.front(), kDay + 99);
    EXPECT_EQ(all.back(), 100);
}

TEST(SampleHistory, ForgetsByAgeWhenSamplesAreRare) {
    SampleHistory history;
    history.record(kStart, tasks(1));
    history.record(kStart + std::chrono::hours{12}, tasks(1));
    history.record(kStart + std::chrono::hours{25}, tasks(2));

    EXPECT_EQ(history.last(kTasks, 5), (Vector{2, 1}));

    history.record(kStart + std::chrono::hours{100}, tasks(2));
    EXPECT_EQ(history.last(kTasks, 5), (Vector{2}));
}

TEST(SampleHistory, IsBoundedHoweverOftenSamplesCome) {
    SampleHistory history;
    for (int i = 0; i < 4000; ++i)
        history.record(kStart + std::chrono::milliseconds{i}, tasks(i));

    EXPECT_EQ(history.count(kTasks), static_cast<std::size_t>(kHistoryWindow / kSamplePeriod));
    EXPECT_EQ(history.last(kTasks, 2), (Vector{3999, 3998}));
}

TEST(SampleHistory, FollowsAClockThatGoesBack) {
    auto history = history_of({1, 2, 3});

    history.record(kStart + kSamplePeriod, tasks(5));

    EXPECT_EQ(history.last(kTasks, 5), (Vector{5, 1}));
}

// Batch: AS-48
TEST(SampleHistory, CanStartAgain) {
    auto history = history_of({1, 2, 3});

    history.clear();
    EXPECT_EQ(history.count(kTasks), 0U);
    EXPECT_EQ(history.last(kTasks, 5), Vector{});

    history.record(kStart, tasks(3));
    EXPECT_EQ(history.last(kTasks, 5), (Vector{3}));
}

}  // namespace
}  // namespace bluebatch::emulator::autoscale
