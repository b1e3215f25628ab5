#pragma once

#include "emulator/domain/messages.hpp"
#include "emulator/simulation/behaviour.hpp"

#include <csignal>
#include <cstdint>

namespace bluebatch::emulator::simulation {

constexpr int kKilled = -SIGKILL;  // of what was stopped, as real nodes tell it

// When and how the run will end, if nobody stops it; a function of the seed and of whose run it is.
domain::RunReport outcome_of(
    domain::RunCommand const& command, Behaviour const& behaviour, std::uint64_t seed
);

}  // namespace bluebatch::emulator::simulation
