#include "emulator/batch/routes/jobs.hpp"

#include "emulator/batch/routes/statistics.hpp"
#include "emulator/batch/routes/tables.hpp"
#include "emulator/batch/rules/rules.hpp"
#include "emulator/batch/service/jobs.hpp"
#include "emulator/batch/wire/entities.hpp"
#include "emulator/batch/wire/schema/job.hpp"
#include "emulator/storage/batch/job_node_store.hpp"
#include "emulator/storage/batch/usage_store.hpp"

namespace bluebatch::emulator::batch::routes {
namespace {

using http::Verb;
using wire::schema::kJob;

wire::Json write_job(Call const& call, wire::Selection const& selection, domain::Job const& job) {
    auto json = wire::to_json(job, call.urls);
    if (wants_statistics(call, selection)) {
        storage::Snapshot snapshot(*call.account.database);
        auto const totals = storage::sum_tasks(snapshot.connection(), job.sequence);
        json["stats"] = job_statistics(totals, call.urls.job(job.id) + "/lifetimestats", call.now);
    }
    return selection.apply(wire::write_object(std::move(json), kJob, call.version));
}

Result<http::Response> add_job(Call const& call) {
    auto body = read_body(call, kJob, wire::kAdd);
    if (!body) return body.error();
    if (auto const fault = rules::check_new_job(*body)) return *fault;
    rules::add_job_defaults(*body, call.version);
    auto const job = service::add_job(call.context(), std::move(*body), call.version);
    if (!job) return job.error();
    // Whatever the job's id, the service answers with this one. Batch: REST-2
    return created(call.urls.job("job-1"), job->last_modified);
}

Result<http::Response> get_job(Call const& call) {
    auto const selection = read_selection(call, kJob);
    if (!selection) return selection.error();
    auto const conditions = read_conditions(call);
    if (!conditions) return conditions.error();
    auto const job = service::get_job(call.context(), call.path["jobId"], *conditions);
    if (!job) return job.error();
    auto body = write_job(call, *selection, *job);
    auto response = json_answer(200, with_metadata(call, "jobs/@Element", std::move(body)));
    put_tag(response, job->last_modified);
    return response;
}

Result<http::Response> list_jobs(Call const& call) {
    auto const selection = read_selection(call, kJob);
    if (!selection) return selection.error();
    auto const query = read_list_query(call, storage::ListKind::jobs);
    if (!query) return query.error();
    return answer_jobs(call, *selection, *query, service::list_jobs(call.context(), *query));
}

Result<http::Response> delete_job(Call const& call) {
    auto const conditions = read_conditions(call);
    if (!conditions) return conditions.error();
    auto const job = service::delete_job(call.context(), call.path["jobId"], *conditions);
    if (!job) return job.error();
    return empty_answer(202);
}

Result<http::Response> terminate_job(Call const& call) {
    auto const conditions = read_conditions(call);
    if (!conditions) return conditions.error();
    auto const body = read_optional_body(call, wire::schema::kTerminate, wire::kAdd);
    if (!body) return body.error();
    std::string reason(wire::text_of(*body, "terminateReason"));
    auto const job =
        service::terminate_job(call.context(), call.path["jobId"], *conditions, std::move(reason));
    if (!job) return job.error();
    return done(call, 202, job->last_modified);
}

Result<http::Response> disable_job(Call const& call) {
    auto const conditions = read_conditions(call);
    if (!conditions) return conditions.error();
    auto const body = read_body(call, wire::schema::kDisable, wire::kAdd);
    if (!body) return body.error();
    auto const running_tasks = domain::parse_word<domain::DisableTasks>(wire::text_of(*body, "disableTasks"));
    auto const job =
        service::disable_job(call.context(), call.path["jobId"], *conditions, running_tasks.value());
    if (!job) return job.error();
    return done(call, 202, job->last_modified);
}

Result<http::Response> enable_job(Call const& call) {
    auto const conditions = read_conditions(call);
    if (!conditions) return conditions.error();
    auto const job = service::enable_job(call.context(), call.path["jobId"], *conditions);
    if (!job) return job.error();
    return done(call, 202, job->last_modified);
}

using JobUpdate = Result<
    domain::
        Job> (*)(service::Context const&, std::string_view, service::Conditions const&, wire::Json const&);

Result<http::Response> update_job(Call const& call, wire::Uses use, JobUpdate update) {
    auto const conditions = read_conditions(call);
    if (!conditions) return conditions.error();
    auto const body = read_body(call, kJob, use);
    if (!body) return body.error();
    if (auto const fault = rules::check_job_members(*body)) return *fault;
    auto const job = update(call.context(), call.path["jobId"], *conditions, *body);
    if (!job) return job.error();
    return done(call, 200, job->last_modified);
}

Result<http::Response> patch_job(Call const& call) {
    return update_job(call, wire::kPatch, &service::patch_job);
}

Result<http::Response> replace_job(Call const& call) {
    return update_job(call, wire::kReplace, &service::replace_job);
}

Result<http::Response> count_tasks(Call const& call) {
    auto const counts = service::count_tasks(call.context(), call.path["jobId"]);
    if (!counts) return counts.error();
    // Batch: REST-7
    if (call.version < wire::ApiVersion::v2020_09) {
        auto flat = wire::to_flat_json(*counts);
        if (call.version < wire::ApiVersion::v2018_08) flat["validationStatus"] = "validated";
        return json_answer(200, with_metadata(call, "taskcounts/@Element", std::move(flat)));
    }
    return json_answer(200, with_metadata(call, "taskcountsresult/@Element", wire::to_json(*counts)));
}

// Batch: PREP-9
Result<http::Response> list_preparation_and_release(Call const& call) {
    auto const selection = read_selection(call, wire::schema::kJobOnNode);
    if (!selection) return selection.error();
    auto const query = read_list_query(call, storage::ListKind::job_nodes);
    if (!query) return query.error();
    storage::Snapshot snapshot(*call.account.database);
    auto const job = storage::find_job(snapshot.connection(), call.path["jobId"]);
    if (!job) return BatchError{BatchErrorCode::job_not_found, {}};
    if (!job->has_preparation_task)
        return BatchError{BatchErrorCode::job_preparation_task_or_release_task_not_specified, {}};
    auto const tasks = wire::read_job_node_tasks(job->document);
    auto statuses = storage::list_job_on_nodes(snapshot.connection(), job->id, *query);
    bool const more = cut_page(statuses, *query);
    auto values = wire::Json::array();
    for (auto const& status : statuses) {
        auto json = wire::to_json(status, tasks, call.urls);
        values.push_back(
            selection->apply(wire::write_object(std::move(json), wire::schema::kJobOnNode, call.version))
        );
    }
    auto const next =
        more ? std::optional{statuses.back().pool_id + "/" + statuses.back().node_id} : std::nullopt;
    return list_answer(call, "jobpreparationandreleasetaskstatuslist", std::move(values), next);
}

// clang-format off
constexpr auto kJobRoutes = std::to_array<Route>({
    {Verb::get,    "/jobs",                    "", "Job_List",          &list_jobs},
    {Verb::post,   "/jobs",                    "", "Job_Add",           &add_job},
    {Verb::get,    "/jobs/{jobId}",            "", "Job_Get",           &get_job},
    {Verb::patch,  "/jobs/{jobId}",            "", "Job_Patch",         &patch_job},
    {Verb::put,    "/jobs/{jobId}",            "", "Job_Update",        &replace_job},
    {Verb::remove, "/jobs/{jobId}",            "", "Job_Delete",        &delete_job},
    {Verb::post,   "/jobs/{jobId}/terminate",  "", "Job_Terminate",     &terminate_job},
    {Verb::post,   "/jobs/{jobId}/disable",    "", "Job_Disable",       &disable_job},
    {Verb::post,   "/jobs/{jobId}/enable",     "", "Job_Enable",        &enable_job},
    {Verb::get,    "/jobs/{jobId}/taskcounts", "", "Job_GetTaskCounts", &count_tasks},
    {Verb::get,    "/jobs/{jobId}/jobpreparationandreleasetaskstatus", "", "Job_ListPreparationAndReleaseTaskStatus", &list_preparation_and_release},
});
// clang-format on

}  // namespace

http::Response answer_jobs(
    Call const& call,
    wire::Selection const& selection,
    storage::ListQuery const& query,
    std::vector<domain::Job> jobs
) {
    bool const more = cut_page(jobs, query);
    auto values = wire::Json::array();
    for (auto const& job : jobs)
        values.push_back(write_job(call, selection, job));
    auto const next = more ? std::optional{jobs.back().id} : std::nullopt;
    return list_answer(call, "jobs", std::move(values), next);
}

std::span<Route const> job_routes() {
    return kJobRoutes;
}

}  // namespace bluebatch::emulator::batch::routes
