#include "emulator/batch/service/auto_pools.hpp"

#include "emulator/batch/rules/rules.hpp"
#include "emulator/batch/service/auto_scale.hpp"
#include "emulator/batch/service/pools.hpp"
#include "emulator/batch/service/references.hpp"
#include "emulator/storage/batch/quota_store.hpp"
#include "shared/base/text.hpp"

namespace bluebatch::emulator::batch::service {

using domain::JobState;
using wire::Json;

namespace {

void end_unstarted(domain::Job& job, std::string code, BatchError const& fault, base::TimePoint now) {
    std::vector<domain::NameValue> details;
    for (auto const& [key, value] : fault.values)
        details.push_back({key, value});
    job.scheduling_error = domain::FailureInfo{
        domain::ErrorCategory::user_error,
        std::move(code),
        "The auto pool of the job could not be created",
        std::move(details)};
    domain::move_to(job, JobState::completed, now);
    job.end_time = now;
}

// Why an auto pool can't be made, and the code that the job tells then. Batch: AUTO-4
struct AutoPoolFault {
    char const* code;
    BatchError fault;
};
std::optional<AutoPoolFault> check_auto_pool(
    storage::Transaction& transaction, Context const& context, Json const& pool
) {
    auto const quota = context.quotas.pools;
    if (quota && storage::count_pools(transaction.connection()) >= *quota)
        return AutoPoolFault{
            "AutoPoolCreationFailedWithQuotaReached", {BatchErrorCode::pool_quota_reached, {}}};
    if (auto fault = rules::check_pool_specification(pool))
        return AutoPoolFault{"InvalidAutoPoolSettings", std::move(*fault)};
    if (auto const* const formula = wire::find(pool, "autoScaleFormula")) {
        if (auto fault = fault_of_formula(formula->get_ref<std::string const&>()))
            return AutoPoolFault{"InvalidAutoScaleFormulaInAutoPool", std::move(*fault)};
    }
    auto fault = check_references(transaction.connection(), pool);
    if (!fault) return std::nullopt;
    bool const is_certificate = fault->code == BatchErrorCode::invalid_certificate_references;
    return AutoPoolFault{
        is_certificate ? "InvalidCertificatesInAutoPool" : "InvalidApplicationPackageReferencesInAutoPool",
        std::move(*fault)};
}

}  // namespace

void make_auto_pool(
    storage::Transaction& transaction,
    Context const& context,
    domain::Job& job,
    Json const& specification,
    wire::ApiVersion version
) {
    auto const* const given = wire::find(specification, "pool");
    auto pool = given != nullptr ? *given : Json::object();
    if (auto const fault = check_auto_pool(transaction, context, pool))
        return end_unstarted(job, fault->code, fault->fault, context.now);
    rules::add_pool_defaults(pool, version);
    job.pool_id = wire::text_of(specification, "autoPoolIdPrefix");
    job.pool_id += base::to_upper(context.random.guid());
    auto const made = make_pool(job.pool_id, std::move(pool), context.now);
    storage::insert_pool(transaction, made);
    announce(transaction, context, {domain::Change::Kind::pool, made.id, {}});
}

}  // namespace bluebatch::emulator::batch::service
