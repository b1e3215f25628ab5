#pragma once

#include "emulator/resources/service/packages.hpp"

#include <optional>
#include <string_view>
#include <vector>

// What applications and their packages have in common.
namespace bluebatch::emulator::resources::service {

// The account of an application with its packages. Whoever has this must not wait for Changing.
struct OpenedAccount {
    Account account;
    PackageStore store;
};

PackageResult<OpenedAccount> open_account(World& world, ApplicationName const& name);

// The storage account that packages come through, where there is one.
std::optional<domain::Account> find_storage(World& world, Account const& account);

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
