#include "emulator/batch/routes/tables.hpp"
#include "emulator/batch/service/tasks.hpp"

namespace bluebatch::emulator::batch::routes {
namespace {

using http::Verb;

Result<http::Response> list_none(Call const& call, std::string_view fragment) {
    return list_answer(call, fragment, wire::Json::array(), std::nullopt);
}

Result<http::Response> list_job_schedules(Call const& call) {
    return list_none(call, "jobschedules");
}

Result<http::Response> list_subtasks(Call const& call) {
    auto const task = service::get_task(call.context(), call.path["jobId"], call.path["taskId"], {});
    if (!task) return task.error();
    return list_none(call, "subtaskinfo");
}

Result<http::Response> no_job_schedule(Call const&) {
    return BatchError{BatchErrorCode::job_schedule_not_found, {}};
}

// clang-format off
constexpr auto kRoutes = std::to_array<Route>({
    {Verb::get,  "/jobschedules",                 "", "JobSchedule_List",   &list_job_schedules},
    {Verb::get,  "/jobschedules/{scheduleId}",    "", "JobSchedule_Get",    &no_job_schedule},
    {Verb::head, "/jobschedules/{scheduleId}",    "", "JobSchedule_Exists", &no_job_schedule},
    {Verb::get,  "/jobs/{jobId}/tasks/{taskId}/subtasksinfo", "", "Task_ListSubtasks", &list_subtasks},
});
// clang-format on

}  // namespace

std::span<Route const> absent_routes() {
    return kRoutes;
}

}  // namespace bluebatch::emulator::batch::routes
