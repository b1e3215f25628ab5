#include "shared/http/background_md5.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace bluebatch::http {

// The threads that digest, shared by the whole process and started with the first large body.
class BackgroundMd5::Helpers {
public:
    static Helpers& shared() {
        static Helpers helpers;
        return helpers;
    }

    void begin(BackgroundMd5& work) {
        {
            std::scoped_lock const lock(mutex_);
            work.state_ = State::queued;
            queue_.push_back(&work);
        }
        arrived_.notify_one();
    }

    void finish(BackgroundMd5& work) {
        std::unique_lock lock(mutex_);
        if (work.state_ == State::queued) {
            queue_.erase(std::ranges::find(queue_, &work));
            work.state_ = State::idle;
            lock.unlock();
            return work.md5_.update(work.piece_);
        }
        done_.wait(lock, [&] { return work.state_ == State::idle; });
    }

private:
    Helpers() {
        auto const count = std::clamp(std::thread::hardware_concurrency(), 1U, 8U);
        for (unsigned i = 0; i < count; ++i)
            threads_.emplace_back([this](std::stop_token const& stop) { run(stop); });
    }

    void run(std::stop_token const& stop) {
        std::unique_lock lock(mutex_);
        while (arrived_.wait(lock, stop, [this] { return !queue_.empty(); })) {
            auto& work = *queue_.front();
            queue_.pop_front();
            work.state_ = State::running;
            lock.unlock();
            work.md5_.update(work.piece_);
            lock.lock();
            work.state_ = State::idle;
            done_.notify_all();
        }
    }

    std::mutex mutex_;
    std::condition_variable_any arrived_;
    std::condition_variable done_;
    std::deque<BackgroundMd5*> queue_;
    std::vector<std::jthread> threads_;
};

BackgroundMd5::BackgroundMd5() = default;

BackgroundMd5::~BackgroundMd5() {
    wait();
}

void BackgroundMd5::update(std::string_view piece) {
    wait();
    if (piece.empty()) return;
    piece_ = piece;
    Helpers::shared().begin(*this);
}

void BackgroundMd5::wait() {
    // Nobody else sets the piece, and without one nothing is queued.
    if (piece_.empty()) return;
    Helpers::shared().finish(*this);
    piece_ = {};
}

base::Md5Digest BackgroundMd5::finish() && {
    wait();
    return std::move(md5_).finish();
}

}  // namespace bluebatch::http
