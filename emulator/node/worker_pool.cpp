#include "emulator/node/worker_pool.hpp"

namespace bluebatch::emulator::node {

WorkerPool::~WorkerPool() {
    {
        std::scoped_lock const lock(mutex_);
        closing_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_)
        thread.join();
}

void WorkerPool::add(std::function<void()> job) {
    std::scoped_lock const lock(mutex_);
    jobs_.push_back(std::move(job));
    bool const all_busy = jobs_.size() > free_;
    if (all_busy && threads_.size() < most_) {
        threads_.emplace_back([this] { work(); });
    } else {
        changed_.notify_one();
    }
}

void WorkerPool::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        ++free_;
        changed_.wait(lock, [this] { return closing_ || !jobs_.empty(); });
        --free_;
        if (jobs_.empty()) return;
        auto const job = std::move(jobs_.front());
        jobs_.pop_front();
        lock.unlock();
        job();
        lock.lock();
    }
}

}  // namespace bluebatch::emulator::node
