#pragma once

#include "emulator/resources/routes/call.hpp"
#include "emulator/resources/service/packages.hpp"

// What routes of applications and of their packages have in common.
namespace bluebatch::emulator::resources::routes {

service::ApplicationName name_of(Call const& call);
std::string id_of_batch(service::Account const& account);
Refusal refuse(Call const& call, service::PackageFailure const& failure);

}  // namespace bluebatch::emulator::resources::routes
