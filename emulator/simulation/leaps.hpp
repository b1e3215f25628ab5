#pragma once

#include "shared/base/adjustable_clock.hpp"

#include <cstddef>
#include <mutex>
#include <optional>
#include <vector>

namespace bluebatch::emulator::simulation {

// Moves the clock on where nothing but simulated work would pass the time. All accounts share the clock, so
// it never goes further than to what the first of them waits for. A clock that a user has stopped stays where
// it is. Thread-safe.
class Leaps {
public:
    explicit Leaps(base::AdjustableClock& clock) : clock_(clock) {}

    // For an account, which is known by the number from then on.
    std::size_t join();
    void leave(std::size_t account);
    // No leap comes after this.
    void end();
    // The account has nothing left to do before `next`; while it `waits` for simulated work, and all others
    // rest as well, time may leap.
    void wait(std::size_t account, std::optional<base::TimePoint> next, bool waits);
    // It does something again.
    void go_on(std::size_t account);

private:
    struct Account {
        std::optional<base::TimePoint> next;
        bool waits = false;
        bool rests = false;
    };

    void leap_if_all_rest();  // with the mutex held

    base::AdjustableClock& clock_;
    std::mutex mutex_;
    std::vector<Account> accounts_;
    bool is_over_ = false;
};

}  // namespace bluebatch::emulator::simulation
