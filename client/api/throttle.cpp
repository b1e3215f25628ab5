#include "client/api/throttle.hpp"

#include <algorithm>

namespace bluebatch::client {

std::unique_ptr<Throttle::Place> Throttle::enter(
    std::stop_token const& stop, std::chrono::milliseconds& patience
) {
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
        auto const left = std::chrono::ceil<std::chrono::milliseconds>(resume_at_ - clock_.now());
        // No pause is longer, so somebody has set the clock back.
        if (left > kLongestPause) resume_at_ = {};
        if (left > std::chrono::milliseconds(0) && left <= kLongestPause) {
            if (left > patience) return nullptr;
            patience -= left;
            lock.unlock();
            waiter_.wait(left, stop);
            lock.lock();
        } else if (under_way_ < limit_) {
            break;
        } else {
            has_room_.wait(lock, stop, [this] { return under_way_ < limit_; });
        }
    }
    ++under_way_;
    return std::make_unique<Place>(*this, round_);
}

void Throttle::leave() {
    {
        std::scoped_lock const lock(mutex_);
        --under_way_;
    }
    has_room_.notify_one();
}

void Throttle::went_well() {
    {
        std::scoped_lock const lock(mutex_);
        if (limit_ >= kMostAtOnce) return;
        limit_ = std::min(kMostAtOnce, limit_ + 1 / limit_);
    }
    has_room_.notify_one();
}

void Throttle::slow_down(Place const& place) {
    bool is_first = false;
    {
        std::scoped_lock const lock(mutex_);
        if (place.round_ != round_) return;
        is_first = round_++ == 0;
        limit_ = std::max(1U, std::min(under_way_, static_cast<unsigned>(limit_)) / 2);
    }
    if (is_first && tell_) tell_();
}

void Throttle::pause(std::chrono::milliseconds duration) {
    std::scoped_lock const lock(mutex_);
    duration = std::min<std::chrono::milliseconds>(duration, kLongestPause);
    resume_at_ = std::max(resume_at_, clock_.now() + duration);
}

unsigned Throttle::limit() const {
    std::scoped_lock const lock(mutex_);
    return static_cast<unsigned>(limit_);
}

}  // namespace bluebatch::client
