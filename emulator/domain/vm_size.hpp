#pragma once

#include <optional>
#include <string_view>

namespace bluebatch::emulator::domain {

// The cores of a size of virtual machine, read from its name in any case ("Standard_D16s_v3": 16,
// "STANDARD_A1_v2": 1); nothing for a name that does not tell.
std::optional<int> find_cores(std::string_view vm_size);

}  // namespace bluebatch::emulator::domain
