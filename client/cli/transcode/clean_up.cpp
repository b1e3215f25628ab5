#include "client/cli/transcode/clean_up.hpp"

#include "client/api/work_queue.hpp"
#include "client/cli/transcode/specifications.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string>

namespace bluebatch::cli::transcode {
namespace {

constexpr unsigned kDeletionsAtOnce = 8;

// Cleaning up goes on after an interrupt, but not for ever.
client::CallOptions clean_up_calls() {
    client::RetryOptions retry;
    retry.attempts = 4;
    retry.patience = std::chrono::minutes(1);
    return {.stop = {}, .retry = retry};
}

void warn(RunContext const& context, client::ApiError const& error, std::string const& what) {
    context.world.console.error(fmt::format(
        "Could not delete {}: {}\n  It may still cost money; delete it yourself.",
        what,
        client::describe(error)
    ));
}

void delete_container(RunContext const& context, std::string const& name, Made& made) {
    if (made == Made::no) return;
    auto const blob = context.blob.with(clean_up_calls());
    if (made == Made::maybe) {
        auto const ours = blob.is_container_of(name, context.run);
        if (!ours || !*ours) return;
    }
    context.world.console.line(fmt::format("Deleting container [{}]...", name));
    auto const deleted = blob.delete_container(name);
    if (!deleted) return warn(context, deleted.error(), fmt::format("container [{}]", name));
    made = Made::no;
}

// The container was there before us, so only what we put there goes.
void delete_uploads(RunContext const& context) {
    auto const& plan = context.plan;
    context.world.console.line(
        fmt::format("Deleting the uploaded files from container [{}]...", plan.input_container)
    );
    auto const blob = context.blob.with(clean_up_calls());
    client::WorkQueue queue(kDeletionsAtOnce);
    for (auto const& conversion : plan.conversions) {
        queue.submit([&context, &blob, &plan, &conversion] {
            auto const deleted = blob.delete_blob(plan.input_container, conversion.input_blob);
            if (!deleted) warn(context, deleted.error(), "blob " + conversion.input_blob);
        });
    }
    queue.wait();
}

template <class Find>
bool is_ours(Made made, Find const& find, std::string const& run) {
    if (made != Made::maybe) return made == Made::yes;
    auto const found = find();
    return found && *found && is_made_by((*found)->metadata, run);
}

void delete_job(RunContext& context) {
    auto const deleted = context.batch.with(clean_up_calls()).delete_job(context.options.job_id);
    if (!deleted) return warn(context, deleted.error(), fmt::format("job [{}]", context.options.job_id));
    context.ledger.job = Made::no;
}

void delete_pool(RunContext& context) {
    auto const deleted = context.batch.with(clean_up_calls()).delete_pool(context.options.pool_id);
    if (!deleted) return warn(context, deleted.error(), fmt::format("pool [{}]", context.options.pool_id));
    context.ledger.pool = Made::no;
}

}  // namespace

void delete_inputs(RunContext& context) {
    if (context.ledger.input_container == Made::no) {
        delete_uploads(context);
    } else {
        delete_container(context, context.plan.input_container, context.ledger.input_container);
    }
}

void offer_to_delete_job_and_pool(RunContext& context) {
    auto const& options = context.options;
    auto const& world = context.world;
    if (options.job == Keep::yes) {
        world.console.line(fmt::format("Job [{}] is kept.", options.job_id));
    } else if (world.console.confirm("Delete job?", options.answer, world.stop)) {
        delete_job(context);
    }
    if (context.ledger.pool == Made::no) {
        world.console.line(fmt::format("Pool [{}] was there before and is kept.", options.pool_id));
    } else if (options.pool == Keep::yes) {
        world.console.line(
            fmt::format("Pool [{}] is kept; its nodes cost money until it is deleted.", options.pool_id)
        );
    } else if (world.console.confirm("Delete pool?", options.answer, world.stop)) {
        delete_pool(context);
    }
}

void clean_up_everything(RunContext& context) {
    auto const& job = context.options.job_id;
    auto const& pool = context.options.pool_id;
    auto const batch = context.batch.with(clean_up_calls());
    auto& ledger = context.ledger;
    auto& console = context.world.console;
    if (context.options.job == Keep::no && is_ours(
                                               ledger.job, [&] { return batch.find_job(job); }, context.run
                                           )) {
        console.line(fmt::format("Deleting job [{}]...", job));
        delete_job(context);
    }
    if (context.options.pool == Keep::no &&
        is_ours(
            ledger.pool, [&] { return batch.find_pool(pool); }, context.run
        )) {
        console.line(fmt::format("Deleting pool [{}]...", pool));
        delete_pool(context);
    }
    delete_container(context, context.plan.input_container, ledger.input_container);
    delete_container(context, context.plan.output_container, ledger.output_container);
}

}  // namespace bluebatch::cli::transcode
