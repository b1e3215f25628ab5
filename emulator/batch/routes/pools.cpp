#include "emulator/batch/service/pools.hpp"

#include "emulator/batch/routes/statistics.hpp"
#include "emulator/batch/routes/tables.hpp"
#include "emulator/batch/rules/rules.hpp"
#include "emulator/batch/wire/entities.hpp"
#include "emulator/batch/wire/schema/pool.hpp"
#include "emulator/storage/batch/usage_store.hpp"

namespace bluebatch::emulator::batch::routes {
namespace {

using http::Verb;
using wire::schema::kPool;

wire::Json write_pool(
    Call const& call, wire::Selection const& selection, service::PoolWithNodes const& found
) {
    wire::CurrentNodes const current{found.nodes.dedicated, found.nodes.low_priority};
    auto json = wire::to_json(found.pool, current, call.urls);
    auto const& identities = call.account.pool_identities;
    if (!identities.empty()) json["identity"] = wire::pool_identity(identities);
    if (wants_statistics(call, selection)) {
        storage::Snapshot snapshot(*call.account.database);
        auto const usage = storage::list_usage_of_pool(snapshot.connection(), found.pool.id);
        json["stats"] = pool_statistics(usage, call.urls.pool(found.pool.id) + "/lifetimestats", call.now);
    }
    return selection.apply(wire::write_object(std::move(json), kPool, call.version));
}

Result<http::Response> add_pool(Call const& call) {
    auto body = read_body(call, kPool, wire::kAdd);
    if (!body) return body.error();
    if (auto const fault = rules::check_new_pool(*body)) return *fault;
    rules::add_pool_defaults(*body, call.version);
    auto const pool = service::add_pool(call.context(), std::move(*body));
    if (!pool) return pool.error();
    return created(call.urls.pool(pool->id), pool->last_modified);
}

Result<http::Response> get_pool(Call const& call) {
    auto const selection = read_selection(call, kPool);
    if (!selection) return selection.error();
    auto const conditions = read_conditions(call);
    if (!conditions) return conditions.error();
    auto const found = service::get_pool(call.context(), call.path["poolId"], *conditions);
    if (!found) return found.error();
    auto body = write_pool(call, *selection, *found);
    auto response = json_answer(200, with_metadata(call, "pools/@Element", std::move(body)));
    put_tag(response, found->pool.last_modified);
    return response;
}

Result<http::Response> pool_exists(Call const& call) {
    auto const conditions = read_conditions(call);
    if (!conditions) return conditions.error();
    auto const found = service::get_pool(call.context(), call.path["poolId"], *conditions);
    if (!found) return found.error();
    auto response = empty_answer(200);
    put_tag(response, found->pool.last_modified);
    return response;
}

Result<http::Response> list_pools(Call const& call) {
    auto const selection = read_selection(call, kPool);
    if (!selection) return selection.error();
    auto const query = read_list_query(call, storage::ListKind::pools);
    if (!query) return query.error();
    auto pools = service::list_pools(call.context(), *query);
    bool const more = cut_page(pools, *query);
    auto values = wire::Json::array();
    for (auto const& pool : pools)
        values.push_back(write_pool(call, *selection, pool));
    auto const next = more ? std::optional{pools.back().pool.id} : std::nullopt;
    return list_answer(call, "pools", std::move(values), next);
}

Result<http::Response> delete_pool(Call const& call) {
    auto const conditions = read_conditions(call);
    if (!conditions) return conditions.error();
    auto const pool = service::delete_pool(call.context(), call.path["poolId"], *conditions);
    if (!pool) return pool.error();
    return empty_answer(202);
}

Result<http::Response> patch_pool(Call const& call) {
    auto const conditions = read_conditions(call);
    if (!conditions) return conditions.error();
    auto body = read_body(call, kPool, wire::kPatch);
    if (!body) return body.error();
    if (auto const fault = rules::check_pool_members(*body)) return *fault;
    rules::add_pool_defaults(*body, call.version);
    auto const pool = service::patch_pool(call.context(), call.path["poolId"], *conditions, std::move(*body));
    if (!pool) return pool.error();
    return done(call, 200, pool->last_modified);
}

Result<http::Response> replace_pool_properties(Call const& call) {
    auto body = read_body(call, kPool, wire::kReplace);
    if (!body) return body.error();
    if (auto const fault = rules::check_pool_members(*body)) return *fault;
    rules::add_pool_defaults(*body, call.version);
    auto const pool = service::replace_pool_properties(call.context(), call.path["poolId"], std::move(*body));
    if (!pool) return pool.error();
    return done(call, 204, pool->last_modified);
}

Result<http::Response> resize_pool(Call const& call) {
    auto const conditions = read_conditions(call);
    if (!conditions) return conditions.error();
    auto const body = read_body(call, wire::schema::kResize, wire::kAdd);
    if (!body) return body.error();
    if (auto const fault = rules::check_resize(*body)) return *fault;
    auto const pool = service::resize_pool(call.context(), call.path["poolId"], *conditions, *body);
    if (!pool) return pool.error();
    return done(call, 202, pool->last_modified);
}

Result<http::Response> stop_resize(Call const& call) {
    auto const conditions = read_conditions(call);
    if (!conditions) return conditions.error();
    auto const pool = service::stop_resize(call.context(), call.path["poolId"], *conditions);
    if (!pool) return pool.error();
    return done(call, 202, pool->last_modified);
}

// clang-format off
constexpr auto kPoolRoutes = std::to_array<Route>({
    {Verb::get,    "/pools",                           "", "Pool_List",             &list_pools},
    {Verb::post,   "/pools",                           "", "Pool_Add",              &add_pool},
    {Verb::get,    "/pools/{poolId}",                  "", "Pool_Get",              &get_pool},
    {Verb::head,   "/pools/{poolId}",                  "", "Pool_Exists",           &pool_exists},
    {Verb::patch,  "/pools/{poolId}",                  "", "Pool_Patch",            &patch_pool},
    {Verb::remove, "/pools/{poolId}",                  "", "Pool_Delete",           &delete_pool},
    {Verb::post,   "/pools/{poolId}/updateproperties", "", "Pool_UpdateProperties", &replace_pool_properties},
    {Verb::post,   "/pools/{poolId}/resize",           "", "Pool_Resize",           &resize_pool},
    {Verb::post,   "/pools/{poolId}/stopresize",       "", "Pool_StopResize",       &stop_resize},
});
// clang-format on

}  // namespace

std::span<Route const> pool_routes() {
    return kPoolRoutes;
}

}  // namespace bluebatch::emulator::batch::routes
