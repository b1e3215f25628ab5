#include "client/cli/transcode/transcode.hpp"

#include "client/cli/durations.hpp"
#include "client/cli/transcode/clean_up.hpp"
#include "client/cli/transcode/monitor.hpp"
#include "client/cli/transcode/plan.hpp"
#include "client/cli/transcode/report.hpp"
#include "client/cli/transcode/run_context.hpp"
#include "client/cli/transcode/submission.hpp"
#include "client/cli/transcode/uploads.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

namespace bluebatch::cli {
namespace transcode {
namespace {

constexpr std::size_t kMostSkippedNames = 5;

// Everything up to the last result; the lines are the tutorial's.
Outcome<MonitorResult> work(RunContext& context) {
    auto const& options = context.options;
    auto& console = context.world.console;
    if (auto const done = look_for_job(context); !done) return done.error();
    if (auto const done = try_signatures(context); !done) return done.error();
    if (auto const done = prepare_containers(context); !done) return done.error();
    PoolCreation creation(context);
    if (auto const done = upload_inputs(context); !done) return done.error();

    console.line(fmt::format("Creating pool [{}]...", options.pool_id));
    auto const pool = creation.finish();
    if (!pool) return pool.error();
    if (*pool == PoolOrigin::reused) {
        console.line(fmt::format("Pool [{}] exists already and is used as it is.", options.pool_id));
    }
    console.line(fmt::format("Creating job [{}]...", options.job_id));
    if (auto const done = create_job(context); !done) return done.error();
    console.line(
        fmt::format("Adding {} tasks to job [{}]...", context.plan.conversions.size(), options.job_id)
    );
    auto const refused = add_tasks(context);
    if (!refused) return refused.error();
    console.line(
        fmt::format("Monitoring all tasks for 'Completed' state, timeout in {}...", to_clock(options.timeout))
    );
    return monitor_tasks(context, *refused);
}

void finish_line(Console& console, base::TimePoint now, base::Ticks elapsed) {
    console.line();
    console.line(fmt::format("Sample end: {}", base::to_iso8601(now, 0)));
    console.line(fmt::format("Elapsed time: {}", to_precise_clock(elapsed)));
}

void give_summary(RunContext const& context, MonitorResult const& result, Summary const& summary) {
    if (context.options.form != OutputForm::json) return;
    context.world.console.json(to_json(context.options, context.plan, result, summary));
}

ExitStatus end_early(
    RunContext& context, MonitorResult const& result, Failure const& failure, Summary summary
) {
    auto const& world = context.world;
    bool const interrupted = world.stop.stop_requested();
    world.console.clear_status();
    if (interrupted) {
        world.console.note("Deleting what this run made.");
    } else {
        world.console.error(failure.message);
    }
    clean_up_everything(context);
    summary.status = interrupted ? ExitStatus::interrupted : failure.status;
    summary.error = interrupted ? "Interrupted." : failure.message;
    summary.elapsed = world.clock.now() - summary.started;
    give_summary(context, result, summary);
    return summary.status;
}

// Hours of work may lie between here and the first result, so the folder is tried with a file.
Outcome<void> prepare_output_folder(std::filesystem::path const& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
        return Failure{
            ExitStatus::usage, fmt::format("Can't make {}: {}.", folder.string(), error.message())};
    }
    auto probe = (folder / ".bluebatch-XXXXXX").string();
    int const file = ::mkostemp(probe.data(), O_CLOEXEC);
    if (file < 0) {
        return Failure{
            ExitStatus::usage,
            fmt::format(
                "Can't write to {}: {}.\n  Make it writable, or give another folder for --output.",
                folder.string(),
                std::generic_category().message(errno)
            ),
        };
    }
    ::close(file);
    ::unlink(probe.c_str());
    return {};
}

}  // namespace

Outcome<Plan> prepare(TranscodeOptions const& options, std::string const& run, Console& console) {
    auto files = find_input_files(options.input, options.pattern);
    if (!files) return Failure{ExitStatus::usage, files.error().message};
    if (!files->skipped.empty()) {
        auto names = files->skipped;
        bool const many = names.size() > kMostSkippedNames;
        if (many) names.resize(kMostSkippedNames);
        console.note(fmt::format("Skipped, not media: {}{}", fmt::join(names, ", "), many ? ", ..." : ""));
    }
    if (auto const ready = prepare_output_folder(options.output); !ready) return ready.error();
    auto plan = make_plan(options, files->files, run);
    if (!plan) return Failure{ExitStatus::usage, plan.error().message};
    return *std::move(plan);
}

ExitStatus run(
    TranscodeOptions const& options, Plan const& plan, World const& world, Connection& connection
) {
    Summary summary;
    summary.started = world.clock.now();
    world.console.line(fmt::format("Sample start: {}", base::to_iso8601(summary.started, 0)));
    world.console.line();

    client::CallOptions const calls{
        .stop = world.stop, .retry = {.patience = transcode::patience_of(options)}};
    RunContext context{
        .options = options,
        .plan = plan,
        .world = world,
        .connection = connection,
        .batch = connection.batch(calls),
        .blob = connection.blob(calls),
        .pace = pace_for(connection.accounts().batch.endpoint),
    };
    auto const result = work(context);
    if (!result) return end_early(context, {}, result.error(), summary);
    if (result->end == MonitorEnd::interrupted) {
        return end_early(context, *result, {ExitStatus::interrupted, "Interrupted."}, summary);
    }
    tell_result(world.console, options, plan, *result);
    delete_inputs(context);
    summary.status = status_of(*result);
    summary.elapsed = world.clock.now() - summary.started;
    finish_line(world.console, world.clock.now(), summary.elapsed);
    world.console.line();
    offer_to_delete_job_and_pool(context);
    if (world.stop.stop_requested()) summary.status = ExitStatus::interrupted;
    give_summary(context, *result, summary);
    return summary.status;
}

}  // namespace transcode

ExitStatus run(TranscodeOptions const& options, World const& world) {
    auto const give_up = [&](Failure const& failure) {
        if (!world.stop.stop_requested()) world.console.error(failure.message);
        transcode::Summary const summary{
            .status = failure.status, .error = failure.message, .started = world.clock.now()};
        if (options.form == OutputForm::json)
            world.console.json(transcode::to_json(options, {}, {}, summary));
        return failure.status;
    };
    auto const plan = transcode::prepare(options, world.random.guid(), world.console);
    if (!plan) return give_up(plan.error());
    auto const connection = Connection::open(options.connection, world);
    if (!connection) return give_up(connection.error());
    return transcode::run(options, *plan, world, **connection);
}

}  // namespace bluebatch::cli
