#pragma once

#include "client/cli/transcode/run_context.hpp"

#include <future>
#include <optional>
#include <string>
#include <vector>

namespace bluebatch::cli::transcode {

enum class PoolOrigin : std::uint8_t { made, reused };

// Makes the pool on a thread of its own, because nodes take longest of all; the uploads go on meanwhile.
class PoolCreation {
public:
    explicit PoolCreation(RunContext& context);
    // Waits for the answer and enters it in the ledger.
    Outcome<PoolOrigin> finish();
    ~PoolCreation();
    PoolCreation(PoolCreation const&) = delete;
    PoolCreation& operator=(PoolCreation const&) = delete;

private:
    struct Answer {
        Outcome<PoolOrigin> outcome;
        Made made;
    };
    Answer create() const;
    // Once a pool of that name that is being deleted is gone, or its turn has come to be used.
    Outcome<bool> wait_while_deleting() const;
    void enter(Answer const& answer);

    RunContext& context_;
    std::future<Answer> answer_;
};

// Fails when a job of that name is there to stay, before anything is made in vain.
Outcome<void> look_for_job(RunContext const& context);
// Fails when nodes could not be given what lets them read inputs and write results, before anything is made.
Outcome<void> try_signatures(RunContext const& context);
Outcome<void> create_job(RunContext& context);

// Tasks that the service refused are returned; the others are queued.
Outcome<std::vector<client::RefusedTask>> add_tasks(RunContext& context);

}  // namespace bluebatch::cli::transcode
