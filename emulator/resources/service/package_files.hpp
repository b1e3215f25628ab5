#pragma once

#include "emulator/resources/service/packages.hpp"

#include <string>
#include <string_view>

// Files of application packages in the account for auto storage: users put them there by a signature.
namespace bluebatch::emulator::resources::service {

inline constexpr std::uint64_t kLargestPackage = std::uint64_t{2} << 30;

// The container of an application's files: always the same one, since its name is made from both names.
std::string package_container(std::string_view account, std::string_view application);

// Unless it is there.
PackageResult<void> make_container(World& world, domain::Account const& storage, std::string_view container);
void delete_container(World& world, domain::Account const& storage, std::string_view container);

// A copy of the file, which goes with its owner.
PackageResult<http::SpooledFile> fetch_package(
    World& world, domain::Account const& storage, std::string_view container, std::string_view version
);
void delete_package_file(
    World& world, domain::Account const& storage, std::string_view container, std::string_view version
);

}  // namespace bluebatch::emulator::resources::service
