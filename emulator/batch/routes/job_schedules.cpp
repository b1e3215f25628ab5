#include "emulator/batch/service/job_schedules.hpp"

#include "emulator/batch/routes/jobs.hpp"
#include "emulator/batch/routes/statistics.hpp"
#include "emulator/batch/routes/tables.hpp"
#include "emulator/batch/rules/rules.hpp"
#include "emulator/batch/wire/entities.hpp"
#include "emulator/batch/wire/schema/job_schedule.hpp"
#include "emulator/storage/batch/usage_store.hpp"

namespace bluebatch::emulator::batch::routes {
namespace {

using http::Verb;
using wire::schema::kJobSchedule;

wire::Json write_schedule(
    Call const& call, wire::Selection const& selection, domain::JobSchedule const& schedule
) {
    auto json = wire::to_json(schedule, call.urls);
    if (wants_statistics(call, selection)) {
        storage::Snapshot snapshot(*call.account.database);
        auto const totals = storage::sum_tasks_of_schedule(snapshot.connection(), schedule.id);
        json["stats"] =
            job_statistics(totals, call.urls.job_schedule(schedule.id) + "/lifetimestats", call.now);
    }
    return selection.apply(wire::write_object(std::move(json), kJobSchedule, call.version));
}

Result<http::Response> add_schedule(Call const& call) {
    auto body = read_body(call, kJobSchedule, wire::kAdd);
    if (!body) return body.error();
    if (auto const fault = rules::check_new_job_schedule(*body)) return *fault;
    rules::add_job_schedule_defaults(*body, call.version);
    auto const schedule = service::add_job_schedule(call.context(), std::move(*body));
    if (!schedule) return schedule.error();
    return created(call.urls.job_schedule(schedule->id), schedule->last_modified);
}

Result<domain::JobSchedule> find_schedule(Call const& call) {
    auto const conditions = read_conditions(call);
    if (!conditions) return conditions.error();
    return service::get_job_schedule(call.context(), call.path["scheduleId"], *conditions);
}

Result<http::Response> get_schedule(Call const& call) {
    auto const selection = read_selection(call, kJobSchedule);
    if (!selection) return selection.error();
    auto const schedule = find_schedule(call);
    if (!schedule) return schedule.error();
    auto body = write_schedule(call, *selection, *schedule);
    auto response = json_answer(200, with_metadata(call, "jobschedules/@Element", std::move(body)));
    put_tag(response, schedule->last_modified);
    return response;
}

Result<http::Response> schedule_exists(Call const& call) {
    auto const schedule = find_schedule(call);
    if (!schedule) return schedule.error();
    auto response = empty_answer(200);
    put_tag(response, schedule->last_modified);
    return response;
}

Result<http::Response> list_schedules(Call const& call) {
    auto const selection = read_selection(call, kJobSchedule);
    if (!selection) return selection.error();
    auto const query = read_list_query(call, storage::ListKind::job_schedules);
    if (!query) return query.error();
    auto schedules = service::list_job_schedules(call.context(), *query);
    bool const more = cut_page(schedules, *query);
    auto values = wire::Json::array();
    for (auto const& schedule : schedules)
        values.push_back(write_schedule(call, *selection, schedule));
    auto const next = more ? std::optional{schedules.back().id} : std::nullopt;
    return list_answer(call, "jobschedules", std::move(values), next);
}

Result<http::Response> list_jobs_of_schedule(Call const& call) {
    auto const selection = read_selection(call, wire::schema::kJob);
    if (!selection) return selection.error();
    auto const query = read_list_query(call, storage::ListKind::jobs);
    if (!query) return query.error();
    auto jobs = service::list_jobs_of_schedule(call.context(), call.path["scheduleId"], *query);
    if (!jobs) return jobs.error();
    return answer_jobs(call, *selection, *query, std::move(*jobs));
}

Result<http::Response> delete_schedule(Call const& call) {
    auto const conditions = read_conditions(call);
    if (!conditions) return conditions.error();
    auto const schedule = service::delete_job_schedule(call.context(), call.path["scheduleId"], *conditions);
    if (!schedule) return schedule.error();
    return empty_answer(202);
}

using Action =
    Result<domain::JobSchedule> (*)(service::Context const&, std::string_view, service::Conditions const&);

Result<http::Response> act(Call const& call, int status, Action action) {
    auto const conditions = read_conditions(call);
    if (!conditions) return conditions.error();
    auto const schedule = action(call.context(), call.path["scheduleId"], *conditions);
    if (!schedule) return schedule.error();
    return done(call, status, schedule->last_modified);
}

Result<http::Response> disable_schedule(Call const& call) {
    return act(call, 204, &service::disable_job_schedule);
}

Result<http::Response> enable_schedule(Call const& call) {
    return act(call, 204, &service::enable_job_schedule);
}

Result<http::Response> terminate_schedule(Call const& call) {
    return act(call, 202, &service::terminate_job_schedule);
}

using ScheduleUpdate = Result<
    domain::
        JobSchedule> (*)(service::Context const&, std::string_view, service::Conditions const&, wire::Json const&);

Result<http::Response> update_schedule(Call const& call, wire::Object const& object, ScheduleUpdate update) {
    auto const conditions = read_conditions(call);
    if (!conditions) return conditions.error();
    auto body = read_body(call, object, wire::kAdd);
    if (!body) return body.error();
    if (auto const fault = rules::check_job_schedule_members(*body)) return *fault;
    rules::add_job_schedule_defaults(*body, call.version);
    auto const schedule = update(call.context(), call.path["scheduleId"], *conditions, *body);
    if (!schedule) return schedule.error();
    return done(call, 200, schedule->last_modified);
}

Result<http::Response> patch_schedule(Call const& call) {
    return update_schedule(call, wire::schema::kPatchedSchedule, &service::patch_job_schedule);
}

Result<http::Response> replace_schedule(Call const& call) {
    return update_schedule(call, wire::schema::kReplacedSchedule, &service::replace_job_schedule);
}

// clang-format off
constexpr auto kJobScheduleRoutes = std::to_array<Route>({
    {Verb::get,    "/jobschedules",                        "", "JobSchedule_List",        &list_schedules},
    {Verb::post,   "/jobschedules",                        "", "JobSchedule_Add",         &add_schedule},
    {Verb::get,    "/jobschedules/{scheduleId}",           "", "JobSchedule_Get",         &get_schedule},
    {Verb::head,   "/jobschedules/{scheduleId}",           "", "JobSchedule_Exists",      &schedule_exists},
    {Verb::patch,  "/jobschedules/{scheduleId}",           "", "JobSchedule_Patch",       &patch_schedule},
    {Verb::put,    "/jobschedules/{scheduleId}",           "", "JobSchedule_Update",      &replace_schedule},
    {Verb::remove, "/jobschedules/{scheduleId}",           "", "JobSchedule_Delete",      &delete_schedule},
    {Verb::post,   "/jobschedules/{scheduleId}/disable",   "", "JobSchedule_Disable",     &disable_schedule},
    {Verb::post,   "/jobschedules/{scheduleId}/enable",    "", "JobSchedule_Enable",      &enable_schedule},
    {Verb::post,   "/jobschedules/{scheduleId}/terminate", "", "JobSchedule_Terminate",   &terminate_schedule},
    {Verb::get,    "/jobschedules/{scheduleId}/jobs",      "", "Job_ListFromJobSchedule", &list_jobs_of_schedule},
});
// clang-format on

}  // namespace

std::span<Route const> job_schedule_routes() {
    return kJobScheduleRoutes;
}

}  // namespace bluebatch::emulator::batch::routes
