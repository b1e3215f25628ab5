#pragma once

#include "shared/base/time.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <tuple>

namespace bluebatch::emulator::scheduler {

struct Timer {
    enum class Kind : std::uint8_t {
        node_started,
        node,
        run_wall_clock,
        job,
        job_schedule,
        pool,
        pool_sample,
        retention
    };

    base::TimePoint at;
    Kind kind = Kind::job;
    std::uint64_t key = 0;  // of the node, run, job, job schedule or pool

    friend bool operator<(Timer const& a, Timer const& b) {
        return std::tie(a.at, a.kind, a.key) < std::tie(b.at, b.kind, b.key);
    }
};

// What is due when.
class Timers {
public:
    void add(Timer timer) { timers_.insert(timer); }
    void remove(Timer timer) { timers_.erase(timer); }
    std::optional<base::TimePoint> next() const {
        return timers_.empty() ? std::nullopt : std::optional{timers_.begin()->at};
    }
    std::optional<Timer> take_due(base::TimePoint now) {
        if (timers_.empty() || timers_.begin()->at > now) return std::nullopt;
        return timers_.extract(timers_.begin()).value();
    }

private:
    std::set<Timer> timers_;
};

}  // namespace bluebatch::emulator::scheduler
