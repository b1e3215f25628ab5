#pragma once

#include "shared/base/clock.hpp"

#include <atomic>

namespace bluebatch::tests {

// Stands still until told otherwise; starts at 2024-03-04T10:00:00Z, a Monday.
class ManualClock final : public base::Clock {
public:
    base::TimePoint now() const override { return base::TimePoint{base::Ticks{ticks_.load()}}; }
    void advance(base::Ticks by) { ticks_ += by.count(); }
    void set(base::TimePoint time) { ticks_ = time.time_since_epoch().count(); }

private:
    std::atomic<std::int64_t> ticks_ = 17'095'464'000'000'000;
};

}  // namespace bluebatch::tests
