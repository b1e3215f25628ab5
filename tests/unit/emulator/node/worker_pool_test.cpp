#include "emulator/node/worker_pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <system_error>

namespace bluebatch::emulator::node {
namespace {

// A machine that has only so many threads.
WorkerPool::StartThread at_most(int threads) {
    auto left = std::make_shared<int>(threads);
    return [left](std::function<void()> work) {
        if ((*left)-- <= 0) throw std::system_error(EAGAIN, std::generic_category(), "thread");
        return std::thread(std::move(work));
    };
}

TEST(WorkerPool, RunsJobsAtTheSameTime) {
    WorkerPool pool(2);
    std::promise<void> first;
    std::promise<void> second;
    pool.add([&] { second.get_future().wait(), first.set_value(); });
    pool.add([&] { second.set_value(); });
    first.get_future().wait();
}

TEST(WorkerPool, GoesOnWithTheThreadsThatThereAre) {
    std::atomic<int> done = 0;
    {
        WorkerPool pool(3, at_most(1));
        for (int i = 0; i < 10; ++i)
            pool.add([&] { ++done; });
    }
    EXPECT_EQ(done, 10);
}

TEST(WorkerPool, TakesNoJobThatNobodyWouldRun) {
    bool has_run = false;
    {
        WorkerPool pool(3, at_most(0));
        EXPECT_THROW(pool.add([&] { has_run = true; }), std::system_error);
    }
    EXPECT_FALSE(has_run);
}

}  // namespace
}  // namespace bluebatch::emulator::node
