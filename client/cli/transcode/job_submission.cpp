#include "client/cli/transcode/specifications.hpp"
#include "client/cli/transcode/submission.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace bluebatch::cli::transcode {
namespace {

constexpr std::chrono::minutes kLongestJobDeletion{5};
// Signatures outlive the tasks that use them, also when clocks differ.
constexpr std::chrono::hours kSignatureMargin{2};

base::TimePoint expiry_of(RunContext const& context) {
    return context.world.clock.now() + context.options.timeout + kSignatureMargin;
}

Failure job_exists(RunContext const& context, std::string const& state) {
    bool const is_azure = context.options.connection.target == Target::azure;
    return {
        ExitStatus::usage,
        fmt::format(
            "Job [{0}] exists already (state: {1}), perhaps of an earlier run.\n  Delete it with 'bluebatch "
            "job delete {0}{2}', or give another --job-id.",
            context.options.job_id,
            state,
            is_azure ? " --target azure" : ""
        ),
    };
}

// Once a job of that name that is being deleted is gone; fails when it is there to stay.
Outcome<void> wait_until_gone(RunContext const& context) {
    auto const& world = context.world;
    auto const& id = context.options.job_id;
    auto const give_up = world.clock.now() + kLongestJobDeletion;
    PollDelay delay(context.pace);
    for (bool waited = false;; waited = true) {
        auto const job = context.batch.find_job(id);
        if (!job) return explain_batch(context, job.error(), "look at the job");
        if (!*job) return {};
        if ((*job)->state != "deleting" || world.clock.now() > give_up)
            return job_exists(context, (*job)->state);
        if (!waited) {
            world.console.note(
                fmt::format("Job [{}] of an earlier run is still being deleted; waiting...", id)
            );
        }
        world.waiter.wait(delay.next(), world.stop);
    }
}

}  // namespace

Outcome<void> look_for_job(RunContext const& context) {
    auto const& id = context.options.job_id;
    auto const job = context.batch.find_job(id);
    if (!job) return explain_batch(context, job.error(), "look at the job");
    if (*job && (*job)->state != "deleting") return job_exists(context, (*job)->state);
    return {};
}

Outcome<void> create_job(RunContext& context) {
    auto const specification = make_job_specification(context.options, context.plan.run);
    for (;;) {
        auto const created = context.batch.create_job(specification);
        if (created) {
            context.ledger.job = Made::yes;
            return {};
        }
        auto const& error = created.error();
        context.ledger.job = made_by(error);
        bool const exists =
            client::has_code(error, "JobExists") || client::has_code(error, "JobBeingDeleted");
        if (!exists) return explain_batch(context, error, "create the job");
        context.ledger.job = Made::no;
        if (auto const gone = wait_until_gone(context); !gone) return gone.error();
    }
}

Outcome<void> try_signatures(RunContext const& context) {
    auto& sas = context.connection.sas();
    auto const& plan = context.plan;
    auto const expiry = expiry_of(context);
    auto const writes = sas.issue({plan.output_container, "", "w", expiry});
    if (!writes) return explain_blob(context, writes.error(), "sign for the output container");
    if (plan.conversions.empty()) return {};
    auto const reads = sas.issue({plan.input_container, plan.conversions.front().input_blob, "r", expiry});
    if (!reads) return explain_blob(context, reads.error(), "sign for an input file");
    return {};
}

Outcome<std::vector<client::RefusedTask>> add_tasks(RunContext& context) {
    auto const& plan = context.plan;
    auto& sas = context.connection.sas();
    auto const expiry = expiry_of(context);
    auto const writes = sas.issue({plan.output_container, "", "w", expiry});
    if (!writes) return explain_blob(context, writes.error(), "sign for the output container");
    auto const output_url = context.blob.container_url(plan.output_container) + "?" + *writes;

    std::vector<client::TaskSpecification> tasks;
    tasks.reserve(plan.conversions.size());
    for (auto const& conversion : plan.conversions) {
        auto const reads = sas.issue({plan.input_container, conversion.input_blob, "r", expiry});
        if (!reads) return explain_blob(context, reads.error(), "sign for an input file");
        auto input_url = context.blob.blob_url(plan.input_container, conversion.input_blob) + "?" + *reads;
        tasks.push_back(make_task_specification(conversion, std::move(input_url), output_url));
    }
    context.ledger.results = Made::maybe;
    auto refused = context.batch.add_tasks(context.options.job_id, tasks);
    if (!refused) return explain_batch(context, refused.error(), "add the tasks");
    return *std::move(refused);
}

}  // namespace bluebatch::cli::transcode
