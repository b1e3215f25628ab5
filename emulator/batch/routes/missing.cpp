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
    {Verb::post,   "/certificates",                     "", "Certificate_Add",          kMissing, {"", "2024-07-01.20.0"}},
    {Verb::post,   "/jobschedules",                     "", "JobSchedule_Add",          kMissing},
    {Verb::patch,  "/jobschedules/{scheduleId}",        "", "JobSchedule_Patch",        kMissing},
    {Verb::put,    "/jobschedules/{scheduleId}",        "", "JobSchedule_Update",       kMissing},
    {Verb::remove, "/jobschedules/{scheduleId}",        "", "JobSchedule_Delete",       kMissing},
    {Verb::post,   "/jobschedules/{scheduleId}/disable",   "", "JobSchedule_Disable",   kMissing},
    {Verb::post,   "/jobschedules/{scheduleId}/enable",    "", "JobSchedule_Enable",    kMissing},
    {Verb::post,   "/jobschedules/{scheduleId}/terminate", "", "JobSchedule_Terminate", kMissing},
    {Verb::get,    "/jobschedules/{scheduleId}/jobs",   "", "Job_ListFromJobSchedule",  kMissing},
    {Verb::get,    "/lifetimejobstats",                 "", "Job_GetAllLifetimeStatistics",  kMissing, {"", "2022-10-01.16.0"}},
    {Verb::get,    "/lifetimepoolstats",                "", "Pool_GetAllLifetimeStatistics", kMissing, {"", "2022-10-01.16.0"}},
    {Verb::get,    "/pools/{poolId}/nodes/{nodeId}/extensions",        "", "ComputeNodeExtension_List",     kMissing, {"2021-06-01.14.0", ""}},
    {Verb::get,    "/pools/{poolId}/nodes/{nodeId}/extensions/{name}", "", "ComputeNodeExtension_Get",      kMissing, {"2021-06-01.14.0", ""}},
    {Verb::get,    "/pools/{poolId}/nodes/{nodeId}/rdp",               "", "ComputeNode_GetRemoteDesktop",  kMissing, {"", "2024-07-01.20.0"}},
    {Verb::get,    "/pools/{poolId}/nodes/{nodeId}/remoteloginsettings",    "", "ComputeNode_GetRemoteLoginSettings", kMissing},
    {Verb::post,   "/pools/{poolId}/nodes/{nodeId}/uploadbatchservicelogs", "", "ComputeNode_UploadBatchServiceLogs", kMissing},
    {Verb::post,   "/pools/{poolId}/nodes/{nodeId}/users",             "", "ComputeNode_AddUser",           kMissing},
    {Verb::put,    "/pools/{poolId}/nodes/{nodeId}/users/{userName}",  "", "ComputeNode_UpdateUser",        kMissing},
    {Verb::remove, "/pools/{poolId}/nodes/{nodeId}/users/{userName}",  "", "ComputeNode_DeleteUser",        kMissing},
    {Verb::get,    "/poolusagemetrics",                 "", "Pool_ListUsageMetrics",    kMissing},
});
// clang-format on

}  // namespace

std::span<Route const> missing_routes() {
    return kRoutes;
}

}  // namespace bluebatch::emulator::batch::routes
