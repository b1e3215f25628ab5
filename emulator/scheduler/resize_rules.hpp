#pragma once

#include "emulator/domain/node.hpp"
#include "emulator/domain/pool.hpp"
#include "emulator/scheduler/keys.hpp"

#include <cstdint>
#include <vector>

// How a pool comes to its target numbers of nodes, as a function of the pool, its nodes and the time.
namespace bluebatch::emulator::scheduler {

// What the decision needs to know of a node.
struct NodeSummary {
    NodeKey key{};
    bool is_dedicated = true;
    domain::NodeState state = domain::NodeState::idle;
    int running_tasks = 0;
    bool has_manager = false;  // one of them is a job manager
    bool draining = false;     // it leaves once its tasks are done
    bool must_go = false;      // a user named it. Batch: POOL-12
    // With retaineddata: the latest moment at which files of its tasks are still to be kept.
    base::TimePoint retained_until{};
};

struct ResizeStep {
    int new_dedicated = 0;
    int new_low_priority = 0;
    std::vector<NodeKey> leave;               // at once
    std::vector<NodeKey> drain;               // no new tasks; leaves when free
    std::vector<NodeKey> keep;                // stop draining
    bool steady = false;                      // the resize ends now ...
    std::vector<domain::ResizeError> errors;  // ... with these
    base::TimePoint look_again = base::TimePoint::max();
};

// Batch: POOL-2, POOL-3, POOL-5, POOL-14 to POOL-16, POOL-20, POOL-21, POOL-28
ResizeStep plan_resize(domain::Pool const& pool, std::vector<NodeSummary> nodes, base::TimePoint now);

}  // namespace bluebatch::emulator::scheduler
