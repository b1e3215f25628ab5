#include "emulator/resources/routes/pools.hpp"
#include "emulator/resources/wire/pool.hpp"

namespace bluebatch::emulator::resources::routes {

namespace {

using enum http::Verb;

Refusal unchangeable(Call const& call, std::string const& member) {
    constexpr auto kMessage = "A property that cannot be updated was specified as part of the request.";
    auto refusal = call.batch_refusal(400, "PropertyCannotBeUpdated", kMessage);
    refusal.target = "BatchAccount";
    refusal.details = {
        {"Reason", kMessage}, {"PropertyName", member}, {"PropertyPath", "properties." + member}};
    return refusal;
}

// A change of a pool has several steps in the data plane, the first of which must not be taken where another
// would be refused.
std::optional<Refusal> fault_of_change(
    Call const& call, Pools const& pools, Json const& pool, Json const& properties, wire::Scale const& wanted
) {
    if (wire::text_at(pool, {"state"}) == "deleting")
        return call.batch_refusal(409, "PoolBeingDeleted", "The specified pool is marked for deletion.");
    auto const shown = wire::from_pool(pools.id(), pool);
    auto const member = wire::find_fixed_member(properties, shown.at("properties"));
    if (!member.empty()) return unchangeable(call, member);
    auto const* const automatic = wire::find(pool, "enableAutoScale");
    bool const is_automatic = automatic != nullptr && *automatic == true;
    bool const begins = !wanted.fixed.is_null() || (!wanted.automatic.is_null() && !is_automatic);
    if (begins && wire::text_at(pool, {"allocationState"}) != "steady")
        return call.batch_refusal(409, "PoolBeingResized", "The specified pool is being resized.");
    return std::nullopt;
}

std::optional<Refusal> scale(
    Pools const& pools, Json const& pool, wire::Scale const& wanted, http::Headers const& conditions
) {
    if (!wanted.automatic.is_null())
        return pools.change(post, "/enableautoscale", wanted.automatic, conditions);
    if (wanted.fixed.is_null()) return std::nullopt;
    auto const* const automatic = wire::find(pool, "enableAutoScale");
    bool const is_automatic = automatic != nullptr && *automatic == true;
    if (is_automatic)
        if (auto fault = pools.change(post, "/disableautoscale")) return fault;
    return pools.change(post, "/resize", wanted.fixed, is_automatic ? http::Headers{} : conditions);
}

Result<http::Response> update(
    Call const& call, Pools const& pools, Json const& pool, Json const& properties, wire::Scale const& wanted
) {
    if (auto const fault = fault_of_change(call, pools, pool, properties, wanted)) return *fault;
    auto const changes = wire::to_pool_patch(pools.id(), properties);
    if (!changes) return changes.error();
    auto const conditions = conditions_of(call, {"If-Match", "If-None-Match"});
    bool const replaces = wire::removes_start_task(properties);
    if (replaces) {
        auto const replacement = wire::without_start_task(pool, *changes);
        if (auto const fault = pools.change(post, "/updateproperties", replacement)) return *fault;
    } else if (!changes->empty()) {
        if (auto const fault = pools.change(patch, "", *changes, conditions)) return *fault;
    }
    // What has just been changed has another tag.
    bool const is_new = replaces || !changes->empty();
    if (auto const fault = scale(pools, pool, wanted, is_new ? http::Headers{} : conditions)) return *fault;
    return pools.show();
}

Result<http::Response> put_existing(
    Call const& call, Pools const& pools, Json const& pool, Json const& properties
) {
    if (call.request.headers.get("If-None-Match") == "*")
        return call.batch_refusal(
            412, "ConditionNotMet", "The condition specified using HTTP conditional header(s) is not met."
        );
    auto const wanted = wire::read_scale(properties);
    // Nothing is resized that need not be.
    return update(call, pools, pool, properties, wire::has_scale(pool, wanted) ? wire::Scale{} : wanted);
}

Result<http::Response> put_new(Call const& call, Pools const& pools, Json const& properties) {
    auto const pool = wire::to_new_pool(pools.id(), call.path["pool"], properties);
    if (!pool) return pool.error();
    auto const made = pools.send(post, "/pools", *pool);
    if (made.status < wire::kFirstFailure) return pools.show();
    auto const refusal = wire::batch_service_refusal(made.status, made.body);
    if (refusal.code != "PoolExists") return refusal;
    // Somebody has made it meanwhile.
    auto const there = pools.load();
    return there ? put_existing(call, pools, *there, properties) : there.error();
}

// Reads what PUT and PATCH alike say, and goes on with it.
template <class Work>
Result<http::Response> with_wanted(Call const& call, Work work) {
    auto const body = read_body(call);
    if (!body) return body.error();
    auto const properties = wire::read_pool_properties(*body);
    if (!properties) return properties.error();
    if (auto const what = wire::find_unsupported_pool(*body); !what.empty()) return wire::not_emulated(what);
    auto const pools = Pools::open(call);
    if (!pools) return pools.error();
    return work(*pools, *properties);
}

}  // namespace

Result<http::Response> put_pool(Call const& call) {
    return with_wanted(call, [&](Pools const& pools, Json const& properties) -> Result<http::Response> {
        // What is shown of a pool can be sent again, but is not enough for another one: it has no passwords.
        auto const pool = pools.load();
        if (pool) return put_existing(call, pools, *pool, properties);
        bool const must_be_there = call.request.headers.has("If-Match");
        if (pool.error().status != wire::kNotFound || must_be_there) return pool.error();
        return put_new(call, pools, properties);
    });
}

Result<http::Response> patch_pool(Call const& call) {
    return with_wanted(call, [&](Pools const& pools, Json const& properties) -> Result<http::Response> {
        auto const pool = pools.load();
        if (!pool) return pool.error();
        return update(call, pools, *pool, properties, wire::read_scale(properties));
    });
}

}  // namespace bluebatch::emulator::resources::routes
