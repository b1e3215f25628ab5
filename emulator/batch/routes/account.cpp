#include "emulator/batch/routes/tables.hpp"
#include "emulator/batch/supported_images.hpp"
#include "emulator/batch/wire/schema/node.hpp"
#include "shared/base/text.hpp"

#include <array>

namespace bluebatch::emulator::batch::routes {
namespace {

using http::Verb;

constexpr int kMostPools = 10;

BatchError invalid_filter(Call const& call, std::string reason) {
    return invalid_query(
        "$filter", call.request.find_query_ignoring_case("$filter").value_or(""), std::move(reason)
    );
}

Result<http::Response> list_supported_images(Call const& call) {
    auto const size = read_page_size(call, kLargestPage);
    if (!size) return size.error();
    auto const filter = read_filter(call);
    if (!filter) return filter.error();
    if (*filter && !can_filter_images(**filter))
        return invalid_filter(
            call, "Images can be filtered by osType, verificationType and nodeAgentSKUId, eq or ne"
        );
    auto const first = base::parse_number<std::size_t>(read_skip_token(call)).value_or(0);
    auto values = wire::Json::array();
    auto const images = supported_images();
    std::size_t next = first;
    for (; next < images.size() && values.size() < static_cast<std::size_t>(*size); ++next) {
        if (!*filter || matches(images[next], **filter)) values.push_back(to_json(images[next]));
    }
    auto const more = next < images.size() ? std::optional{std::to_string(next)} : std::nullopt;
    return list_answer(call, "supportedimages", std::move(values), more);
}

// The member of the counts for each state of a node, in the order of the states.
constexpr auto kCountNames = std::to_array<std::string_view>({
    "idle",
    "rebooting",
    "reimaging",
    "running",
    "unusable",
    "creating",
    "starting",
    "waitingForStartTask",
    "startTaskFailed",
    "unknown",
    "leavingPool",
    "offline",
    "preempted",
    "upgradingOS",
    "deallocated",
    "deallocating",
});
static_assert(kCountNames.size() == domain::kWords<domain::NodeState>.size());

enum class NodeKind : std::uint8_t { dedicated, low_priority };

wire::Json write_counts(std::vector<storage::NodesInState> const& nodes, NodeKind kind) {
    wire::Json counts = wire::Json::object();
    for (auto const name : kCountNames)
        counts[std::string(name)] = 0;
    int total = 0;
    for (auto const& [state, is_dedicated, count] : nodes) {
        if (is_dedicated != (kind == NodeKind::dedicated)) continue;
        counts[std::string(kCountNames[static_cast<std::size_t>(state)])] = count;
        total += count;
    }
    counts["total"] = total;
    return counts;
}

// Only "poolId eq '...'". Batch: REST-25
Result<std::optional<codec::odata::Filter>> read_pool_filter(Call const& call) {
    auto filter = read_filter(call);
    if (!filter || !*filter) return filter;
    auto* const comparison = std::get_if<codec::odata::Comparison>(&(*filter)->node);
    bool const fits = comparison != nullptr && comparison->field == "poolId" &&
                      comparison->op == codec::odata::Operator::eq &&
                      std::holds_alternative<std::string>(comparison->value);
    if (!fits) return invalid_filter(call, "Node counts can be filtered by poolId, eq");
    comparison->field = "id";
    return filter;
}

Result<http::Response> list_node_counts(Call const& call) {
    auto const size = read_page_size(call, kMostPools);
    if (!size) return size.error();
    auto filter = read_pool_filter(call);
    if (!filter) return filter.error();
    storage::ListQuery const query{std::move(*filter), read_skip_token(call), *size + 1};
    storage::Snapshot snapshot(*call.account.database);
    auto pools = storage::list_pools(snapshot.connection(), query);
    bool const more = cut_page(pools, query);
    auto values = wire::Json::array();
    for (auto const& pool : pools) {
        auto const nodes = storage::count_nodes_by_state(snapshot.connection(), pool.id);
        wire::Json counts{
            {"poolId", pool.id},
            {"dedicated", write_counts(nodes, NodeKind::dedicated)},
            {"lowPriority", write_counts(nodes, NodeKind::low_priority)}};
        values.push_back(wire::write_object(std::move(counts), wire::schema::kPoolNodeCounts, call.version));
    }
    auto const next = more ? std::optional{pools.back().id} : std::nullopt;
    return list_answer(call, "poolnodecounts", std::move(values), next);
}

// clang-format off
constexpr auto kAccountRoutes = std::to_array<Route>({
    {Verb::get, "/supportedimages", "", "Account_ListSupportedImages", &list_supported_images, {"2019-06-01.9.0", ""}},
    {Verb::get, "/nodecounts",      "", "Account_ListPoolNodeCounts",  &list_node_counts, {"2018-03-01.6.1", ""}},
});
// clang-format on

}  // namespace

std::span<Route const> account_routes() {
    return kAccountRoutes;
}

}  // namespace bluebatch::emulator::batch::routes
