#pragma once

#include "emulator/resources/wire/json.hpp"

// Members and words that the resource manager and the data plane of Batch spell differently, wherever they
// stand in a pool.
namespace bluebatch::emulator::resources::wire {

// Members only: the data plane knows its words in any case.
Json to_data_members(Json const& json);
Json from_data_members(Json const& json);

}  // namespace bluebatch::emulator::resources::wire
