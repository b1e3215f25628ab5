#include "emulator/resources/service/operations.hpp"

#include <chrono>

namespace bluebatch::emulator::resources::service {

void keep_operation(World& world, std::string id, std::string answer) {
    constexpr auto kStays = std::chrono::hours{1};
    auto const now = world.around.clock.machine_now();
    storage::Transaction transaction(world.database);
    storage::put_operation(transaction, {std::move(id), std::move(answer), now}, now - kStays);
    transaction.commit();
}

std::optional<storage::FinishedOperation> find_operation(World& world, std::string_view id) {
    storage::Snapshot snapshot(world.database);
    return storage::find_operation(snapshot.connection(), id);
}

}  // namespace bluebatch::emulator::resources::service
