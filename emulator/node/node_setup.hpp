#pragma once

#include "emulator/node/task_run.hpp"

namespace bluebatch::emulator::node {

// Gives a node what its pool wants to be there before the start task, on the thread that calls. What later
// runs get of it is kept with Packages. Batch: APP-2
domain::RunReport set_up_node(
    domain::RunCommand const& command, RunStop const& stop, RunSurroundings const& surroundings
);

}  // namespace bluebatch::emulator::node
