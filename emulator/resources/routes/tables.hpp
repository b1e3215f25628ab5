#pragma once

#include "emulator/resources/routes/call.hpp"

#include <span>

// Every request that the resource manager knows, one table per kind of resource.
namespace bluebatch::emulator::resources::routes {

std::span<Route const> subscription_routes();
std::span<Route const> group_routes();
std::span<Route const> operation_routes();
std::span<Route const> storage_account_routes();
std::span<Route const> storage_key_routes();
std::span<Route const> container_routes();
std::span<Route const> batch_account_routes();
std::span<Route const> batch_key_routes();
std::span<Route const> batch_location_routes();
std::span<Route const> application_routes();
std::span<Route const> package_routes();
std::span<Route const> pool_routes();

}  // namespace bluebatch::emulator::resources::routes
