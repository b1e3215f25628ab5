#pragma once

#include "emulator/resources/service/packages.hpp"

#include <optional>
#include <string_view>
#include <vector>

// What applications and their packages have in common.
namespace bluebatch::emulator::resources::service {

// The account of an application with its packages. Whoever has this must not
// wait for Changing, nor ask for accounts: their end waits for him.
struct OpenedAccount {
    Account account;
    std::optional<domain::Account> storage;  // that packages come through, where there is one
    PackageStore store;
};

PackageResult<OpenedAccount> open_account(World& world, ApplicationName const& name);

std::optional<domain::Application> find_stored_application(OpenedAccount const& in, std::string_view id);
// The package that nodes can have of that version, or nullptr.
domain::ApplicationPackage const* find_stored(
    domain::Application const& application, std::string_view version
);
// Of packages that were announced.
std::vector<storage::PackageRecord> list_records(
    World& world, std::string_view account, std::string_view application
);

}  // namespace bluebatch::emulator::resources::service
