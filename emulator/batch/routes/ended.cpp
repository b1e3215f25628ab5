#include "emulator/batch/routes/tables.hpp"
#include "emulator/batch/service/upgrade_os.hpp"
#include "emulator/batch/supported_images.hpp"
#include "emulator/batch/wire/schema/pool.hpp"
#include "shared/base/text.hpp"

#include <algorithm>

namespace bluebatch::emulator::batch::routes {
namespace {

using codec::odata::Comparison;
using codec::odata::Operator;
using http::Verb;
using wire::Json;

// The supported images, by their node agents.
Json node_agents() {
    auto agents = Json::array();
    for (auto const& image : supported_images()) {
        auto const same = std::ranges::find_if(agents, [&](Json const& agent) {
            return wire::text_of(agent, "id") == image.node_agent_sku_id;
        });
        bool const is_new = same == agents.end();
        if (is_new) {
            agents.push_back(
                {{"id", image.node_agent_sku_id},
                 {"verifiedImageReferences", Json::array()},
                 {"osType", image.os_type}}
            );
        }
        auto& agent = is_new ? agents.back() : *same;
        if (image.verification_type == "verified")
            agent["verifiedImageReferences"].push_back(to_json(image)["imageReference"]);
    }
    return agents;
}

// Agents can be filtered by osType, which is compared without case.
Result<std::optional<Comparison>> read_os_filter(Call const& call) {
    auto const filter = read_filter(call);
    if (!filter) return filter.error();
    if (!*filter) return std::optional<Comparison>{};
    auto const* const comparison = std::get_if<Comparison>(&(*filter)->node);
    bool const fits = comparison != nullptr && comparison->field == "osType" &&
                      (comparison->op == Operator::eq || comparison->op == Operator::ne) &&
                      std::holds_alternative<std::string>(comparison->value);
    if (fits) return std::optional{*comparison};
    return invalid_query(
        "$filter",
        call.request.find_query_ignoring_case("$filter").value_or(""),
        "Node agents can be filtered by osType, eq or ne"
    );
}

bool passes(Json const& agent, std::optional<Comparison> const& filter) {
    if (!filter) return true;
    bool const is_same =
        base::equal_ignoring_case(wire::text_of(agent, "osType"), std::get<std::string>(filter->value));
    return is_same == (filter->op == Operator::eq);
}

Result<http::Response> list_node_agents(Call const& call) {
    auto const size = read_page_size(call, kLargestPage);
    if (!size) return size.error();
    auto const filter = read_os_filter(call);
    if (!filter) return filter.error();
    auto const agents = node_agents();
    auto next = base::parse_number<std::size_t>(read_skip_token(call)).value_or(0);
    auto values = Json::array();
    for (; next < agents.size() && values.size() < static_cast<std::size_t>(*size); ++next) {
        if (passes(agents[next], *filter)) values.push_back(agents[next]);
    }
    auto const more = next < agents.size() ? std::optional{std::to_string(next)} : std::nullopt;
    return list_answer(call, "nodeagentskus", std::move(values), more);
}

Result<http::Response> upgrade_os(Call const& call) {
    auto const conditions = read_conditions(call);
    if (!conditions) return conditions.error();
    auto const body = read_body(call, wire::schema::kUpgradeOs, wire::kAdd);
    if (!body) return body.error();
    auto const pool = service::upgrade_os(
        call.context(), call.path["poolId"], *conditions, wire::text_of(*body, "targetOSVersion")
    );
    if (!pool) return pool.error();
    return done(call, 202, pool->last_modified);
}

// clang-format off
constexpr auto kEndedRoutes = std::to_array<Route>({
    {Verb::get,  "/nodeagentskus",            "", "Account_ListNodeAgentSkus", &list_node_agents, {"", "2018-12-01.8.0"}},
    {Verb::post, "/pools/{poolId}/upgradeos", "", "Pool_UpgradeOS",            &upgrade_os,       {"", "2018-08-01.7.0"}},
});
// clang-format on

}  // namespace

std::span<Route const> ended_routes() {
    return kEndedRoutes;
}

}  // namespace bluebatch::emulator::batch::routes
