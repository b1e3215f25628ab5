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
    {Verb::post,   "/jobs/{jobId}/disable",             "", "Job_Disable",              kMissing},
    {Verb::post,   "/jobs/{jobId}/enable",              "", "Job_Enable",               kMissing},
    {Verb::post,   "/jobs/{jobId}/tasks/{taskId}/reactivate",   "", "Task_Reactivate",   kMissing},
    {Verb::post,   "/jobschedules",                     "", "JobSchedule_Add",          kMissing},
    {Verb::patch,  "/jobschedules/{scheduleId}",        "", "JobSchedule_Patch",        kMissing},
    {Verb::put,    "/jobschedules/{scheduleId}",        "", "JobSchedule_Update",       kMissing},
    {Verb::remove, "/jobschedules/{scheduleId}",        "", "JobSchedule_Delete",       kMissing},
    {Verb::post,   "/jobschedules/{scheduleId}/disable",   "", "JobSchedule_Disable",   kMissing},
    {Verb::post,   "/jobschedules/{scheduleId}/enable",    "", "JobSchedule_Enable",    kMissing},
    {Verb::post,   "/jobschedules/{scheduleId}/terminate", "", "JobSchedule_Terminate", kMissing},
    {Verb::get,    "/jobschedules/{scheduleId}/jobs",   "", "Job_ListFromJobSchedule",  kMissing},
    {Verb::post,   "/pools/{poolId}/disableautoscale",  "", "Pool_DisableAutoScale",    kMissing},
    {Verb::post,   "/pools/{poolId}/enableautoscale",   "", "Pool_EnableAutoScale",     kMissing},
    {Verb::post,   "/pools/{poolId}/evaluateautoscale", "", "Pool_EvaluateAutoScale",   kMissing},
    {Verb::post,   "/pools/{poolId}/removenodes",       "", "Pool_RemoveNodes",         kMissing},
    {Verb::post,   "/pools/{poolId}/nodes/{nodeId}/deallocate",        "", "ComputeNode_Deallocate",        kMissing, {"2024-07-01.20.0", ""}},
    {Verb::post,   "/pools/{poolId}/nodes/{nodeId}/disablescheduling", "", "ComputeNode_DisableScheduling", kMissing},
    {Verb::post,   "/pools/{poolId}/nodes/{nodeId}/enablescheduling",  "", "ComputeNode_EnableScheduling",  kMissing},
    {Verb::post,   "/pools/{poolId}/nodes/{nodeId}/reboot",            "", "ComputeNode_Reboot",            kMissing},
    {Verb::post,   "/pools/{poolId}/nodes/{nodeId}/reimage",           "", "ComputeNode_Reimage",           kMissing},
    {Verb::post,   "/pools/{poolId}/nodes/{nodeId}/start",             "", "ComputeNode_Start",             kMissing, {"2024-07-01.20.0", ""}},
});
// clang-format on

}  // namespace

std::span<Route const> missing_routes() {
    return kRoutes;
}

}  // namespace bluebatch::emulator::batch::routes
