#pragma once

#include "shared/base/clock.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

namespace bluebatch::base {

// Goes with another clock until it is told otherwise: it can be set, moved and stopped while the program
// runs. Thread-safe.
class AdjustableClock final : public Clock {
public:
    // The other clock must outlive it.
    explicit AdjustableClock(Clock const& machine) : machine_(machine) {}

    TimePoint now() const override;
    TimePoint machine_now() const override { return machine_.now(); }
    bool is_frozen() const;

    struct Change {
        bool reset = false;                 // back to the other clock, before the rest
        std::optional<bool> frozen = {};    // stops it, or lets it go on from where it stands
        std::optional<TimePoint> now = {};  // where it stands from now on
        Ticks advance{0};                   // how far it moves after that
    };
    // Carries out all of it at once and then tells the listeners, on this thread.
    void apply(Change const& change);
    // Moves on to a time, unless it is there already or stands still; tells the listeners if it did.
    void go_on_to(TimePoint time);
    // Called after each change, for those who wait for a time. To be called before the first change.
    void on_change(std::function<void()> listener);

private:
    static constexpr std::int64_t kRunning = INT64_MIN;

    Clock const& machine_;
    std::mutex changing_;
    std::vector<std::function<void()>> listeners_;
    // A frozen clock stands at the first; one that runs is the other clock and the second.
    std::atomic<std::int64_t> frozen_at_ = kRunning;
    std::atomic<std::int64_t> offset_ = 0;
};

}  // namespace bluebatch::base
