#pragma once

#include "emulator/resources/routes/call.hpp"

// What routes of applications and of their packages have in common.
namespace bluebatch::emulator::resources::routes {

// The Batch account of the path, with the applications that it has.
struct ApplicationAccount {
    service::Account account;
    PackageStore store;

    std::string id() const;
};
Result<ApplicationAccount> require_store(Call const& call);

std::optional<domain::Application> find_application(ApplicationAccount const& account, std::string_view id);
Refusal no_such_application(Call const& call);

}  // namespace bluebatch::emulator::resources::routes
