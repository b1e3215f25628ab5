#include "emulator/resources/resource_id.hpp"
#include "emulator/resources/routes/accounts.hpp"
#include "emulator/resources/routes/tables.hpp"
#include "emulator/resources/service/data_plane.hpp"
#include "emulator/resources/wire/batch_account.hpp"
#include "emulator/resources/wire/pool.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <array>
#include <stdexcept>

namespace bluebatch::emulator::resources::routes {

namespace {

using enum http::Verb;


// The pools of the path's account.
class Pools {
public:
    static Result<Pools> open(Call const& call) {
        auto account = require_account(call, domain::AccountKind::batch);
        if (!account) return account.error();
        return Pools(call, *std::move(account));
    }

    std::string id() const { return account_id(account_.record.group, kBatchAccounts, account_.record.name); }

    // `tail` goes on behind the pool.
    http::IncomingResponse ask(
        http::Verb verb, std::string_view tail = {}, Json const& body = {}, http::Headers headers = {}
    ) const {
        return send(
            verb,
            fmt::format("/pools/{}{}", http::percent_encode(call_->path["pool"]), tail),
            body,
            std::move(headers)
        );
    }
    http::IncomingResponse send(
        http::Verb verb, std::string target, Json const& body = {}, http::Headers headers = {}
    ) const {
        return service::ask_batch(
            call_->world,
            account_.facts,
            wire::batch_host(account_.record),
            {verb, std::move(target), std::move(headers), body.is_null() ? std::string{} : wire::dump(body)}
        );
    }

    // For routes that change something: nothing when Batch did so.
    std::optional<Refusal> change(
        http::Verb verb, std::string_view tail, Json const& body = {}, http::Headers headers = {}
    ) const {
        auto const done = ask(verb, tail, body, std::move(headers));
        if (done.status < wire::kFirstFailure) return std::nullopt;
        return wire::batch_service_refusal(done.status, done.body);
    }

    Result<http::Response> show() const {
        auto const found = ask(get);
        if (found.status >= wire::kFirstFailure) return wire::batch_service_refusal(found.status, found.body);
        auto const pool = wire::parse_object(found.body);
        if (!pool) throw std::runtime_error("a pool is not a JSON object");
        auto response = wire::answer(wire::from_pool(id(), *pool));
        response.headers.set("ETag", fmt::format("W/{}", found.headers.get("ETag")));
        response.headers.set("Last-Modified", std::string{found.headers.get("Last-Modified")});
        return response;
    }

private:
    Pools(Call const& call, service::Account account) : call_(&call), account_(std::move(account)) {}

    Call const* call_;
    service::Account account_;
};

// W/"0x8D..." -> "0x8D..."
http::Headers conditions_of(Call const& call) {
    http::Headers headers;
    for (auto const* const name : {"If-Match", "If-None-Match"}) {
        auto value = call.request.headers.get(name);
        if (value.starts_with("W/")) value.remove_prefix(2);
        if (!value.empty()) headers.set(name, std::string{value});
    }
    return headers;
}

struct WantedPool {
    Pools pools;
    Json properties;
};

Result<Json> read_pool(Call const& call) {
    auto body = read_body(call);
    if (!body) return body;
    auto const* const properties = wire::find(*body, "properties");
    if (properties != nullptr && !properties->is_object())
        return Refusal{400, "InvalidRequestBody", "The properties of a pool are an object."};
    return body;
}

Json properties_of(Json const& body) {
    auto const* const properties = wire::find(body, "properties");
    return properties == nullptr ? Json::object() : *properties;
}

std::optional<Refusal> scale(Pools const& pools, wire::Scale const& wanted, http::Headers const& conditions) {
    if (!wanted.automatic.is_null())
        return pools.change(post, "/enableautoscale", wanted.automatic, conditions);
    if (wanted.fixed.is_null()) return std::nullopt;
    auto const pool = wire::parse_object(pools.ask(get).body).value_or(Json::object());
    auto const* const automatic = wire::find(pool, "enableAutoScale");
    if (automatic != nullptr && *automatic == true)
        if (auto const fault = pools.change(post, "/disableautoscale")) return fault;
    return pools.change(post, "/resize", wanted.fixed, conditions);
}

Result<http::Response> update(Call const& call, Pools const& pools, Json const& properties) {
    auto const wanted = wire::read_scale(properties);
    if (!wanted) return wanted.error();
    auto const changes = wire::to_pool_patch(properties);
    if (!changes) return changes.error();
    auto const conditions = conditions_of(call);
    if (!changes->empty())
        if (auto const fault = pools.change(patch, "", *changes, conditions)) return *fault;
    // What has just been changed has another tag.
    if (auto const fault = scale(pools, *wanted, changes->empty() ? conditions : http::Headers{}))
        return *fault;
    return pools.show();
}

// Whether a scale asks for what a pool has, so that nothing is resized that need not be.
bool has_scale(Json const& pool, wire::Scale const& wanted) {
    for (auto const& settings : {wanted.fixed, wanted.automatic})
        if (settings.is_object())
            for (auto const& [name, value] : settings.items()) {
                auto const* const has = wire::find(pool, name);
                if (name != "nodeDeallocationOption" && (has == nullptr || *has != value)) return false;
            }
    return true;
}

Result<http::Response> put_existing(Call const& call, Pools const& pools, Json properties) {
    auto const wanted = wire::read_scale(properties);
    if (!wanted) return wanted.error();
    auto const pool = wire::parse_object(pools.ask(get).body).value_or(Json::object());
    if (has_scale(pool, *wanted)) properties.erase("scaleSettings");
    return update(call, pools, properties);
}

Result<http::Response> put_pool(Call const& call) {
    auto const body = read_pool(call);
    if (!body) return body.error();
    if (auto const what = wire::find_unsupported_pool(*body); !what.empty()) return wire::not_emulated(what);
    auto const pools = Pools::open(call);
    if (!pools) return pools.error();
    auto const properties = properties_of(*body);
    auto const pool = wire::to_new_pool(call.path["pool"], properties);
    if (!pool) return pool.error();
    bool const must_be_new = call.request.headers.get("If-None-Match") == "*";
    bool const must_be_there = call.request.headers.has("If-Match");
    if (must_be_there) return put_existing(call, *pools, properties);
    auto const made = pools->send(post, "/pools", *pool);
    if (made.status < wire::kFirstFailure) return pools->show();
    auto const refusal = wire::batch_service_refusal(made.status, made.body);
    if (made.status != wire::kConflict || refusal.code != "PoolExists") return refusal;
    if (must_be_new)
        return call.batch_refusal(
            412, "ConditionNotMet", "The condition specified using HTTP conditional header(s) is not met."
        );
    return put_existing(call, *pools, properties);
}

Result<http::Response> patch_pool(Call const& call) {
    auto const body = read_pool(call);
    if (!body) return body.error();
    if (auto const what = wire::find_unsupported_pool(*body); !what.empty()) return wire::not_emulated(what);
    auto const pools = Pools::open(call);
    if (!pools) return pools.error();
    return update(call, *pools, properties_of(*body));
}

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
    auto const done = pools->ask(remove, "", {}, conditions_of(call));
    if (done.status == wire::kNotFound) return wire::empty_answer(204);
    if (done.status >= wire::kFirstFailure) return wire::batch_service_refusal(done.status, done.body);
    auto const operation = fmt::format("delete-{}-{}", call.path["pool"], call.world.around.random.hex(15));
    return accept(
        call, {operation, fmt::format("{}/poolOperationResults/{}", pools->id(), operation), "", ""}
    );
}

// 202 as long as Batch still has the pool.
Result<http::Response> get_pool_operation(Call const& call) {
    storage::Snapshot snapshot(call.world.database);
    auto const operation = storage::find_operation(snapshot.connection(), call.path["operation"]);
    if (!operation)
        return Refusal{wire::kNotFound, "NotFound", "There is no such operation, or it finished some time ago."};
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

std::string link_to(Call const& call, std::string_view next) {
    http::RequestHead head;
    auto const query = next.find('?');
    if (query == std::string_view::npos || !http::parse_target("/" + std::string{next.substr(query)}, head))
        throw std::runtime_error("a page of pools has no next page");
    auto const token = head.find_query_ignoring_case("$skiptoken").value_or("");
    auto link = call.base_url() + call.request.path + "?";
    for (auto const& parameter : call.request.query)
        if (!base::equal_ignoring_case(parameter.name, "$skiptoken"))
            link += http::percent_encode(parameter.name) + "=" + http::percent_encode(parameter.value) + "&";
    return link + "$skiptoken=" + http::percent_encode(token);
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
        body["nextLink"] = link_to(call, next);
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

std::span<Route const> pool_routes() {
    return kPoolRoutes;
}

}  // namespace bluebatch::emulator::resources::routes
