#pragma once

#include "emulator/batch/routes/call.hpp"

#include <span>

// Every request that the service knows, one table per resource.
namespace bluebatch::emulator::batch::routes {

std::span<Route const> pool_routes();
std::span<Route const> auto_scale_routes();
std::span<Route const> node_routes();
std::span<Route const> node_action_routes();
// Logging in to nodes, their logs and extensions.
std::span<Route const> node_access_routes();
std::span<Route const> node_user_routes();
std::span<Route const> job_routes();
std::span<Route const> job_schedule_routes();
std::span<Route const> task_routes();
std::span<Route const> file_routes();
std::span<Route const> account_routes();
std::span<Route const> application_routes();
std::span<Route const> certificate_routes();
std::span<Route const> usage_routes();
// What later versions no longer have.
std::span<Route const> ended_routes();

}  // namespace bluebatch::emulator::batch::routes
