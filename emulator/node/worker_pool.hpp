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
    using StartThread = std::function<std::thread(std::function<void()>)>;

    explicit WorkerPool(std::size_t most, StartThread start_thread = start_std_thread);
    ~WorkerPool();  // runs what is queued, then joins
    WorkerPool(WorkerPool const&) = delete;
    WorkerPool& operator=(WorkerPool const&) = delete;

    // Where the machine has no more threads, the job waits for one of those that are there. Throws
    // std::system_error, and takes no job, when there is none at all.
    void add(std::function<void()> job);

private:
    static std::thread start_std_thread(std::function<void()> work) { return std::thread(std::move(work)); }
    void add_thread();
    void work();

    std::size_t const most_;
    StartThread const start_thread_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> jobs_;
    std::size_t free_ = 0;  // threads that wait
    bool closing_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace bluebatch::emulator::node
