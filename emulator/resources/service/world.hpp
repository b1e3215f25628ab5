#pragma once

#include "emulator/resources/service.hpp"
#include "emulator/storage/resources/resource_store.hpp"

#include <mutex>

namespace bluebatch::emulator::resources {

// What all requests work on.
struct World {
    explicit World(Surroundings surroundings);

    Surroundings around;
    storage::Database database;
    std::mutex changing;  // see Changing
};

// Held by whoever changes which groups, accounts and packages there are, from before he looks for them until
// all is written. Whoever has the packages of an account must not wait for this: the end of the account waits
// for him.
class Changing {
public:
    explicit Changing(World& world) : lock_(world.changing) {}

private:
    std::scoped_lock<std::mutex> const lock_;
};

}  // namespace bluebatch::emulator::resources
