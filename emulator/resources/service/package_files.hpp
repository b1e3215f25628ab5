#pragma once

#include "emulator/resources/service/world.hpp"
#include "emulator/resources/wire/answers.hpp"

#include <optional>
#include <string_view>

// Files of application packages in the account for auto storage: users put them there by a signature.
namespace bluebatch::emulator::resources::service {

inline constexpr std::uint64_t kLargestPackage = std::uint64_t{2} << 30;

// Unless it is there.
std::optional<wire::Refusal> make_container(
    World& world, domain::Account const& storage, std::string_view container
);

// A copy of the file, which goes with its owner; nothing when there is no such blob.
wire::Result<std::optional<http::SpooledFile>> fetch_package(
    World& world, domain::Account const& storage, std::string_view container, std::string_view version
);
void delete_package_file(
    World& world, domain::Account const& storage, std::string_view container, std::string_view version
);

}  // namespace bluebatch::emulator::resources::service
