#pragma once

#include "emulator/resources/service/world.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::resources::service {

std::optional<storage::ResourceGroup> find_group(World& world, std::string_view name);
std::vector<storage::ResourceGroup> list_groups(World& world);  // by name

// Those who call the following hold Changing.

void write_group(World& world, storage::ResourceGroup const& group);
// The id of an account in the group that can't be deleted, or "".
std::string find_lasting(World& world, std::string_view group);
// With every account in it.
void remove_group(World& world, std::string_view group);

}  // namespace bluebatch::emulator::resources::service
