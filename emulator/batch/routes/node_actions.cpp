#include "emulator/batch/service/node_actions.hpp"

#include "emulator/batch/routes/tables.hpp"
#include "emulator/batch/rules/rules.hpp"
#include "emulator/batch/wire/reader.hpp"
#include "emulator/batch/wire/schema/node_actions.hpp"
#include "emulator/batch/wire/schema/pool.hpp"

namespace bluebatch::emulator::batch::routes {
namespace {

using domain::NodeDeallocationOption;
using domain::NodeRequest;
using http::Verb;

constexpr std::size_t kMostNodes = 100;  // Batch: POOL-12

// Nodes have no entity tags. Batch: REST-17
http::Response done_with_node(Call const& call, int status) {
    auto response = empty_answer(status);
    response.headers.set("DataServiceId", call.url());
    return response;
}

Result<NodeDeallocationOption> read_option(
    Call const& call, wire::Object const& object, std::string_view member
) {
    auto const body = read_optional_body(call, object, wire::kAdd);
    if (!body) return body.error();
    auto const option = domain::parse_word<NodeDeallocationOption>(wire::text_of(*body, member));
    return option.value_or(NodeDeallocationOption::requeue);
}

Result<http::Response> request_of_node(
    Call const& call, NodeRequest request, wire::Object const& object, std::string_view member
) {
    auto const option = read_option(call, object, member);
    if (!option) return option.error();
    auto const node =
        service::request_of_node(call.context(), call.path["poolId"], call.path["nodeId"], request, *option);
    if (!node) return node.error();
    return done_with_node(call, 202);
}

Result<http::Response> reboot_node(Call const& call) {
    return request_of_node(call, NodeRequest::reboot, wire::schema::kReboot, "nodeRebootOption");
}

// Machines of a virtual machine configuration could not be given a new image at first. Batch: NODE-10
Result<http::Response> reimage_node(Call const& call) {
    if (call.version < wire::ApiVersion::v2024_07) {
        storage::Snapshot snapshot(*call.account.database);
        auto const pool = storage::find_pool(snapshot.connection(), call.path["poolId"]);
        if (!pool) return BatchError{BatchErrorCode::pool_not_found, {}};
        if (!storage::find_node(snapshot.connection(), pool->id, call.path["nodeId"]))
            return BatchError{BatchErrorCode::node_not_found, {}};
        if (wire::Json::parse(pool->document).contains("virtualMachineConfiguration"))
            return BatchError{BatchErrorCode::operation_not_valid_on_node, {}};
    }
    return request_of_node(call, NodeRequest::reimage, wire::schema::kReimage, "nodeReimageOption");
}

Result<http::Response> deallocate_node(Call const& call) {
    return request_of_node(call, NodeRequest::deallocate, wire::schema::kDeallocate, "nodeDeallocateOption");
}

Result<http::Response> start_node(Call const& call) {
    constexpr wire::Object kNothing{"BatchNodeStartOptions", {}};
    return request_of_node(call, NodeRequest::start, kNothing, "");
}

Result<http::Response> set_scheduling(
    Call const& call, domain::SchedulingState state, NodeDeallocationOption option
) {
    auto const node =
        service::set_scheduling(call.context(), call.path["poolId"], call.path["nodeId"], state, option);
    if (!node) return node.error();
    return done_with_node(call, 200);
}

Result<http::Response> disable_scheduling(Call const& call) {
    auto const option = read_option(call, wire::schema::kDisableScheduling, "nodeDisableSchedulingOption");
    if (!option) return option.error();
    return set_scheduling(call, domain::SchedulingState::disabled, *option);
}

Result<http::Response> enable_scheduling(Call const& call) {
    return set_scheduling(call, domain::SchedulingState::enabled, NodeDeallocationOption::task_completion);
}

Result<http::Response> remove_nodes(Call const& call) {
    auto const conditions = read_conditions(call);
    if (!conditions) return conditions.error();
    auto const body = read_body(call, wire::schema::kRemoveNodes, wire::kAdd);
    if (!body) return body.error();
    auto const ids = body->at("nodeList").get<std::vector<std::string>>();
    if (ids.empty() || ids.size() > kMostNodes)
        return wire::invalid_property(
            "nodeList", std::to_string(ids.size()), "A list has between 1 and 100 nodes"
        );
    if (auto const fault = rules::check_resize_timeout(*body)) return *fault;
    auto const timeout = base::parse_iso8601_duration(wire::text_of(*body, "resizeTimeout"));
    auto const option =
        domain::parse_word<NodeDeallocationOption>(wire::text_of(*body, "nodeDeallocationOption"));
    auto const pool = service::remove_nodes(
        call.context(),
        call.path["poolId"],
        *conditions,
        ids,
        option.value_or(NodeDeallocationOption::requeue),
        timeout.value_or(domain::Pool{}.resize_timeout)
    );
    if (!pool) return pool.error();
    return done(call, 202, pool->last_modified);
}

// clang-format off
constexpr auto kNodeActionRoutes = std::to_array<Route>({
    {Verb::post, "/pools/{poolId}/removenodes",                       "", "Pool_RemoveNodes",              &remove_nodes},
    {Verb::post, "/pools/{poolId}/nodes/{nodeId}/reboot",             "", "ComputeNode_Reboot",            &reboot_node},
    {Verb::post, "/pools/{poolId}/nodes/{nodeId}/reimage",            "", "ComputeNode_Reimage",           &reimage_node},
    {Verb::post, "/pools/{poolId}/nodes/{nodeId}/start",              "", "ComputeNode_Start",             &start_node, {"2024-07-01.20.0", ""}},
    {Verb::post, "/pools/{poolId}/nodes/{nodeId}/deallocate",         "", "ComputeNode_Deallocate",        &deallocate_node, {"2024-07-01.20.0", ""}},
    {Verb::post, "/pools/{poolId}/nodes/{nodeId}/disablescheduling",  "", "ComputeNode_DisableScheduling", &disable_scheduling},
    {Verb::post, "/pools/{poolId}/nodes/{nodeId}/enablescheduling",   "", "ComputeNode_EnableScheduling",  &enable_scheduling},
});
// clang-format on

}  // namespace

std::span<Route const> node_action_routes() {
    return kNodeActionRoutes;
}

}  // namespace bluebatch::emulator::batch::routes
