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

// One of the two containers, and what this run put there.
struct Used {
    std::string const& container;
    Made& made;
    Made& filled;
    std::string Conversion::*blob;
    std::string_view what;
};

Used input_of(RunContext& context) {
    return {
        context.plan.input_container,
        context.ledger.input_container,
        context.ledger.uploads,
        &Conversion::input_blob,
        "uploaded files",
    };
}

Used output_of(RunContext& context) {
    return {
        context.plan.output_container,
        context.ledger.output_container,
        context.ledger.results,
        &Conversion::output_blob,
        "results",
    };
}

// Only what this run put there goes.
void delete_blobs(RunContext const& context, Used const& used) {
    if (used.filled == Made::no) return;
    context.world.console.line(
        fmt::format("Deleting the {} from container [{}]...", used.what, used.container)
    );
    auto const blob = context.blob.with(clean_up_calls());
    client::WorkQueue queue(kDeletionsAtOnce);
    for (auto const& conversion : context.plan.conversions) {
        auto const& name = conversion.*used.blob;
        queue.submit([&context, &blob, &used, &name] {
            auto const deleted = blob.delete_blob(used.container, name);
            if (!deleted) warn(context, deleted.error(), "blob " + name);
        });
    }
    queue.wait();
    used.filled = Made::no;
}

// The container when this run made it and nobody else uses it by now.
bool is_only_ours(RunContext const& context, Used const& used) {
    if (used.made == Made::no) return false;
    auto const blob = context.blob.with(clean_up_calls());
    if (used.made == Made::maybe) {
        auto const ours = blob.is_container_of(used.container, context.plan.run);
        if (!ours || !*ours) return false;
    }
    auto const shared = blob.has_blobs_outside(used.container, blob_folder(context.plan));
    if (shared && !*shared) return true;
    context.world.console.line(fmt::format(
        "Container [{}] is kept: {}.",
        used.container,
        shared ? "it holds more than this run's files" : "what else it holds could not be seen"
    ));
    return false;
}

void clear(RunContext const& context, Used const& used) {
    if (!is_only_ours(context, used)) return delete_blobs(context, used);
    context.world.console.line(fmt::format("Deleting container [{}]...", used.container));
    auto const deleted = context.blob.with(clean_up_calls()).delete_container(used.container);
    if (!deleted) return warn(context, deleted.error(), fmt::format("container [{}]", used.container));
    used.made = Made::no;
    used.filled = Made::no;
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

// Nobody is asked after Ctrl-C, and what nobody agreed to delete stays.
bool may_delete(RunContext const& context, Keep keep, std::string_view question) {
    auto const& world = context.world;
    auto const answer = context.options.answer;
    if (keep == Keep::yes || (answer == Answer::ask && world.stop.stop_requested())) return false;
    return world.console.confirm(question, answer, world.stop);
}

// Whoever said no knows it.
bool is_kept(RunContext const& context, Keep keep) {
    return keep == Keep::yes || context.world.stop.stop_requested();
}

}  // namespace

void delete_inputs(RunContext& context) {
    clear(context, input_of(context));
}

void offer_to_delete_job_and_pool(RunContext& context) {
    auto const& options = context.options;
    auto& console = context.world.console;
    if (may_delete(context, options.job, "Delete job?")) {
        delete_job(context);
    } else if (is_kept(context, options.job)) {
        console.line(fmt::format("Job [{}] is kept.", options.job_id));
    }
    if (context.ledger.pool == Made::no) {
        console.line(fmt::format("Pool [{}] was there before and is kept.", options.pool_id));
    } else if (may_delete(context, options.pool, "Delete pool?")) {
        delete_pool(context);
    } else if (is_kept(context, options.pool)) {
        console.line(
            fmt::format("Pool [{}] is kept; its nodes cost money until it is deleted.", options.pool_id)
        );
    }
}

void clean_up_everything(RunContext& context) {
    auto const& job = context.options.job_id;
    auto const& pool = context.options.pool_id;
    auto const batch = context.batch.with(clean_up_calls());
    auto& ledger = context.ledger;
    auto& console = context.world.console;
    if (context.options.job == Keep::no &&
        is_ours(
            ledger.job, [&] { return batch.find_job(job); }, context.plan.run
        )) {
        console.line(fmt::format("Deleting job [{}]...", job));
        delete_job(context);
    }
    if (context.options.pool == Keep::no &&
        is_ours(
            ledger.pool, [&] { return batch.find_pool(pool); }, context.plan.run
        )) {
        console.line(fmt::format("Deleting pool [{}]...", pool));
        delete_pool(context);
    }
    clear(context, input_of(context));
    clear(context, output_of(context));
}

}  // namespace bluebatch::cli::transcode
