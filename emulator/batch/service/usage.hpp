#pragma once

#include "emulator/batch/service/context.hpp"
#include "emulator/storage/batch/usage_store.hpp"

#include <map>
#include <string>

namespace bluebatch::emulator::batch::service {

// Usage is told for each half of an hour.
inline constexpr base::Ticks kUsageInterval = std::chrono::minutes{30};

base::TimePoint begin_of_interval(base::TimePoint time);

// Cores times the time that they were had. A size that does not tell its cores counts as one.
base::Ticks core_time(std::vector<domain::NodeUsage> const& usage, storage::UsageSpan const& span);

struct UsageMetrics {
    std::string pool_id;
    std::string vm_size;
    base::TimePoint interval;  // when it begins
    base::Ticks core_time{0};
};

// Where a page ended: in this interval, after so many of its entries.
struct UsagePlace {
    base::TimePoint interval;
    std::size_t entries = 0;
};
struct UsagePage {
    std::vector<UsageMetrics> metrics;
    std::optional<UsagePlace> next;
};

// What pools used in the intervals of the span, from `from` on and `limit` at most, in the order of time and
// of pools. An interval that is not over counts until now.
UsagePage list_usage(
    Context const& context,
    storage::UsageSpan span,
    UsagePlace const& from,
    std::optional<codec::odata::Filter> const& filter,
    std::size_t limit
);

}  // namespace bluebatch::emulator::batch::service
