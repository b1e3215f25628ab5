#include "emulator/batch/routes/tables.hpp"

namespace bluebatch::emulator::batch::routes {
namespace {

using http::Verb;

Result<http::Response> list_none(Call const& call, std::string_view fragment) {
    return list_answer(call, fragment, wire::Json::array(), std::nullopt);
}

Result<http::Response> list_job_schedules(Call const& call) {
    return list_none(call, "jobschedules");
}

Result<http::Response> no_job_schedule(Call const&) {
    return BatchError{BatchErrorCode::job_schedule_not_found, {}};
}

// clang-format off
constexpr auto kRoutes = std::to_array<Route>({
    {Verb::get,  "/jobschedules",                 "", "JobSchedule_List",   &list_job_schedules},
    {Verb::get,  "/jobschedules/{scheduleId}",    "", "JobSchedule_Get",    &no_job_schedule},
    {Verb::head, "/jobschedules/{scheduleId}",    "", "JobSchedule_Exists", &no_job_schedule},
});
// clang-format on

}  // namespace

std::span<Route const> absent_routes() {
    return kRoutes;
}

}  // namespace bluebatch::emulator::batch::routes
