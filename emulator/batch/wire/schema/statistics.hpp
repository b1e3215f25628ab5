#pragma once

#include "emulator/batch/wire/schema.hpp"

#include <array>

// What was used. Of the service's statistics there are those that are measured here; counts are texts, as the
// service writes them.
namespace bluebatch::emulator::batch::wire::schema {

// clang-format off
inline constexpr auto kUsageMetricsFields = std::to_array<Field>({
    text("poolId"),
    time("startTime"),
    time("endTime"),
    text("vmSize"),
    real("totalCoreHours"),
    real("dataIngressGiB").until(ApiVersion::v2018_08),
    real("dataEgressGiB").until(ApiVersion::v2018_08),
});
inline constexpr Object kUsageMetrics{"PoolUsageMetrics", kUsageMetricsFields};

inline constexpr auto kUsageStatisticsFields = std::to_array<Field>({
    time("startTime"),
    time("lastUpdateTime"),
    duration("dedicatedCoreTime"),
});
inline constexpr Object kUsageStatistics{"UsageStatistics", kUsageStatisticsFields};

inline constexpr auto kPoolStatisticsFields = std::to_array<Field>({
    text("url"),
    time("startTime"),
    time("lastUpdateTime"),
    object("usageStats", kUsageStatistics),
});
inline constexpr Object kPoolStatistics{"PoolStatistics", kPoolStatisticsFields};

inline constexpr auto kJobStatisticsFields = std::to_array<Field>({
    text("url"),
    time("startTime"),
    time("lastUpdateTime"),
    duration("wallClockTime"),
    text("numTaskRetries"),
    text("numSucceededTasks"),
    text("numFailedTasks"),
    duration("waitTime"),
});
inline constexpr Object kJobStatistics{"JobStatistics", kJobStatisticsFields};

inline constexpr auto kTaskStatisticsFields = std::to_array<Field>({
    text("url"),
    time("startTime"),
    time("lastUpdateTime"),
    duration("wallClockTime"),
    duration("waitTime"),
});
inline constexpr Object kTaskStatistics{"TaskStatistics", kTaskStatisticsFields};
// clang-format on

}  // namespace bluebatch::emulator::batch::wire::schema
