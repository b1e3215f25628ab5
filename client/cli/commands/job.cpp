#include "client/cli/commands/context.hpp"
#include "client/cli/commands/document.hpp"
#include "client/cli/commands/each.hpp"
#include "client/cli/commands/groups.hpp"
#include "client/cli/commands/job_watch.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <string>

namespace bluebatch::cli {
namespace {

Outcome<ExitStatus> list_jobs(CommandContext const& context) {
    auto const jobs = context.batch.job_documents(context.values.text("--filter"));
    if (!jobs) return context.batch_failure(jobs.error(), "list the jobs");
    if (context.wants_json()) {
        context.print(*jobs);
        return ExitStatus::success;
    }
    Table table({{"JOB"}, {"STATE"}, {"POOL"}, {"PRIORITY", Align::right}, {"REASON"}, {"AGE", Align::right}}
    );
    for (auto const& job : *jobs) {
        auto const pool = text_at(job, "executionInfo/poolId");
        table.add(
            {text_at(job, "id"),
             text_at(job, "state"),
             pool.empty() ? text_at(job, "poolInfo/poolId") : pool,
             text_at(job, "priority"),
             text_at(job, "executionInfo/terminateReason"),
             age_of(text_at(job, "creationTime"), context.world.clock.now())}
        );
    }
    context.print(table, "No jobs. 'bluebatch job create NAME --pool POOL' makes one.");
    return ExitStatus::success;
}

Outcome<ExitStatus> show_job(CommandContext const& context) {
    auto const& id = context.values.text("JOB");
    auto const job = context.batch.job_document(id);
    if (!job) return context.batch_failure(job.error(), fmt::format("show job {}", id));
    context.print_members(*job, {"id", "state", "poolInfo", "executionInfo"});
    return ExitStatus::success;
}

Outcome<ExitStatus> tell_job(CommandContext const& context, std::string const& id, std::string_view text) {
    if (!context.wants_json()) {
        context.console().line(text);
        return ExitStatus::success;
    }
    auto const job = context.batch.job_document(id);
    if (!job) return context.batch_failure(job.error(), fmt::format("show job {}", id));
    context.print(*job);
    return ExitStatus::success;
}

Outcome<ExitStatus> create_job(CommandContext const& context) {
    auto const& values = context.values;
    auto document = read_specification(context);
    if (!document) return document.error();
    auto const& id = values.text("JOB");
    (*document)["id"] = id;
    if (auto const pool = values.find("--pool")) (*document)["poolInfo"] = {{"poolId", *pool}};
    if (auto const priority = values.find("--priority")) {
        (*document)["priority"] = values.count("--priority").value_or(0);
    }
    if (values.has("--end-with-tasks")) {
        // A job manager is a task from the start; without one there are none, and all of them are completed.
        if (!document->contains("jobManagerTask")) {
            return Failure{
                ExitStatus::usage,
                fmt::format(
                    "--end-with-tasks: a job that has no tasks yet would end at once.\n  Make the job and "
                    "its "
                    "tasks first; 'bluebatch job end-with-tasks {}' then has it end with them.",
                    id
                )};
        }
        (*document)["onAllTasksComplete"] = "terminatejob";
    }
    if (!document->contains("poolInfo")) {
        return Failure{
            ExitStatus::usage, "Which pool? Give --pool POOL. 'bluebatch pool list' shows those there are."};
    }
    auto const added = context.batch.add_job(*document);
    if (!added) return context.batch_failure(added.error(), fmt::format("create job {}", id));
    return tell_job(context, id, fmt::format("Job {} created.", id));
}

Outcome<ExitStatus> end_with_tasks(CommandContext const& context) {
    auto const& id = context.values.text("JOB");
    auto const done = context.batch.change_job(id, {{"onAllTasksComplete", "terminatejob"}});
    if (!done) return context.batch_failure(done.error(), fmt::format("have job {} end with its tasks", id));
    return tell_job(context, id, fmt::format("Job {} ends when all its tasks are completed.", id));
}

Outcome<ExitStatus> terminate_job(CommandContext const& context) {
    auto const& id = context.values.text("JOB");
    auto const done = context.batch.terminate_job(id);
    if (!done) return context.batch_failure(done.error(), fmt::format("terminate job {}", id));
    return tell_job(context, id, fmt::format("Job {} is being terminated.", id));
}

Outcome<ExitStatus> delete_jobs(CommandContext const& context) {
    auto const& ids = context.values.all("JOB");
    if (auto const declined = context.declined(fmt::format("job {}", fmt::join(ids, ", ")))) return *declined;
    Each jobs(context, ids, "deleted");
    auto const delete_one = [&context](std::string const& id) -> Outcome<void> {
        auto const doing = fmt::format("delete job {}", id);
        auto const job = context.batch.job_document(id);
        if (!job) return context.batch_failure(job.error(), doing);
        auto const deleted = context.batch.delete_job(id);
        if (!deleted) return context.batch_failure(deleted.error(), doing);
        return {};
    };
    jobs.carry_out(delete_one, [](auto const& id) { return fmt::format("Job {} is being deleted.", id); });
    return jobs.finish();
}

Outcome<ExitStatus> wait_job(CommandContext const& context) {
    return watch_job(context, context.values.text("JOB"), WatchForm::quiet);
}

Outcome<ExitStatus> watch_live(CommandContext const& context) {
    auto const form = context.wants_json() ? WatchForm::quiet : WatchForm::live;
    return watch_job(context, context.values.text("JOB"), form);
}

}  // namespace

CommandGroup job_commands() {
    Parameter const job{"JOB", Use::argument, "The job's id"};
    return {
        "job",
        "Jobs and their progress",
        {
            {"list",
             "List the jobs",
             {filter_option()},
             "bluebatch job list\nbluebatch job list --filter \"state eq 'active'\" --json",
             Services::batch,
             &list_jobs},
            {"show",
             "Show everything about a job",
             {job},
             "bluebatch job show myjob",
             Services::batch,
             &show_job},
            {"create",
             "Make a job on a pool",
             {job,
              {"--pool,-p", Use::option, "Where its tasks run", "POOL"},
              {"--priority", Use::option, "-1000 to 1000; more runs first", "N", Kind::count},
              {"--end-with-tasks",
               Use::flag,
               "With a job manager in the file: the job ends when all its tasks are completed"},
              specification_option()},
             "bluebatch job create myjob --pool mypool\nbluebatch job create myjob --file job.json",
             Services::batch,
             &create_job},
            {"watch",
             "Watch a job until its tasks are done; exit status 1 when one failed",
             {job, timeout_option("24h")},
             "bluebatch job watch myjob",
             Services::batch,
             &watch_live},
            {"wait",
             "Wait until a job's tasks are done, and say only then how; exit status 1 when one failed",
             {job, timeout_option()},
             "bluebatch job wait myjob --timeout 10m && echo done",
             Services::batch,
             &wait_job},
            {"end-with-tasks",
             "Have a job end when all its tasks are completed; at once when they are",
             {job},
             "bluebatch job end-with-tasks myjob",
             Services::batch,
             &end_with_tasks},
            {"terminate",
             "End a job; tasks that run are ended with it",
             {job},
             "bluebatch job terminate myjob",
             Services::batch,
             &terminate_job},
            {"delete",
             "Delete jobs and their tasks",
             {{"JOB", Use::arguments, "Their ids"}, yes_flag()},
             "bluebatch job delete myjob --yes",
             Services::batch,
             &delete_jobs},
        }};
}

}  // namespace bluebatch::cli
