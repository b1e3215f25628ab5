#include "emulator/batch/rules/rules.hpp"
#include "emulator/batch/wire/reader.hpp"

namespace bluebatch::emulator::batch::rules {
namespace {

using wire::find;
using wire::Json;
using wire::text_of;

constexpr std::int64_t kHighestPriority = 1000;  // Batch: JOB-7

Fault check_pool_info(Json const& body) {
    auto const* const pool_info = find(body, "poolInfo");
    if (pool_info == nullptr) return std::nullopt;
    // Batch: AUTO-1
    if (find(*pool_info, "poolId") == nullptr) return wire::missing_property("poolInfo.poolId");
    return check_id("poolInfo.poolId", text_of(*pool_info, "poolId"));
}

Fault check_constraints(Json const& body) {
    auto const* const constraints = find(body, "constraints");
    return constraints != nullptr ? check_range(*constraints, "maxTaskRetryCount", -1, INT32_MAX) : Fault{};
}

// Batch: JOB-8
Fault check_max_parallel_tasks(Json const& body) {
    auto const* const limit = find(body, "maxParallelTasks");
    if (limit == nullptr || *limit == -1 || *limit > 0) return std::nullopt;
    return wire::invalid_property(
        "maxParallelTasks", wire::dump(*limit), "The value must be -1 or greater than 0"
    );
}

}  // namespace

Fault check_job_members(Json const& body) {
    return first_of({
        check_display_name(body),
        check_range(body, "priority", -kHighestPriority, kHighestPriority),
        check_max_parallel_tasks(body),
        check_constraints(body),
        check_pool_info(body),
        check_environment(body, "commonEnvironmentSettings"),
    });
}

Fault check_new_job(Json const& body) {
    return first_of({check_id("id", text_of(body, "id")), check_job_members(body)});
}

}  // namespace bluebatch::emulator::batch::rules
