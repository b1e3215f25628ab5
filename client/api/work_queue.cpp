#include "client/api/work_queue.hpp"

#include <iterator>
#include <utility>

namespace bluebatch::client {

WorkQueue::WorkQueue(unsigned threads) {
    threads_.reserve(threads);
    for (unsigned i = 0; i < threads; ++i) {
        threads_.emplace_back([this](std::stop_token stop) { run(std::move(stop)); });
    }
}

WorkQueue::~WorkQueue() {
    {
        std::scoped_lock const lock(mutex_);
        waiting_.clear();
    }
    for (auto& thread : threads_)
        thread.request_stop();
}

void WorkQueue::submit(std::function<void()> work) {
    {
        std::scoped_lock const lock(mutex_);
        waiting_.push_back(std::move(work));
    }
    has_work_.notify_one();
}

void WorkQueue::submit_first(std::vector<std::function<void()>> work) {
    {
        std::scoped_lock const lock(mutex_);
        waiting_.insert(
            waiting_.begin(), std::make_move_iterator(work.begin()), std::make_move_iterator(work.end())
        );
    }
    has_work_.notify_all();
}

void WorkQueue::wait() {
    std::unique_lock lock(mutex_);
    is_idle_.wait(lock, [this] { return waiting_.empty() && running_ == 0; });
}

void WorkQueue::run(std::stop_token stop) {
    std::unique_lock lock(mutex_);
    while (has_work_.wait(lock, stop, [this] { return !waiting_.empty(); })) {
        auto work = std::move(waiting_.front());
        waiting_.pop_front();
        ++running_;
        lock.unlock();
        work();
        work = nullptr;
        lock.lock();
        --running_;
        if (waiting_.empty() && running_ == 0) is_idle_.notify_all();
    }
}

}  // namespace bluebatch::client
