#include "emulator/batch/service/auto_scale.hpp"

#include "emulator/batch/routes/tables.hpp"
#include "emulator/batch/rules/rules.hpp"
#include "emulator/batch/wire/entities.hpp"
#include "emulator/batch/wire/schema/pool.hpp"

namespace bluebatch::emulator::batch::routes {
namespace {

using http::Verb;

Result<http::Response> enable_auto_scale(Call const& call) {
    auto const conditions = read_conditions(call);
    if (!conditions) return conditions.error();
    auto const body = read_optional_body(call, wire::schema::kEnableAutoScale, wire::kAdd);
    if (!body) return body.error();
    if (auto const fault = rules::check_auto_scale_interval(*body)) return *fault;
    auto const* const formula = wire::find(*body, "autoScaleFormula");
    auto const interval = base::parse_iso8601_duration(wire::text_of(*body, "autoScaleEvaluationInterval"));
    auto const pool = service::enable_auto_scale(
        call.context(),
        call.path["poolId"],
        *conditions,
        formula != nullptr ? std::optional{formula->get<std::string>()} : std::nullopt,
        interval
    );
    if (!pool) return pool.error();
    return done(call, 200, pool->last_modified);
}

Result<http::Response> disable_auto_scale(Call const& call) {
    auto const pool = service::disable_auto_scale(call.context(), call.path["poolId"]);
    if (!pool) return pool.error();
    return done(call, 200, pool->last_modified);
}

Result<http::Response> evaluate_auto_scale(Call const& call) {
    auto const body = read_body(call, wire::schema::kEvaluateAutoScale, wire::kAdd);
    if (!body) return body.error();
    auto const run = service::evaluate_auto_scale(
        call.context(), *call.account.samples, call.path["poolId"], wire::text_of(*body, "autoScaleFormula")
    );
    if (!run) return run.error();
    auto response = json_answer(
        200, with_metadata(call, "Microsoft.Azure.Batch.Protocol.Entities.AutoScaleRun", wire::to_json(*run))
    );
    response.headers.set("DataServiceId", call.url());
    return response;
}

// clang-format off
constexpr auto kAutoScaleRoutes = std::to_array<Route>({
    {Verb::post, "/pools/{poolId}/enableautoscale",   "", "Pool_EnableAutoScale",   &enable_auto_scale},
    {Verb::post, "/pools/{poolId}/disableautoscale",  "", "Pool_DisableAutoScale",  &disable_auto_scale},
    {Verb::post, "/pools/{poolId}/evaluateautoscale", "", "Pool_EvaluateAutoScale", &evaluate_auto_scale},
});
// clang-format on

}  // namespace

std::span<Route const> auto_scale_routes() {
    return kAutoScaleRoutes;
}

}  // namespace bluebatch::emulator::batch::routes
