#pragma once

#include "client/api/waiter.hpp"
#include "shared/base/clock.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>

namespace bluebatch::client {

// How many requests of one service are under way at once: half as many whenever it asks for less, and one
// more for each such number that goes well again. While it asks for a pause nobody begins. Thread-safe.
class Throttle {
public:
    Throttle(base::Clock const& clock, Waiter& waiter) : clock_(clock), waiter_(waiter) {}

    // One request that is under way.
    class Place {
    public:
        explicit Place(Throttle& throttle, std::uint64_t round) : throttle_(throttle), round_(round) {}
        ~Place() { throttle_.leave(); }
        Place(Place const&) = delete;
        Place& operator=(Place const&) = delete;

    private:
        friend class Throttle;
        Throttle& throttle_;
        std::uint64_t round_;
    };

    // Waits until there is a place, or a stop is requested. Pauses are taken from `patience`; none where the
    // service asks for a longer one.
    std::unique_ptr<Place> enter(std::stop_token const& stop, std::chrono::milliseconds& patience);
    void went_well();
    // Several requests that were under way together are refused together, which counts once.
    void slow_down(Place const& place);
    // Nobody begins for that long. Of a longer pause only the beginning is for everybody: one word of the
    // service does not hold up what others may want of it later.
    void pause(std::chrono::milliseconds duration);
    // Is told the first time that the service asks for less.
    void on_slow_down(std::function<void()> tell) { tell_ = std::move(tell); }

    unsigned limit() const;

private:
    void leave();

    base::Clock const& clock_;
    Waiter& waiter_;
    std::function<void()> tell_;
    mutable std::mutex mutex_;
    std::condition_variable_any has_room_;
    double limit_ = kMostAtOnce;
    unsigned under_way_ = 0;
    std::uint64_t round_ = 0;
    base::TimePoint resume_at_{};

    static constexpr double kMostAtOnce = 64;
    static constexpr std::chrono::minutes kLongestPause{1};
};

}  // namespace bluebatch::client
