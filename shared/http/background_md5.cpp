#include "shared/http/background_md5.hpp"

#include "shared/base/md5_lanes.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

namespace bluebatch::http {

namespace {

// So long does a caller wait for others to fill a batch, which then takes about three times that.
constexpr std::chrono::microseconds kPatience{100};

}  // namespace

// The threads that digest, shared by the whole process and started with the first large body.
class BackgroundMd5::Helpers {
public:
    static Helpers& shared() {
        static Helpers helpers;
        return helpers;
    }

    void add(BackgroundMd5& work, std::string_view piece) {
        std::unique_lock lock(mutex_);
        wait_until_waiting(lock, work, kMostWaiting - 1);
        work.pieces_[work.waiting_++] = piece;
        if (work.state_ == State::idle) enqueue(work);
        recent_[next_recent_++ % recent_.size()] = &work;
        count_bodies();
        wake_helper();
    }

    void leave(BackgroundMd5& work) {
        std::unique_lock lock(mutex_);
        wait_until_waiting(lock, work, 0);
        forget(work);
        wake_helper();
    }

    std::size_t waiting(BackgroundMd5 const& work) {
        std::scoped_lock const lock(mutex_);
        return work.waiting_;
    }

    void reduce(BackgroundMd5& work, std::size_t most) {
        std::unique_lock lock(mutex_);
        wait_until_waiting(lock, work, most);
    }

private:
    using Lock = std::unique_lock<std::mutex>;

    Helpers() {
        auto const count = std::clamp(std::thread::hardware_concurrency(), 1U, 8U);
        for (unsigned i = 0; i < count; ++i)
            threads_.emplace_back([this](std::stop_token const& stop) { run(stop); });
    }

    void run(std::stop_token const& stop) {
        Lock lock(mutex_);
        while (true) {
            ++sleeping_;
            bool const is_wanted = arrived_.wait(lock, stop, [this] { return is_batch_due(); });
            --sleeping_;
            if (!is_wanted) return;
            run_batch(lock);
        }
    }

    // The more pieces a batch takes, the less each of them costs. So it waits for a piece of every body that
    // is on its way; where lanes do not pay for so few, each piece goes by itself.
    bool is_batch_due() const {
        auto const wanted = bodies_ < lanes_.least() ? 1 : std::min(bodies_, lanes_.width());
        return queue_.size() >= wanted;
    }

    void forget(BackgroundMd5 const& work) {
        std::ranges::replace(recent_, &work, nullptr);
        count_bodies();
    }

    void count_bodies() {
        auto bodies = recent_;
        std::ranges::sort(bodies);
        auto const* const end = std::unique(bodies.begin(), bodies.end());
        bodies_ = static_cast<std::size_t>(end - bodies.begin()) - (bodies.front() == nullptr ? 1 : 0);
    }

    void enqueue(BackgroundMd5& work) {
        work.state_ = State::queued;
        queue_.push_back(&work);
    }

    void wake_helper() {
        if (sleeping_ > 0 && is_batch_due()) arrived_.notify_one();
    }

    void wait_until_waiting(Lock& lock, BackgroundMd5& work, std::size_t most) {
        bool is_patient = true;
        while (work.waiting_ > most) {
            if (work.state_ == State::running) {
                work.progress_.wait(lock);
            } else if (is_patient && !is_batch_due()) {
                is_patient = work.progress_.wait_for(lock, kPatience) == std::cv_status::no_timeout;
            } else {
                // Not left to what came before.
                std::erase(queue_, &work);
                queue_.push_front(&work);
                run_batch(lock);
            }
        }
    }

    // Takes a piece of each of the first in the queue.
    void run_batch(Lock& lock) {
        std::array<BackgroundMd5*, base::kMostMd5Lanes> taken{};
        std::array<base::Md5Piece, base::kMostMd5Lanes> pieces{};
        auto const count = std::min(queue_.size(), lanes_.width());
        for (std::size_t i = 0; i < count; ++i) {
            taken[i] = queue_.front();
            queue_.pop_front();
            taken[i]->state_ = State::running;
            pieces[i] = {&taken[i]->md5_, taken[i]->pieces_.front()};
        }
        lock.unlock();
        base::update_together(std::span(pieces).first(count), lanes_);
        lock.lock();
        for (auto* const work : std::span(taken).first(count))
            finish_piece(*work);
        wake_helper();
    }

    void finish_piece(BackgroundMd5& work) {
        std::shift_left(work.pieces_.begin(), work.pieces_.end(), 1);
        work.state_ = State::idle;
        if (--work.waiting_ > 0) enqueue(work);
        work.progress_.notify_one();
    }

    base::Md5Lanes const& lanes_ = base::Md5Lanes::best();
    std::mutex mutex_;
    std::condition_variable_any arrived_;
    std::deque<BackgroundMd5*> queue_;  // whose first piece is not at work
    // Whose the latest pieces were: the bodies that are on their way. One that stalls soon is not.
    std::array<BackgroundMd5 const*, 16> recent_{};
    std::size_t next_recent_ = 0;
    std::size_t bodies_ = 0;
    std::size_t sleeping_ = 0;
    std::vector<std::jthread> threads_;
};

BackgroundMd5::BackgroundMd5() = default;

BackgroundMd5::~BackgroundMd5() {
    if (is_used_) Helpers::shared().leave(*this);
}

void BackgroundMd5::update(std::string_view piece) {
    if (piece.empty()) return;
    is_used_ = true;
    Helpers::shared().add(*this, piece);
}

std::size_t BackgroundMd5::waiting() const {
    return is_used_ ? Helpers::shared().waiting(*this) : 0;
}

void BackgroundMd5::wait(std::size_t most) {
    if (is_used_) Helpers::shared().reduce(*this, most);
}

base::Md5Digest BackgroundMd5::finish() && {
    if (std::exchange(is_used_, false)) Helpers::shared().leave(*this);
    return std::move(md5_).finish();
}

}  // namespace bluebatch::http
