#include "client/cli/transcode/uploads.hpp"

#include <fmt/format.h>

#include <chrono>

namespace bluebatch::cli::transcode {
namespace {

// A name is free again some 30 seconds after its container was deleted.
constexpr std::chrono::minutes kLongestContainerDeletion{2};
constexpr std::chrono::seconds kBetweenTries{2};

Outcome<void> prepare_container(RunContext const& context, std::string const& name, Made& made) {
    auto const& world = context.world;
    auto const give_up = world.clock.now() + kLongestContainerDeletion;
    bool told = false;
    for (;;) {
        auto const created = context.blob.create_container(name, context.plan.run);
        if (created) {
            bool const now = *created == client::Created::now;
            made = now ? Made::yes : Made::no;
            world.console.line(fmt::format("Container [{}] {}.", name, now ? "created" : "exists already"));
            return {};
        }
        made = made_by(created.error());
        bool const is_going = client::has_code(created.error(), "ContainerBeingDeleted");
        if (!is_going || world.clock.now() > give_up) {
            return explain_blob(context, created.error(), fmt::format("create container [{}]", name));
        }
        if (!told) world.console.note(fmt::format("Container [{}] is still being deleted; waiting...", name));
        told = true;
        world.waiter.wait(kBetweenTries, world.stop);
    }
}

}  // namespace

Outcome<void> prepare_containers(RunContext& context) {
    auto input = prepare_container(context, context.plan.input_container, context.ledger.input_container);
    if (!input) return input.error();
    return prepare_container(context, context.plan.output_container, context.ledger.output_container);
}

}  // namespace bluebatch::cli::transcode
