#pragma once

#include "emulator/domain/messages.hpp"
#include "emulator/scheduler/scheduler.hpp"
#include "emulator/scheduler/world.hpp"
#include "emulator/storage/sqlite.hpp"

#include <functional>
#include <vector>

namespace bluebatch::emulator::scheduler {

// One round of the scheduler's work: everything that has arrived and is due. Commands to the nodes are kept
// back until its transaction is committed, so no node ever does what the store does not know. Only where runs
// leave no trace (domain::Nodes::leave_no_trace(), simulated nodes) may several turns share a transaction:
// their starts go out before it is committed, and everything else after it.
struct Turn {
    World& world;
    storage::Transaction& transaction;
    SchedulerOptions const& options;
    DocumentReaders const& readers;
    base::Random& random;
    domain::RunId& last_run_id;
    base::TimePoint now;
    // What a pool has used since it was asked last.
    std::function<std::optional<domain::ResourceUse>(std::string const& pool_id)> take_use;

    struct Outbox {
        std::vector<domain::RunCommand> starts;
        // Stops and removals, in order; they go out before the starts.
        std::vector<std::function<void(domain::Nodes&)>> others;
        // Coordination runs of gangs that are over.
        std::vector<domain::RunId> ended_coordinations;
    } outbox;

    storage::Connection& store() { return transaction.connection(); }
};

}  // namespace bluebatch::emulator::scheduler
