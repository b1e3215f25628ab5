#include "emulator/batch/service/usage.hpp"

#include "emulator/domain/vm_size.hpp"

#include <algorithm>

namespace bluebatch::emulator::batch::service {
namespace {

using storage::UsageSpan;

base::Ticks time_within(domain::NodeUsage const& usage, UsageSpan const& span) {
    auto const start = std::max(usage.start, span.start);
    auto const end = std::min(usage.end.value_or(span.end), span.end);
    return std::max(end - start, base::Ticks{0});
}

int cores_of(domain::NodeUsage const& usage) {
    return domain::find_cores(usage.vm_size).value_or(1);
}

// One entry for each pool and size of machine; the usage is in that order.
std::vector<UsageMetrics> in_interval(
    std::vector<domain::NodeUsage> const& usage, UsageSpan const& interval, base::TimePoint now
) {
    UsageSpan const counted{interval.start, std::min(interval.end, now)};
    std::vector<UsageMetrics> metrics;
    int cores = 1;  // of the entry's machines; a pool may have thousands of them
    for (auto const& node : usage) {
        auto const time = time_within(node, counted);
        if (time == base::Ticks{0}) continue;
        bool const is_same = !metrics.empty() && metrics.back().pool_id == node.pool_id &&
                             metrics.back().vm_size == node.vm_size;
        if (!is_same) {
            metrics.push_back({node.pool_id, node.vm_size, interval.start, base::Ticks{0}});
            cores = cores_of(node);
        }
        metrics.back().core_time += time * cores;
    }
    return metrics;
}

}  // namespace

base::TimePoint begin_of_interval(base::TimePoint time) {
    auto const ticks = time.time_since_epoch();
    return time - ticks % kUsageInterval;
}

base::Ticks core_time(std::vector<domain::NodeUsage> const& usage, UsageSpan const& span) {
    base::Ticks total{0};
    for (auto const& node : usage)
        total += time_within(node, span) * cores_of(node);
    return total;
}

UsagePage list_usage(
    Context const& context,
    UsageSpan span,
    UsagePlace const& from,
    std::optional<codec::odata::Filter> const& filter,
    std::size_t limit
) {
    storage::Snapshot snapshot(context.database);
    auto const usage = storage::list_node_usage(snapshot.connection(), span, filter);
    UsagePage page;
    if (usage.empty()) return page;
    auto const first = std::ranges::min(usage, {}, &domain::NodeUsage::start).start;
    auto const last = std::min(span.end, context.now);
    auto begin = std::max({begin_of_interval(span.start), begin_of_interval(first), from.interval});
    for (; begin < last; begin += kUsageInterval) {
        auto const metrics = in_interval(usage, {begin, begin + kUsageInterval}, context.now);
        std::size_t skipped = begin == from.interval ? from.entries : 0;
        for (std::size_t i = skipped; i < metrics.size(); ++i) {
            if (page.metrics.size() == limit) {
                page.next = UsagePlace{begin, i};
                return page;
            }
            page.metrics.push_back(metrics[i]);
        }
    }
    return page;
}

}  // namespace bluebatch::emulator::batch::service
