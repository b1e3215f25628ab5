#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace bluebatch::emulator::node {

// Runs jobs on up to `most` threads; one is started only when there is a job and no thread is free. Jobs must
// not throw.
class WorkerPool {
public:
    explicit WorkerPool(std::size_t most) : most_(most) {}
    ~WorkerPool();  // runs what is queued, then joins
    WorkerPool(WorkerPool const&) = delete;
    WorkerPool& operator=(WorkerPool const&) = delete;

    void add(std::function<void()> job);

private:
    void work();

    std::size_t const most_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> jobs_;
    std::size_t free_ = 0;  // threads that wait
    bool closing_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace bluebatch::emulator::node
