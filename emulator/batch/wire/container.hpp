#pragma once

#include "emulator/batch/wire/json.hpp"
#include "emulator/domain/container.hpp"

#include <optional>

namespace bluebatch::emulator::batch::wire {

// The containerSettings of a task of any kind, if it has them.
std::optional<domain::ContainerSettings> read_container_settings(Json const& task);
// The containerConfiguration of a pool.
std::optional<domain::ContainerSetup> read_container_setup(Json const& pool);

}  // namespace bluebatch::emulator::batch::wire
