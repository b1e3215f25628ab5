#include "emulator/node/worker_pool.hpp"

#include "shared/base/log.hpp"

#include <system_error>
#include <utility>

namespace bluebatch::emulator::node {

WorkerPool::WorkerPool(std::size_t most, StartThread start_thread)
    : most_(most), start_thread_(std::move(start_thread)) {}

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
    bool const all_busy = jobs_.size() >= free_;
    if (all_busy && threads_.size() < most_) add_thread();
    jobs_.push_back(std::move(job));
    changed_.notify_one();
}

void WorkerPool::add_thread() {
    try {
        threads_.push_back(start_thread_([this] { work(); }));
    } catch (std::system_error const& error) {
        if (threads_.empty()) throw;
        base::log::warning("no thread more than {} could be started: {}", threads_.size(), error.what());
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
