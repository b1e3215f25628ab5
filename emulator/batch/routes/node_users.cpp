#include "emulator/batch/routes/tables.hpp"
#include "emulator/batch/service/node_access.hpp"
#include "emulator/batch/wire/schema/node_access.hpp"

namespace bluebatch::emulator::batch::routes {
namespace {

using http::Verb;

Result<http::Response> add_user(Call const& call) {
    auto const body = read_body(call, wire::schema::kNodeUser, wire::kAdd);
    if (!body) return body.error();
    auto const name = service::add_node_user(call.context(), call.path["poolId"], call.path["nodeId"], *body);
    if (!name) return name.error();
    // Users have no tag. Recorded.
    auto response = empty_answer(201);
    auto const url = call.url() + "/" + http::percent_encode(*name);
    response.headers.set("Location", url);
    response.headers.set("DataServiceId", url);
    return response;
}

Result<http::Response> replace_user(Call const& call) {
    auto const body = read_body(call, wire::schema::kNodeUserUpdate, wire::kReplace);
    if (!body) return body.error();
    auto const replaced = service::replace_node_user(
        call.context(), call.path["poolId"], call.path["nodeId"], call.path["userName"], *body
    );
    if (!replaced) return replaced.error();
    auto response = empty_answer(200);
    response.headers.set("DataServiceId", call.url());
    return response;
}

Result<http::Response> delete_user(Call const& call) {
    auto const deleted = service::delete_node_user(
        call.context(), call.path["poolId"], call.path["nodeId"], call.path["userName"]
    );
    if (!deleted) return deleted.error();
    return empty_answer(200);
}

// clang-format off
constexpr auto kNodeUserRoutes = std::to_array<Route>({
    {Verb::post,   "/pools/{poolId}/nodes/{nodeId}/users",            "", "ComputeNode_AddUser",    &add_user},
    {Verb::put,    "/pools/{poolId}/nodes/{nodeId}/users/{userName}", "", "ComputeNode_UpdateUser", &replace_user},
    {Verb::remove, "/pools/{poolId}/nodes/{nodeId}/users/{userName}", "", "ComputeNode_DeleteUser", &delete_user},
});
// clang-format on

}  // namespace

std::span<Route const> node_user_routes() {
    return kNodeUserRoutes;
}

}  // namespace bluebatch::emulator::batch::routes
