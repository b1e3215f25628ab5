#include "emulator/resources/service/world.hpp"

namespace bluebatch::emulator::resources {

World::World(Surroundings surroundings)
    : around(std::move(surroundings)),
      database(around.location / "resources.sqlite", storage::resource_schema(), around.durability) {}

}  // namespace bluebatch::emulator::resources
