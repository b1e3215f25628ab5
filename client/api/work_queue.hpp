#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace bluebatch::client {

// A few threads that carry out what is given to them, first come first served. Work must not wait for other
// work of the same queue. Work that has not begun is dropped when the queue is destroyed.
class WorkQueue {
public:
    explicit WorkQueue(unsigned threads);
    ~WorkQueue();
    WorkQueue(WorkQueue const&) = delete;
    WorkQueue& operator=(WorkQueue const&) = delete;

    void submit(std::function<void()> work);
    // Before all that waits, in this order: for work that goes on with what has begun.
    void submit_first(std::vector<std::function<void()>> work);
    // Until everything that was submitted is done.
    void wait();

private:
    void run(std::stop_token stop);

    std::mutex mutex_;
    std::condition_variable_any has_work_;
    std::condition_variable is_idle_;
    std::deque<std::function<void()>> waiting_;
    std::size_t running_ = 0;
    std::vector<std::jthread> threads_;
};

}  // namespace bluebatch::client
