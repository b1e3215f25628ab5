#include "client/cli/transcode/specifications.hpp"
#include "client/cli/transcode/submission.hpp"

#include <fmt/format.h>

#include <chrono>

namespace bluebatch::cli::transcode {
namespace {

// Nodes are taken down first, which takes Azure some minutes.
constexpr std::chrono::minutes kLongestPoolDeletion{15};

}  // namespace

PoolCreation::PoolCreation(RunContext& context)
    : context_(context), answer_(std::async(std::launch::async, [this] { return create(); })) {}

PoolCreation::~PoolCreation() {
    if (answer_.valid()) enter(answer_.get());
}

void PoolCreation::enter(Answer const& answer) {
    context_.ledger.pool = answer.made;
}

Outcome<PoolOrigin> PoolCreation::finish() {
    auto answer = answer_.get();
    enter(answer);
    return std::move(answer.outcome);
}

Outcome<bool> PoolCreation::wait_while_deleting() const {
    auto const& world = context_.world;
    auto const give_up = world.clock.now() + kLongestPoolDeletion;
    PollDelay delay(context_.pace);
    for (bool waited = false;; waited = true) {
        auto const pool = context_.batch.find_pool(context_.options.pool_id);
        if (!pool) return explain_batch(context_, pool.error(), "look at the pool");
        if (!*pool) return true;
        if ((*pool)->state != "deleting") return false;
        if (world.clock.now() > give_up) {
            return Failure{
                ExitStatus::unreachable,
                fmt::format(
                    "Pool [{}] is still being deleted; give another --pool-id.", context_.options.pool_id
                )};
        }
        if (!waited) {
            world.console.note(fmt::format(
                "Pool [{}] of an earlier run is still being deleted; waiting...", context_.options.pool_id
            ));
        }
        world.waiter.wait(delay.next(), world.stop);
    }
}

PoolCreation::Answer PoolCreation::create() const {
    auto const specification = make_pool_specification(context_.options, context_.plan.run);
    for (;;) {
        auto const created = context_.batch.create_pool(specification);
        if (created) return {PoolOrigin::made, Made::yes};
        auto const& error = created.error();
        bool const exists =
            client::has_code(error, "PoolExists") || client::has_code(error, "PoolBeingDeleted");
        if (!exists) return {explain_batch(context_, error, "create the pool"), made_by(error)};
        auto const is_gone = wait_while_deleting();
        if (!is_gone) return {is_gone.error(), Made::no};
        if (!*is_gone) return {PoolOrigin::reused, Made::no};
    }
}

}  // namespace bluebatch::cli::transcode
