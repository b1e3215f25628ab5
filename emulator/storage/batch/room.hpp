#pragma once

#include "emulator/storage/sqlite.hpp"

namespace bluebatch::emulator::storage {

// Room for what thousands of nodes and their tasks change over and over: SQLite may keep 32 MiB of the
// account's database in memory, and 16 MiB in its log before that goes to the database. Taken only as it is
// needed.
void give_room(Database& database);

}  // namespace bluebatch::emulator::storage
