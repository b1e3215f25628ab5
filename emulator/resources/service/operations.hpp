#pragma once

#include "emulator/resources/service/world.hpp"

#include <optional>
#include <string>
#include <string_view>

// Operations that a client was told to wait for. They have been done when he is told so.
namespace bluebatch::emulator::resources::service {

// `answer` is the resource; empty: there is none any more. It is kept for an hour of this machine, by whose
// time clients ask, whatever the emulated clock says.
void keep_operation(World& world, std::string id, std::string answer);
std::optional<storage::FinishedOperation> find_operation(World& world, std::string_view id);

}  // namespace bluebatch::emulator::resources::service
