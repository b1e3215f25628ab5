#include "emulator/resources/routes/pools.hpp"

#include "emulator/resources/resource_id.hpp"
#include "emulator/resources/routes/accounts.hpp"
#include "emulator/resources/routes/tables.hpp"
#include "emulator/resources/service/data_plane.hpp"
#include "emulator/resources/service/operations.hpp"
#include "emulator/resources/wire/batch_account.hpp"
#include "emulator/resources/wire/pool.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <array>
#include <stdexcept>

namespace bluebatch::emulator::resources::routes {

namespace {

using enum http::Verb;

Result<http::Response> get_pool(Call const& call) {
    auto const pools = Pools::open(call);
    if (!pools) return pools.error();
    return pools->show();
}

template <char const* tail>
Result<http::Response> act(Call const& call) {
    auto const pools = Pools::open(call);
    if (!pools) return pools.error();
    if (auto const fault = pools->change(post, tail)) return *fault;
    return pools->show();
}
constexpr char kDisableAutoScale[] = "/disableautoscale";
constexpr char kStopResize[] = "/stopresize";

Result<http::Response> delete_pool(Call const& call) {
    auto const pools = Pools::open(call);
    if (!pools) return pools.error();
    auto const done = pools->ask(remove, "", {}, conditions_of(call, {"If-Match", "If-None-Match"}));
    if (done.status == wire::kNotFound) return wire::empty_answer(204);
    if (done.status >= wire::kFirstFailure) return wire::batch_service_refusal(done.status, done.body);
    auto const operation = fmt::format("delete-{}-{}", call.path["pool"], call.world.around.random.hex(15));
    return accept(
        call, {operation, fmt::format("{}/poolOperationResults/{}", pools->id(), operation), "", ""}
    );
}

// 202 as long as Batch still has the pool.
Result<http::Response> get_pool_operation(Call const& call) {
    auto const operation = service::find_operation(call.world, call.path["operation"]);
    if (!operation)
        return Refusal{
            wire::kNotFound, "NotFound", "There is no such operation, or it finished some time ago."};
    auto const pools = Pools::open(call);
    if (!pools) return wire::empty_answer(200);
    std::string_view pool = operation->id;
    pool.remove_prefix(std::string_view{"delete-"}.size());
    pool = pool.substr(0, pool.rfind('-'));
    auto const found = pools->send(get, fmt::format("/pools/{}?$select=state", http::percent_encode(pool)));
    auto const json = wire::parse_object(found.body);
    bool const is_going =
        found.status < wire::kFirstFailure && json && wire::text_at(*json, {"state"}) == "deleting";
    if (!is_going) return wire::empty_answer(200);
    auto response = wire::empty_answer(202);
    response.headers.set("Location", call.base_url() + call.request.path + "?" + call.request.raw_query);
    response.headers.set("Retry-After", "1");
    return response;
}

// The token of the next page in the link of the data plane.
std::string next_token(std::string_view next) {
    http::RequestHead head;
    auto const query = next.find('?');
    if (query == std::string_view::npos || !http::parse_target("/" + std::string{next.substr(query)}, head))
        throw std::runtime_error("a page of pools has no next page");
    return std::string{head.find_query_ignoring_case("$skiptoken").value_or("")};
}

Result<http::Response> list_pools(Call const& call) {
    auto const& request = call.request;
    if (request.find_query_ignoring_case("$select")) return wire::not_emulated("$select of pools");
    auto const pools = Pools::open(call);
    if (!pools) return pools.error();
    std::string target = "/pools?";
    if (auto const filter = request.find_query_ignoring_case("$filter"); filter && !filter->empty()) {
        auto const translated = wire::to_pool_filter(*filter);
        if (!translated) return wire::not_emulated("this $filter of pools");
        target += "$filter=" + http::percent_encode(*translated) + "&";
    }
    for (auto const* const name : {"maxresults", "$skiptoken"})
        if (auto const value = request.find_query_ignoring_case(name))
            target += fmt::format("{}={}&", name, http::percent_encode(*value));
    target.pop_back();
    auto const found = pools->send(get, target);
    if (found.status >= wire::kFirstFailure) return wire::batch_service_refusal(found.status, found.body);
    auto const page = Json::parse(found.body);
    Json body{{"value", Json::array()}};
    for (auto const& pool : page.at("value"))
        body["value"].push_back(wire::from_pool(pools->id(), pool));
    if (auto const next = wire::text_at(page, {"odata.nextLink"}); !next.empty())
        body["nextLink"] = next_page(call, next_token(next));
    return wire::answer(body);
}

constexpr std::string_view kPools =
    "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Batch/batchAccounts/{account}/"
    "pools";
constexpr std::string_view kPool =
    "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Batch/batchAccounts/{account}/"
    "pools/{pool}";
constexpr std::string_view kReadPools = "Microsoft.Batch/batchAccounts/pools/read";
constexpr std::string_view kWritePools = "Microsoft.Batch/batchAccounts/pools/write";
constexpr std::array<Route, 8> kPoolRoutes{{
    {get, kPools, "", kReadPools, list_pools},
    {put, kPool, "", kWritePools, put_pool},
    {patch, kPool, "", kWritePools, patch_pool},
    {get, kPool, "", kReadPools, get_pool},
    {remove, kPool, "", "Microsoft.Batch/batchAccounts/pools/delete", delete_pool},
    {post,
     "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Batch/batchAccounts/{account}/"
     "pools/{pool}/disableAutoScale",
     "",
     "Microsoft.Batch/batchAccounts/pools/disableAutoscale/action",
     act<kDisableAutoScale>},
    {post,
     "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Batch/batchAccounts/{account}/"
     "pools/{pool}/stopResize",
     "",
     "Microsoft.Batch/batchAccounts/pools/stopResize/action",
     act<kStopResize>},
    {get,
     "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Batch/batchAccounts/{account}/"
     "poolOperationResults/{operation}",
     "",
     "Microsoft.Batch/batchAccounts/poolOperationResults/read",
     get_pool_operation},
}};

}  // namespace

Result<Pools> Pools::open(Call const& call) {
    auto account = require_account(call, domain::AccountKind::batch);
    if (!account) return account.error();
    return Pools(call, *std::move(account));
}

std::string Pools::id() const {
    return account_id(account_.record.group, kBatchAccounts, account_.record.name);
}

http::IncomingResponse Pools::ask(
    http::Verb verb, std::string_view tail, Json const& body, http::Headers headers
) const {
    auto target = fmt::format("/pools/{}{}", http::percent_encode(call_->path["pool"]), tail);
    return send(verb, std::move(target), body, std::move(headers));
}

http::IncomingResponse Pools::send(
    http::Verb verb, std::string target, Json const& body, http::Headers headers
) const {
    return service::ask_batch(
        call_->world,
        account_.facts,
        wire::batch_host(account_.record),
        {verb, std::move(target), std::move(headers), body.is_null() ? std::string{} : wire::dump(body)}
    );
}

std::optional<Refusal> Pools::change(
    http::Verb verb, std::string_view tail, Json const& body, http::Headers headers
) const {
    auto const done = ask(verb, tail, body, std::move(headers));
    if (done.status < wire::kFirstFailure) return std::nullopt;
    return wire::batch_service_refusal(done.status, done.body);
}

Result<Json> Pools::load() const {
    auto const found = ask(http::Verb::get, "", {}, conditions_of(*call_, {"If-Match"}));
    if (found.status >= wire::kFirstFailure) return wire::batch_service_refusal(found.status, found.body);
    auto pool = wire::parse_object(found.body);
    if (!pool) throw std::runtime_error("a pool is not a JSON object");
    return wire::succeed(*std::move(pool));
}

Result<http::Response> Pools::show() const {
    auto const found = ask(http::Verb::get);
    if (found.status >= wire::kFirstFailure) return wire::batch_service_refusal(found.status, found.body);
    auto const pool = wire::parse_object(found.body);
    if (!pool) throw std::runtime_error("a pool is not a JSON object");
    auto response = wire::answer(wire::from_pool(id(), *pool));
    response.headers.set("ETag", fmt::format("W/{}", found.headers.get("ETag")));
    response.headers.set("Last-Modified", std::string{found.headers.get("Last-Modified")});
    return response;
}

// W/"0x8D..." -> "0x8D..."
http::Headers conditions_of(Call const& call, std::initializer_list<std::string_view> names) {
    http::Headers headers;
    for (auto const name : names) {
        auto value = call.request.headers.get(name);
        if (value.starts_with("W/")) value.remove_prefix(2);
        if (!value.empty()) headers.set(std::string{name}, std::string{value});
    }
    return headers;
}

std::span<Route const> pool_routes() {
    return kPoolRoutes;
}

}  // namespace bluebatch::emulator::resources::routes
