#include "client/api/manager_client.hpp"
#include "client/cli/doctor/checks.hpp"

#include <fmt/format.h>

#include <string>

namespace bluebatch::cli::doctor {
namespace {

// Nothing where it can't be known: by a key, or without a right to look.
std::optional<client::BatchQuotas> find_quotas(Examination const& examination) {
    auto const* const manager = examination.connection.manager();
    if (manager == nullptr) return std::nullopt;
    auto const& accounts = examination.connection.accounts();
    auto const found =
        client::ManagerClient(*manager, std::string(accounts.cloud->manager_endpoint), calls_of(examination))
            .find_quotas(accounts.batch.endpoint);
    return found ? *found : std::nullopt;
}

std::string fault_of(BatchUse const& use, client::BatchQuotas const& quotas) {
    if (quotas.pools && use.pools >= *quotas.pools) return "there is no room for another pool";
    auto const& jobs = quotas.active_jobs_and_schedules;
    if (jobs && use.active_jobs >= *jobs) return "there is no room for another job";
    if (quotas.dedicated_cores == 0 && quotas.spot_cores == 0) return "the account has no cores";
    return {};
}

std::string limit(std::optional<std::int64_t> quota) {
    return quota ? std::to_string(*quota) : "what the subscription allows";
}

}  // namespace

void check_quotas(Examination const& examination, BatchUse const& use, Findings& findings) {
    Finding finding{.service = "Batch", .check = "quota", .text = {}};
    auto const quotas = find_quotas(examination);
    if (!quotas) {
        finding.text = fmt::format(
            "in use: pools {}, nodes {}, active jobs {}; how many there may be is known to the resource "
            "manager, which "
            "answers to who signs in ('az batch account show')",
            use.pools,
            use.nodes,
            use.active_jobs
        );
    } else {
        finding.text = fmt::format(
            "pools {} of {}, active jobs {} of {} with schedules, nodes {}; cores at most {} dedicated, {} "
            "Spot",
            use.pools,
            limit(quotas->pools),
            use.active_jobs,
            limit(quotas->active_jobs_and_schedules),
            use.nodes,
            limit(quotas->dedicated_cores),
            limit(quotas->spot_cores)
        );
        if (auto fault = fault_of(use, *quotas); !fault.empty()) {
            finding.verdict = Verdict::warning;
            finding.text += ": " + fault;
            finding.advice = "Delete what is not needed, or ask for more at Quotas in the account's portal.";
        }
    }
    findings.push_back(std::move(finding));
}

}  // namespace bluebatch::cli::doctor
