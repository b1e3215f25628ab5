#include "emulator/batch/service/usage.hpp"

#include "emulator/batch/routes/statistics.hpp"
#include "emulator/batch/routes/tables.hpp"
#include "emulator/batch/wire/schema/statistics.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace bluebatch::emulator::batch::routes {
namespace {

using http::Verb;
using wire::Json;

constexpr http::ApiVersions kLifetime{"", "2022-10-01.16.0"};  // Batch: REST-4

Result<std::optional<base::TimePoint>> read_time(Call const& call, std::string_view name) {
    auto const text = call.request.find_query_ignoring_case(name).value_or("");
    if (text.empty()) return std::optional<base::TimePoint>{};
    if (auto const time = base::parse_iso8601(text)) return std::optional{*time};
    return invalid_query(name, text, "The value is not a time as ISO 8601 writes it");
}

// Without times: the interval that is under way; without a start: the last one before the end.
Result<storage::UsageSpan> read_span(Call const& call) {
    auto const start = read_time(call, "starttime");
    if (!start) return start.error();
    auto const end = read_time(call, "endtime");
    if (!end) return end.error();
    auto const until = end->value_or(service::begin_of_interval(call.now) + service::kUsageInterval);
    auto const last = service::begin_of_interval(std::min(call.now, until - base::Ticks{1}));
    storage::UsageSpan const span{start->value_or(last), until};
    if (span.start < span.end) return span;
    return invalid_query(
        "starttime",
        call.request.find_query_ignoring_case("starttime").value_or(""),
        "The start must lie before the end"
    );
}

// "TICKS/ENTRIES", as write_place() made it; the beginning for everything else.
service::UsagePlace read_place(std::string_view token) {
    auto const slash = std::min(token.find('/'), token.size());
    auto const ticks = base::parse_number<std::int64_t>(token.substr(0, slash));
    auto const entries = base::parse_number<std::size_t>(token.substr(std::min(slash + 1, token.size())));
    if (!ticks || !entries) return {};
    return {service::begin_of_interval(base::TimePoint{base::Ticks{*ticks}}), *entries};
}

std::string write_place(service::UsagePlace const& place) {
    return fmt::format("{}/{}", place.interval.time_since_epoch().count(), place.entries);
}

Result<std::optional<codec::odata::Filter>> read_usage_filter(Call const& call) {
    auto const query = read_list_query(call, storage::ListKind::usage);
    if (!query) return query.error();
    return query->filter;
}

Result<http::Response> list_usage_metrics(Call const& call) {
    auto const size = read_page_size(call, kLargestPage);
    if (!size) return size.error();
    auto const filter = read_usage_filter(call);
    if (!filter) return filter.error();
    auto const span = read_span(call);
    if (!span) return span.error();
    auto const page = service::list_usage(
        call.context(), *span, read_place(read_skip_token(call)), *filter, static_cast<std::size_t>(*size)
    );
    auto values = Json::array();
    for (auto const& metrics : page.metrics) {
        using Hours = std::chrono::duration<double, std::ratio<3600>>;
        Json json{
            {"poolId", metrics.pool_id},
            {"startTime", base::to_iso8601(metrics.interval)},
            {"endTime", base::to_iso8601(metrics.interval + service::kUsageInterval)},
            {"vmSize", metrics.vm_size},
            {"totalCoreHours", Hours(metrics.core_time).count()},
            {"dataIngressGiB", 0.0},
            {"dataEgressGiB", 0.0}};
        values.push_back(wire::write_object(std::move(json), wire::schema::kUsageMetrics, call.version));
    }
    auto const next = page.next ? std::optional{write_place(*page.next)} : std::nullopt;
    return list_answer(call, "poolusagemetrics", std::move(values), next);
}

Result<http::Response> get_lifetime_pools(Call const& call) {
    storage::Snapshot snapshot(*call.account.database);
    storage::UsageSpan const always{base::TimePoint{}, call.now};
    auto const usage = storage::list_node_usage(snapshot.connection(), always, std::nullopt);
    auto json = pool_statistics(usage, call.url(), call.now);
    auto body = wire::write_object(std::move(json), wire::schema::kPoolStatistics, call.version);
    return json_answer(200, with_metadata(call, "poolstats/@Element", std::move(body)));
}

Result<http::Response> get_lifetime_jobs(Call const& call) {
    storage::Snapshot snapshot(*call.account.database);
    auto const totals = storage::sum_tasks(snapshot.connection(), std::nullopt);
    auto json = job_statistics(totals, call.url(), call.now);
    auto body = wire::write_object(std::move(json), wire::schema::kJobStatistics, call.version);
    return json_answer(200, with_metadata(call, "jobstats/@Element", std::move(body)));
}

// clang-format off
constexpr auto kUsageRoutes = std::to_array<Route>({
    {Verb::get, "/poolusagemetrics",  "", "Pool_ListUsageMetrics",          &list_usage_metrics},
    {Verb::get, "/lifetimepoolstats", "", "Pool_GetAllLifetimeStatistics",  &get_lifetime_pools, kLifetime},
    {Verb::get, "/lifetimejobstats",  "", "Job_GetAllLifetimeStatistics",   &get_lifetime_jobs,  kLifetime},
});
// clang-format on

}  // namespace

std::span<Route const> usage_routes() {
    return kUsageRoutes;
}

}  // namespace bluebatch::emulator::batch::routes
