#pragma once

#include <cstdint>
#include <optional>

namespace bluebatch::emulator::domain {

// How much a Batch account may have at once; without a value, any amount. Batch: QUO-1
struct Quotas {
    std::optional<std::int64_t> pools = {};
    std::optional<std::int64_t> active_jobs_and_schedules = {};
    // Over all pools; what goes beyond is an error of the resize.
    std::optional<std::int64_t> dedicated_cores = {};
    std::optional<std::int64_t> low_priority_cores = {};
};

}  // namespace bluebatch::emulator::domain
