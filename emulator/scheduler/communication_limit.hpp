#pragma once

#include "emulator/scheduler/resize_rules.hpp"

#include <cstddef>

namespace bluebatch::emulator::scheduler {

inline constexpr int kMostCommunicatingNodes = 100;  // Batch: COMM-1

// A pool whose nodes talk to each other has only so many; `present` counts those that it has now. What is
// beyond is left out and told as an error of the resize, once no node still has to leave.
void limit_communicating_nodes(
    domain::Pool const& pool, std::size_t present, bool is_shrinking, ResizeStep& step
);

}  // namespace bluebatch::emulator::scheduler
