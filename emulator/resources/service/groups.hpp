#pragma once

#include "emulator/resources/service/world.hpp"

#include <string>
#include <string_view>

// Callers hold Changing.
namespace bluebatch::emulator::resources::service {

void write_group(World& world, storage::ResourceGroup const& group);
// The id of an account in the group that can't be deleted, or "".
std::string find_lasting(World& world, std::string_view group);
// With every account in it.
void remove_group(World& world, std::string_view group);

}  // namespace bluebatch::emulator::resources::service
