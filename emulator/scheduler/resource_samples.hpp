#pragma once

#include "emulator/autoscale/variables.hpp"
#include "emulator/domain/resource_use.hpp"

namespace bluebatch::emulator::scheduler {

struct PoolMachines {
    int nodes = 0;  // that can run tasks
    int cores = 1;  // of each, and no more than this machine has
};

// What formulas see of a use that went on for `samples` periods; nothing for a pool without nodes. Batch:
// AS-37
void add_resources(
    autoscale::PoolSample& sample, domain::ResourceUse const& use, PoolMachines machines, std::size_t samples
);

}  // namespace bluebatch::emulator::scheduler
