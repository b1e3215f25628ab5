#include "emulator/batch/routes/tables.hpp"

namespace bluebatch::emulator::batch::routes {
namespace {

using http::Verb;

Result<http::Response> not_implemented(Call const&) {
    return BatchError{
        BatchErrorCode::not_implemented, {{"Reason", "This operation is not supported by the emulator yet"}}};
}

constexpr Handler kMissing = &not_implemented;

// clang-format off
constexpr auto kRoutes = std::to_array<Route>({
    {Verb::post,   "/jobschedules",                     "", "JobSchedule_Add",          kMissing},
    {Verb::patch,  "/jobschedules/{scheduleId}",        "", "JobSchedule_Patch",        kMissing},
    {Verb::put,    "/jobschedules/{scheduleId}",        "", "JobSchedule_Update",       kMissing},
    {Verb::remove, "/jobschedules/{scheduleId}",        "", "JobSchedule_Delete",       kMissing},
    {Verb::post,   "/jobschedules/{scheduleId}/disable",   "", "JobSchedule_Disable",   kMissing},
    {Verb::post,   "/jobschedules/{scheduleId}/enable",    "", "JobSchedule_Enable",    kMissing},
    {Verb::post,   "/jobschedules/{scheduleId}/terminate", "", "JobSchedule_Terminate", kMissing},
    {Verb::get,    "/jobschedules/{scheduleId}/jobs",   "", "Job_ListFromJobSchedule",  kMissing},
});
// clang-format on

}  // namespace

std::span<Route const> missing_routes() {
    return kRoutes;
}

}  // namespace bluebatch::emulator::batch::routes
