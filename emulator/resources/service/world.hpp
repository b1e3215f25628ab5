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
    // Held by whoever changes which groups and accounts there are.
    std::mutex changing;
};

}  // namespace bluebatch::emulator::resources
