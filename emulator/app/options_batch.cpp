#include "emulator/app/options_batch.hpp"

#include "emulator/app/options_storage.hpp"

#include <CLI/CLI.hpp>

namespace bluebatch::emulator::app {

void declare_batch_options(CLI::App& app, Options& options) {
    auto const add =
        [&](std::string const& flag, std::optional<std::int64_t>& quota, std::string const& of_what) {
            app.add_option(
                   "--" + flag, quota, "The most " + of_what + " of a Batch account (default: any number)"
            )
                ->envname(variable_of(flag))
                ->check(CLI::NonNegativeNumber);
        };
    auto& quotas = options.batch_quotas;
    add("batch-pool-quota", quotas.pools, "pools");
    add("batch-job-quota", quotas.active_jobs_and_schedules, "active jobs and job schedules");
    add("batch-dedicated-core-quota", quotas.dedicated_cores, "dedicated cores");
    add("batch-low-priority-core-quota", quotas.low_priority_cores, "cores of Spot nodes");
    app.add_option(
           "--pool-identity",
           options.pool_identities,
           "Resource id of a user-assigned identity that all pools have; may be repeated"
    )
        ->envname(variable_of("pool-identity"));
}

}  // namespace bluebatch::emulator::app
