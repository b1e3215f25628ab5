#pragma once

#include "shared/base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace bluebatch::emulator::domain {

// How long a pool had a node. Pools and nodes may be gone since.
struct NodeUsage {
    std::string pool_id;
    std::string vm_size;
    bool is_dedicated = true;
    base::TimePoint start;
    std::optional<base::TimePoint> end;  // empty: it has it still
};

// What the runs of tasks add up to.
struct TaskTotals {
    std::optional<base::TimePoint> first_creation;
    base::Ticks wall_clock_time{0};
    base::Ticks wait_time{0};  // between creation and start
    std::int64_t succeeded = 0;
    std::int64_t failed = 0;
    std::int64_t retries = 0;
};

}  // namespace bluebatch::emulator::domain
